import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { sumIntegers } from "../../offchain/protocol/clearAggregation.ts";
import type { JobSpec } from "../../offchain/protocol/jobSpec.ts";
import {
  initialState,
  type LocalRows,
  localUpdate,
  type ModelState,
  nextState,
} from "../../offchain/protocol/newtonJob.ts";
import { type ProjectedScoring, projectedScoring, type SummedRound } from "../../offchain/protocol/projectedScoring.ts";
import { type Earnings, earningsByScore } from "../../offchain/valuation/earnings.ts";
import { pot } from "../../offchain/valuation/payout.ts";

const partsPerBillion = 1_000_000_000n;
const scoreBits = 58n;

/** A job as one program computes it that sees all rows: no shares, no committee, no chain. */
export interface Reference {
  readonly states: readonly ModelState[];
  readonly scoring: ProjectedScoring;
  /** 1e9 phi_i in 2^-58 nat. */
  readonly scores: readonly bigint[];
}

/** States up to `completed` rounds, first theta_0, and everybody's integers of each. */
export function trainingOf(spec: JobSpec, rows: readonly LocalRows[], completed: number) {
  const states = [initialState(spec)];
  const updates: BigInt64Array[][] = [];
  for (let round = 0; round < completed; round++) {
    const state = states[round] as ModelState;
    const dealt = rows.map((own) => localUpdate(spec, round, state, own));
    updates.push(dealt);
    states.push(nextState(spec, round, state, sumIntegers(dealt)));
  }
  return { states, updates };
}

/** States up to `completed` rounds, at least one, and the projected scores of that many. */
export function referenceOf(
  spec: JobSpec,
  rows: readonly LocalRows[],
  validation: LocalRows,
  completed: number,
): Reference {
  const { states, updates } = trainingOf(spec, rows, completed);
  const summed: SummedRound[] = updates.slice(1).map((dealt, i) => {
    return { round: i + 1, state: states[i + 1] as ModelState, sum: sumIntegers(dealt) };
  });
  const scoring = projectedScoring(spec, summed, states.at(-1) as ModelState, validation);
  const scores = spec.assets.map(({ weightPpb }, i) => {
    const value = scoring.multipliers.reduce((total, { round, values }) => {
      return total + innerProduct(values, updates[round]?.[i] as BigInt64Array);
    }, 0n);
    return partsPerBillion * value - BigInt(weightPpb) * scoring.ridgeTerm;
  });
  return { states, scoring, scores };
}

function innerProduct(a: BigInt64Array, b: BigInt64Array): bigint {
  return a.reduce((sum, value, j) => sum + value * (b[j] as bigint), 0n);
}

/** What the reference's scores earn under a job's terms when `paid` of its rounds are paid for. */
export function earningsOf({ scoring, scores }: Reference, { terms, parties }: JobRecord, paid: number): Earnings {
  const { utilityStart, utilityEnd, scoreTotal } = scoring;
  const base = (terms.base * BigInt(paid)) / BigInt(terms.rounds);
  const performance = pot(0n, terms.performance, utilityStart, utilityEnd, terms.utilityTarget);
  const game = {
    ...{ scores, total: scoreTotal << scoreBits, weights: terms.assets.map(({ weight }) => weight) },
    groups: (parties?.contributors ?? []).map(({ group }) => group),
    cohort: (1n << BigInt(terms.assets.length)) - 1n,
  };
  return earningsByScore(game, base, performance);
}
