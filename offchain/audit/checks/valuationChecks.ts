import { hexToBytes } from "../../core/bytes.ts";
import { keccakHex } from "../../core/hash.ts";
import { decodeValidation } from "../../data/validationRows.ts";
import { clearAggregation } from "../../protocol/clearAggregation.ts";
import { parseJobSpec } from "../../protocol/jobSpec.ts";
import { decodeState, expectedUpdate } from "../../protocol/newtonJob.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { exactValuation, type RoundRecord } from "../../protocol/valuation.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import { unpackTable } from "../../valuation/shapley.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { AuditInput } from "../input.ts";

/** From updates to utilities: the game recomputed on the validation rows, and the result that was signed for it. */
export function valuationChecks(input: AuditInput): CheckResult[] {
  return [valuationCheck(input), resultCheck(input)];
}

function valuationCheck(input: AuditInput): CheckResult {
  const { evidence, record } = input;
  const rows = evidence.sections.validation;
  if (typeof rows !== "string") {
    return runCheck(
      "valuation",
      "attested",
      () => `utilities signed by ${record.terms.m} of ${record.terms.k} oracles; the rows are not in this copy`,
    );
  }
  return runCheck("valuation", "verified", () => {
    const spec = parseJobSpec(evidence.sections.spec);
    const { table } = decodeValidation(hexToBytes(rows));
    const records: RoundRecord[] = evidence.sections.rounds.slice(1).map(({ round, state, updates }) => ({
      round,
      state: decodeState(spec, hexToBytes(state)),
      updates: updates.map((hex) => {
        const { content } = decodeUpdate(openEnvelope(hexToBytes(hex)).content);
        return clearAggregation.accept(content, expectedUpdate(spec, round)).values;
      }),
    }));
    const last = decodeState(spec, hexToBytes(evidence.sections.finalState));
    const made = exactValuation(spec, records, last, table);
    const said = evidence.sections.valuation;
    expectThat(made.scored === said.scored, `${said.scored} scored rounds in the file, ${made.scored} recomputed`);
    expectThat(String(made.utilities) === String(said.utilities), "utilities differ from those recomputed");
    expectThat(String(made.table) === String(said.table), "the game differs from the one recomputed");
    expectThat(
      String(unpackTable(input.words)) === String(made.table),
      "the game on the chain differs from the one recomputed",
    );
    return `${made.table.length} coalitions over ${made.scored} scored rounds, recomputed on the validation rows`;
  });
}

function resultCheck({ record, evidence, words }: AuditInput): CheckResult {
  return runCheck("proposed result", "verified", () => {
    const { valuation } = evidence.sections;
    const result = record.result;
    expectThat(result !== null && result !== undefined, "no result was proposed");
    expectThat(result.termsHash === record.termsHash, "the result is for other terms");
    expectThat(result.wordsHash === keccakHex(words), "the signed words are not those in the calldata");
    expectThat(String(result.utilityStart) === valuation.utilities[0], "U(theta_1) differs");
    expectThat(
      String(result.utilityEnd) === valuation.utilities[valuation.scored],
      "U of the last scored state differs",
    );
    expectThat(result.scoreTotal === result.utilityEnd - result.utilityStart, "scoreTotal is not the utility gained");
    return `utility ${result.utilityStart} to ${result.utilityEnd} (1e-9 nat), signed by m of k and checked by the contract`;
  });
}
