import type { ValuationEvidence } from "./evidence.ts";
import type { ProjectedScoring } from "./projectedScoring.ts";
import type { Valuation } from "./valuation.ts";

const none = { scoreTotal: "0", removed: "0", ridgeTerm: "0" };
/** What stands for a valuation where the validation rows are not the committed ones. */
export const byWeight: ValuationEvidence = { kind: "byWeight", utilities: [], scored: 0, table: [], ...none };

/** A valuation of the exact game as the evidence holds it. */
export function exactEvidence({ utilities, scored, table, scoreTotal }: Valuation): ValuationEvidence {
  const game = { utilities: utilities.map(String), scored, table: table.map(String) };
  return { kind: "exact", ...game, ...none, scoreTotal: String(scoreTotal) };
}

/** A projected scoring as the evidence holds it: its multipliers follow from states, sums and rows. */
export function projectedEvidence(scoring: ProjectedScoring): ValuationEvidence {
  const { utilities, scored, scoreTotal, removed, ridgeTerm } = scoring;
  const said = { scoreTotal: String(scoreTotal), removed: String(removed), ridgeTerm: String(ridgeTerm) };
  return { kind: "projected", utilities: utilities.map(String), scored, table: [], ...said };
}
