import { choleskyFactor, choleskySolve } from "../learning/cholesky.ts";
import { penalisedHessian, ridgeGradient } from "../learning/newton.ts";
import { withoutReplay } from "../learning/replayGuard.ts";
import { dot } from "../learning/vector.ts";

/** What a round's updates are multiplied with: integers at 2^42, as long as the update. */
export interface Multiplier {
  readonly round: number;
  readonly values: BigInt64Array;
}

// Newton sums have 16 bits behind the point; with 42 here scores have 58. At 2^20 for the multiplier the error would be 6e5
// units of 1e-9 nat, with 42 it is less than one (protocol, section 1).
const multiplierScale = 2 ** 42;
const sumScale = 2 ** 16;
/** (p - 1) / 2 of the field of 2^61 - 1: the largest integer that comes back from shares with its sign. */
const fieldMost = 2n ** 60n - 1n;
const int64Most = 2n ** 63n - 1n;

/**
 * round(2^42 (H + Lambda)^-1 c) without what replays would earn: one integer a parameter, or null where one does not fit the
 * field. So <multiplier, earlier gradient> is 0 but for rounding.
 * @param sums of the round, in the layout of logisticSums; @param gradient c, nats per unit of each parameter
 * @param earlier penalised gradients of earlier rounds, the latest first
 */
export function guardedMultiplier(
  sums: Float64Array,
  gradient: Float64Array,
  earlier: readonly Float64Array[],
  ridge: number,
): BigInt64Array | null {
  const p = gradient.length;
  const metric = penalisedHessian(sums, p, ridge);
  const factor = choleskyFactor(metric, p);
  const replays = earlier.map((right) => choleskySolve(factor, right));
  const guarded = withoutReplay(choleskySolve(factor, gradient), gradient, replays, metric);
  const scaled = guarded.map((value) => value * multiplierScale);
  // 2^60 is the first float64 above the largest integer of the field.
  if (!scaled.every((value) => Math.abs(value) < 2 ** 60)) return null;
  return BigInt64Array.from(scaled, (value) => BigInt(Math.round(value)));
}

/** <multiplier, sum> in 2^-58 nat, exactly: what the contributors' R_i of this round add up to. */
export function summedScore(multiplier: BigInt64Array, sum: BigInt64Array): bigint {
  return multiplier.reduce((total, value, j) => total + value * (sum[j] as bigint), 0n);
}

/** <multiplier, Lambda theta> in 2^-58 nat, rounded: the round's part of kappa. Null for a model so far out that it is not finite. */
export function ridgeTermOf(multiplier: BigInt64Array, theta: Float64Array, ridge: number): bigint | null {
  const term = dot(Float64Array.from(multiplier, Number), ridgeGradient(theta, ridge)) * sumScale;
  return Number.isFinite(term) ? BigInt(Math.round(term)) : null;
}

/** True when both come through the field and the contract's int64. */
export function scoresFit(summed: bigint, ridgeTerm: bigint): boolean {
  return summed <= fieldMost && summed >= -fieldMost && ridgeTerm <= int64Most && ridgeTerm >= -int64Most;
}
