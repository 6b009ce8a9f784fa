import { dot, minus } from "./vector.ts";

// What is left of an update after those before it were taken out, as a part of its squared length, below which it is rounding:
// the updates are parallel, and projecting noise off would take scores for nothing.
const parallel = 1e-12;

/**
 * The multiplier (H + Lambda)^-1 c without what a replay would earn: u - sum of q (q · c) over the basis q of the replays that
 * is orthonormal in the metric H + Lambda. Who deals a gradient whose update is along any of them earns nothing.
 *
 * Which updates, and why this metric, was measured on the default-of-credit-card data (issue 4; test/attacks/replay.test.ts,
 * test/offchain/learning/projectedShares.test.ts), as money that goes astray where each bank has one kind of customers (bar 3%) and
 * where one bank has wrong labels (bar .5%), and as what a party without data gets that damps the first round with a Hessian too large
 * and replays it in the second (27% of the pot without a guard):
 *
 *     replays projected off                                          PAY_0    labels   replayer
 *     theta_t - theta_{t-1}, along the parameters' own axes          2.1%     1.1%     5.1%
 *     theta_t - theta_{t-1}, in the metric H_t + Lambda              1.6%     .17%     7.6%
 *     (H_t + Lambda)^-1 of the earlier gradient, in that metric      2.6%     .18%     0
 *     both of these, in that metric                                  7.5%     .07%     0
 *
 * The third is what is used. What can be dealt again is a gradient, and this round's Hessian turns it into another update than
 * it was: theta_t - theta_{t-1} misses by the difference. In the metric H_t + Lambda honest updates lose little, as a Newton
 * step is nearly conjugate to the one before.
 * @param multiplier u = (H + Lambda)^-1 c; @param gradient c
 * @param replays the updates that earlier summed gradients would make in this round, the latest first
 * @param metric H + Lambda, row-major
 */
export function withoutReplay(
  multiplier: Float64Array,
  gradient: Float64Array,
  replays: readonly Float64Array[],
  metric: Float64Array,
): Float64Array {
  return orthonormal(replays, metric).reduce((rest, q) => minus(rest, q, dot(q, gradient)), multiplier);
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
