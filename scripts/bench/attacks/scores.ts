import { pathGradient } from "../../../offchain/learning/pathGradient.ts";
import {
  designOf,
  expectedUpdate,
  gradientSlice,
  type LocalRows,
  sumsOf,
} from "../../../offchain/protocol/newtonJob.ts";
import { type ProjectedScoring, projectedScoring } from "../../../offchain/protocol/projectedScoring.ts";
import { guardedMultiplier, type Multiplier, ridgeTermOf } from "../../../offchain/protocol/scoreMultiplier.ts";
import type { Federation } from "./federation.ts";

const fieldPrime = 2n ** 61n - 1n;

/** Multipliers of scored rounds and the ridge term that goes with them. */
export type Scorer = Pick<ProjectedScoring, "multipliers" | "ridgeTerm">;

/** The scoring that every oracle of the job would come to. */
export function scoringOf({ spec, rounds, last }: Federation, validation: LocalRows): ProjectedScoring {
  return projectedScoring(spec, rounds, last, validation);
}

/**
 * 1e9 phi_i in 2^-58 nat, as the contract gets them from shares: R_i comes out of the field, so what is beyond (p - 1) / 2
 * wraps around.
 */
export function rawScores({ spec, updates }: Federation, { multipliers, ridgeTerm }: Scorer): bigint[] {
  return spec.assets.map(({ weightPpb }, i) => {
    const exact = multipliers.reduce((sum, m) => sum + product(m, updates[m.round]?.[i] as BigInt64Array), 0n);
    return 1_000_000_000n * centred(exact) - BigInt(weightPpb) * ridgeTerm;
  });
}

function product({ values }: Multiplier, update: BigInt64Array): bigint {
  return values.reduce((sum, value, j) => (value === 0n ? sum : sum + value * (update[j] as bigint)), 0n);
}

function centred(value: bigint): bigint {
  const rest = ((value % fieldPrime) + fieldPrime) % fieldPrime;
  return rest > fieldPrime / 2n ? rest - fieldPrime : rest;
}

/** The same rounds scored without the replay guard: c_t as it is. */
export function unguardedScorer(federation: Federation, scoring: ProjectedScoring, validation: LocalRows): Scorer {
  const { spec, rounds, last } = federation;
  const design = designOf(last, validation);
  const { ridge } = spec.algorithm;
  const states = [...rounds.map((r) => r.state), last].map((state) => state.theta);
  let ridgeTerm = 0n;
  const multipliers = rounds.slice(0, scoring.scored).map(({ round, sum }, t) => {
    const [from, to] = [states[t] as Float64Array, states[t + 1] as Float64Array];
    const plain = guardedMultiplier(sumsOf(round, sum), pathGradient(from, to, design, 1), [], ridge);
    if (plain === null) throw new Error("a multiplier that fits guarded fits unguarded");
    ridgeTerm += ridgeTermOf(plain, from, ridge) ?? 0n;
    const values = new BigInt64Array(expectedUpdate(spec, round).length);
    values.set(plain, gradientSlice(spec).from);
    return { round, values };
  });
  return { multipliers, ridgeTerm };
}

/** Parts of max(score, 0): sum 1, or all 0 when no score is positive. */
export function partsOf(scores: readonly bigint[]): number[] {
  const positive = scores.map((score) => Number(score > 0n ? score : 0n));
  const sum = positive.reduce((a, b) => a + b, 0);
  return positive.map((score) => (sum === 0 ? 0 : score / sum));
}

/** Share of money that goes to another contributor than the reference says: half the sum of the differences. */
export function misallocated(paid: readonly number[], reference: readonly number[]): number {
  return paid.reduce((sum, part, i) => sum + Math.abs(part - (reference[i] as number)), 0) / 2;
}
