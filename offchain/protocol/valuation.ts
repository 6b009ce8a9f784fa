import type { Design } from "../learning/design.ts";
import { newtonDeltas } from "../learning/newton.ts";
import { scoredRounds } from "../learning/scoredRounds.ts";
import { coalitionUtilities, utility } from "../learning/utility.ts";
import type { JobSpec } from "./jobSpec.ts";
import { designOf, type LocalRows, type ModelState, sumsOf } from "./newtonJob.ts";

/** What one round leaves for scoring: the state it started from and each contributor's integers, in their order. */
export interface RoundRecord {
  readonly round: number;
  readonly state: ModelState;
  readonly updates: readonly BigInt64Array[];
}

/** Utilities and the game in 1e-9 nat. */
export interface Valuation {
  /** U(theta_1). */
  readonly utilityStart: bigint;
  /** U of the last scored state. */
  readonly utilityEnd: bigint;
  readonly scoreTotal: bigint;
  /** Rounds 1 .. scored count; later ones moved no utility worth paying for. */
  readonly scored: number;
  /** U(theta_1), U(theta_2), ... to the last state. */
  readonly utilities: readonly bigint[];
  /** V(S) for masks 0 .. 2^n - 1: the sum over the scored rounds. */
  readonly table: readonly bigint[];
}

/**
 * The fixed-weight multi-round game of protocol section 6, exactly: V(S) = sum over scored rounds of
 * U(theta_t + sum of the members' deltas) - U(theta_t). Deterministic.
 * @param rounds rounds 1 .. R with their updates; round 0 moves no model
 * @param last the state after round R
 */
export function exactValuation(
  spec: JobSpec,
  rounds: readonly RoundRecord[],
  last: ModelState,
  validation: LocalRows,
): Valuation {
  const design = designOf(last, validation);
  const states = [...rounds.map((r) => r.state), last];
  const utilities = states.map((state) => utility(state.theta, design));
  const scored = rounds.length === 0 ? 0 : scoredRounds(utilities);
  const table = new Array<bigint>(2 ** spec.assets.length).fill(0n);
  rounds.slice(0, scored).forEach((record, i) => {
    addRound(table, spec, record, states[i + 1] as ModelState, design);
  });
  const utilityStart = utilities[0] as bigint;
  const utilityEnd = utilities[scored] as bigint;
  return { utilityStart, utilityEnd, scoreTotal: utilityEnd - utilityStart, scored, utilities, table };
}

function addRound(table: bigint[], spec: JobSpec, record: RoundRecord, next: ModelState, design: Design): void {
  const sums = record.updates.map((integers) => sumsOf(record.round, integers));
  const weights = spec.assets.map((a) => a.weightPpb);
  const deltas = newtonDeltas(record.state.theta, sums, weights, spec.algorithm.ridge);
  coalitionUtilities(record.state.theta, next.theta, deltas, design).forEach((v, mask) => {
    table[mask] = (table[mask] as bigint) + v;
  });
}
