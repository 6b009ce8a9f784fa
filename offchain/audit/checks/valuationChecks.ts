import { concatBytes, type Hex, hexToBytes } from "../../core/bytes.ts";
import { keccakHex } from "../../core/hash.ts";
import { decodeValidation } from "../../data/validationRows.ts";
import { scoredRounds } from "../../learning/scoredRounds.ts";
import { resultKinds } from "../../protocol/chainStructs.ts";
import { type EvidenceSections, isOmitted, type ValuationEvidence } from "../../protocol/evidence.ts";
import { decodeIntegers } from "../../protocol/integers.ts";
import { type JobSpec, parseJobSpec } from "../../protocol/jobSpec.ts";
import { decodeState, expectedUpdate } from "../../protocol/newtonJob.ts";
import { projectedScoring } from "../../protocol/projectedScoring.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { exactValuation, type RoundRecord } from "../../protocol/valuation.ts";
import { byWeight, exactEvidence, projectedEvidence } from "../../protocol/valuationEvidence.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import { packTable } from "../../valuation/shapley.ts";
import { type CheckResult, expectThat, notInFile, runCheck } from "../check.ts";
import type { AuditInput } from "../input.ts";
import { omissions } from "../omissions.ts";
import { seatsIn } from "../seats.ts";
import { sumIn } from "./roundChecks.ts";

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
    const made = valuationOf(spec, evidence.sections, validation);
    expectThat(made.kind === said.kind, `the file says ${said.kind}, the rows and aggregation make it ${made.kind}`);
    expectThat(made.scored === said.scored, `${said.scored} scored rounds in the file, ${made.scored} recomputed`);
    expectThat(String(made.utilities) === String(said.utilities), "utilities differ from those recomputed");
    expectThat(String(made.table) === String(said.table), "the game differs from the one recomputed");
    const totals = (v: ValuationEvidence) => `${v.scoreTotal} ${v.removed} ${v.ridgeTerm}`;
    expectThat(totals(made) === totals(said), "the totals of the scores differ from those recomputed");
    return summaryOf(made);
  });
}

function summaryOf({ kind, table, scored, scoreTotal, removed }: ValuationEvidence): string {
  if (kind === "byWeight") return "no committed validation rows: nobody is scored";
  if (kind === "exact") {
    return `${table.length} coalitions over ${scored} scored rounds, recomputed from the updates on the validation rows`;
  }
  return `what the scores must add up to, ${scoreTotal} less ${removed} by guards (1e-9 nat), over ${scored} scored rounds, recomputed from validation rows and the sums that seats attest`;
}

function valuationOf(spec: JobSpec, sections: EvidenceSections, validation: string): ValuationEvidence {
  if (sections.valuation.kind === "byWeight") return byWeight;
  const { table } = decodeValidation(hexToBytes(validation as Hex));
  const last = decodeState(spec, hexToBytes(sections.finalState as Hex));
  if (spec.aggregation === "clear") {
    return exactEvidence(exactValuation(spec, recordsOf(spec, sections.rounds), last, table));
  }
  const rounds = sections.rounds.slice(1).map((round) => ({
    ...{ round: round.round, state: decodeState(spec, hexToBytes(round.state as Hex)) },
    sum: sumIn(spec, round),
  }));
  return projectedEvidence(projectedScoring(spec, rounds, last, table));
}

function recordsOf(spec: JobSpec, rounds: AuditInput["evidence"]["sections"]["rounds"]): RoundRecord[] {
  return rounds.slice(1).map(({ round, state, updates }) => ({
    round,
    state: decodeState(spec, hexToBytes(state)),
    updates: updates.map((hex) => {
      const { content } = decodeUpdate(openEnvelope(hexToBytes(hex as string)).content);
      const { length, bound } = expectedUpdate(spec, round);
      return decodeIntegers(content, length, bound);
    }),
  }));
}

/** The words that the market computed every amount from, rebuilt from the file: their hash is in the proposed result. */
function wordsOf({ record, evidence }: AuditInput): Uint8Array {
  const kind = resultKinds[record.result?.kind ?? 0];
  expectThat(evidence.words.length === record.terms.k, `words of ${evidence.words.length} seats of ${record.terms.k}`);
  if (kind !== "projected")
    expectThat(
      evidence.words.every((held) => held === null),
      "words of seats beside a result that has none",
    );
  if (kind === "byWeight") return new Uint8Array();
  if (kind === "exact") return packTable(evidence.sections.valuation.table.map(BigInt));
  return concatBytes(...wordsBySeat({ record, evidence }).values());
}

/** Words of the seats that signed the proposed result, by seat; throws where this copy lacks one of them. */
export function wordsBySeat({ record, evidence }: Pick<AuditInput, "record" | "evidence">): Map<number, Uint8Array> {
  const words = new Map<number, Uint8Array>();
  for (const seat of seatsIn(record.proposal?.signers ?? 0n)) {
    const held = evidence.words[seat] ?? null;
    const remedy = "export the evidence from an oracle whose words the market took";
    expectThat(held !== null, `the words of seat ${seat} are not in this copy`, remedy);
    words.set(seat, hexToBytes(held as Hex));
  }
  const brought = evidence.words.filter((held) => held !== null).length;
  expectThat(brought === words.size, "the file has words that the market did not take");
  return words;
}

function resultCheck(input: AuditInput): CheckResult {
  const { record, evidence } = input;
  return runCheck("proposed result", "verified", () => {
    const { utilities, scored, kind, scoreTotal, removed, ridgeTerm } = evidence.sections.valuation;
    const { result } = record;
    expectThat(result !== null, "no result was proposed");
    expectThat(result.termsHash === record.termsHash, "the result is for other terms");
    expectThat(result.wordsHash === keccakHex(wordsOf(input)), "the file's game is not the one that was proposed");
    expectThat(resultKinds[result.kind] === kind, `the result is ${resultKinds[result.kind]}, the file ${kind}`);
    // Projected scores may end earlier, where they would not add up to the utility gained.
    const most = utilities.length === 0 ? 0 : scoredRounds(utilities.map(BigInt));
    const allowed = kind === "projected" ? scored <= most : scored === most;
    expectThat(allowed, "other rounds are scored than the utilities allow");
    expectThat(String(result.utilityStart) === (utilities[0] ?? "0"), "U(theta_1) differs");
    expectThat(String(result.utilityEnd) === (utilities[scored] ?? "0"), "U of the last scored state differs");
    expectThat(String(result.scoreTotal) === scoreTotal, "scoreTotal differs");
    const guards = `${result.removed} ${result.ridgeTerm}`;
    expectThat(guards === `${removed} ${ridgeTerm}`, "what guards removed, or the ridge term, differs");
    return `utility ${result.utilityStart} to ${result.utilityEnd} (1e-9 nat); the file's game hashes to the words that the market paid by`;
  });
}
