import { dot, minus } from "./vector.ts";

// What is left of an update after those before it were taken out, as a part of its squared length, below which it is rounding:
// the updates are parallel, and projecting noise off would take scores for nothing.
const parallel = 1e-12;

/**
 * The multiplier (H + Lambda)^-1 c without what a replay of earlier global updates would earn: u - sum of q (q · c) over the
 * basis q of the updates that is orthonormal in the metric H + Lambda. Who brings an update along any of them, Delta = s d, has
 * <u', (H + Lambda) s d> = 0.
 *
 * Why this metric: any metric stops the replay itself; they differ in what honest contributors lose. After a Newton step the
 * next one is conjugate to it, d · H Delta = 0 on a quadratic loss, so in the metric H + Lambda the guard takes next to nothing
 * of what honest updates add up to. Along the parameters' own axes (the Euclidean metric) it takes .5% of the scores, and 1.1% of the money
 * goes to other contributors when one of three banks has wrong labels, twice the bar; here it is .17%
 * (test/offchain/learning/projectedShares.test.ts).
 * @param multiplier u = (H + Lambda)^-1 c; @param gradient c; @param updates earlier global updates, the latest first
 * @param metric H + Lambda, row-major
 */
export function withoutReplay(
  multiplier: Float64Array,
  gradient: Float64Array,
  updates: readonly Float64Array[],
  metric: Float64Array,
): Float64Array {
  return orthonormal(updates, metric).reduce((rest, q) => minus(rest, q, dot(q, gradient)), multiplier);
}

/** Gram-Schmidt in the metric; updates that are parallel to those before them, or zero, are left out. */
export function orthonormal(updates: readonly Float64Array[], metric: Float64Array): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const update of updates) {
    const length = dot(update, times(metric, update));
    const rest = basis.reduce((v, q) => minus(v, q, dot(q, times(metric, v))), update);
    const left = dot(rest, times(metric, rest));
    if (!(left > parallel * length)) continue;
    const norm = Math.sqrt(left);
    basis.push(rest.map((value) => value / norm));
  }
  return basis;
}

function times(matrix: Float64Array, v: Float64Array): Float64Array {
  const n = v.length;
  return v.map((_, row) => dot(matrix.subarray(row * n, (row + 1) * n), v));
}
