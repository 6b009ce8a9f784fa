import { hexToBytes } from "../../core/bytes.ts";
import { keccakHex } from "../../core/hash.ts";
import { decodeValidation } from "../../data/validationRows.ts";
import { scoredRounds } from "../../learning/scoredRounds.ts";
import { resultKinds } from "../../protocol/chainStructs.ts";
import { clearAggregation } from "../../protocol/clearAggregation.ts";
import { isOmitted } from "../../protocol/evidence.ts";
import { type JobSpec, parseJobSpec } from "../../protocol/jobSpec.ts";
import { decodeState, expectedUpdate } from "../../protocol/newtonJob.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { exactValuation, type RoundRecord } from "../../protocol/valuation.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import { packTable } from "../../valuation/shapley.ts";
import { type CheckResult, expectThat, notInFile, runCheck } from "../check.ts";
import type { AuditInput } from "../input.ts";
import { omissions } from "../omissions.ts";

/** From updates to utilities: the game recomputed on the validation rows, and the result that was signed for it. */
export function valuationChecks(input: AuditInput): CheckResult[] {
  return [valuationCheck(input), resultCheck(input)];
}

function valuationCheck({ evidence }: AuditInput): CheckResult {
  const { validation, valuation: said } = evidence.sections;
  const missing = omissions(evidence);
  if (missing !== "" || isOmitted(validation)) {
    return runCheck(
      "valuation",
      notInFile,
      () => `utilities cannot be recomputed without ${missing}: see result signatures`,
    );
  }
  return runCheck("valuation", "verified", () => {
    const spec = parseJobSpec(evidence.sections.spec);
    const { table } = decodeValidation(hexToBytes(validation));
    const last = decodeState(spec, hexToBytes(evidence.sections.finalState));
    const made = exactValuation(spec, recordsOf(spec, evidence.sections.rounds), last, table);
    expectThat(made.scored === said.scored, `${said.scored} scored rounds in the file, ${made.scored} recomputed`);
    expectThat(String(made.utilities) === String(said.utilities), "utilities differ from those recomputed");
    expectThat(String(made.table) === String(said.table), "the game differs from the one recomputed");
    return `${made.table.length} coalitions over ${made.scored} scored rounds, recomputed from the updates on the validation rows`;
  });
}

function recordsOf(spec: JobSpec, rounds: AuditInput["evidence"]["sections"]["rounds"]): RoundRecord[] {
  return rounds.slice(1).map(({ round, state, updates }) => ({
    round,
    state: decodeState(spec, hexToBytes(state)),
    updates: updates.map((hex) => {
      const { content } = decodeUpdate(openEnvelope(hexToBytes(hex as string)).content);
      return clearAggregation.accept(content, expectedUpdate(spec, round)).values;
    }),
  }));
}

/** The words that the market computed every amount from, rebuilt from the file: their hash is in the proposed result. */
function wordsOf({ record, evidence }: AuditInput): Uint8Array {
  if (resultKinds[record.result?.kind ?? 0] === "byWeight") return new Uint8Array();
  return packTable(evidence.sections.valuation.table.map(BigInt));
}

function resultCheck(input: AuditInput): CheckResult {
  const { record, evidence } = input;
  return runCheck("proposed result", "verified", () => {
    const { utilities, scored } = evidence.sections.valuation;
    const { result } = record;
    expectThat(result !== null, "no result was proposed");
    expectThat(result.termsHash === record.termsHash, "the result is for other terms");
    expectThat(result.wordsHash === keccakHex(wordsOf(input)), "the file's game is not the one that was proposed");
    expectThat(scored === scoredRounds(utilities.map(BigInt)), "other rounds are scored than the utilities allow");
    expectThat(String(result.utilityStart) === utilities[0], "U(theta_1) differs");
    expectThat(String(result.utilityEnd) === utilities[scored], "U of the last scored state differs");
    expectThat(result.scoreTotal === result.utilityEnd - result.utilityStart, "scoreTotal is not the utility gained");
    return `utility ${result.utilityStart} to ${result.utilityEnd} (1e-9 nat); the file's game hashes to the words that the market paid by`;
  });
}
