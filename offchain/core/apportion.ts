import { FarshoreError } from "./errors.ts";

/**
 * Splits `total` in proportion to `weights` by largest remainder: every part is the exact quotient rounded down, and the
 * units left over go to the largest remainders, ties to the lower index. The parts add up to `total` exactly, and a
 * larger weight never gets a smaller part. Weights that are all zero give zeros: nothing can be in proportion to them.
 *
 * Throws `core/bad-weights` for a negative total or weight.
 * @param total and the parts in any unit; weights in any other
 */
export function apportion(total: bigint, weights: readonly bigint[]): bigint[] {
  const negative = weights.findIndex((weight) => weight < 0n);
  if (total < 0n || negative >= 0) throw badWeights(negative);
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return weights.map(() => 0n);
  const parts = weights.map((weight) => (total * weight) / sum);
  const remainders = weights.map((weight) => (total * weight) % sum);
  const left = total - parts.reduce((a, b) => a + b, 0n);
  for (const i of largestFirst(remainders).slice(0, Number(left))) parts[i] = (parts[i] as bigint) + 1n;
  return parts;
}

function largestFirst(values: readonly bigint[]): number[] {
  const order = values.map((_, i) => i);
  // Array.prototype.sort is stable, so equal remainders stay in the order of their indices.
  return order.sort((a, b) => {
    const [left, right] = [values[a] as bigint, values[b] as bigint];
    return left === right ? 0 : left > right ? -1 : 1;
  });
}

function badWeights(index: number): FarshoreError {
  return new FarshoreError({
    code: "core/bad-weights",
    message: index < 0 ? "cannot split a negative total" : `weight ${index} is negative`,
    facts: { index },
    remedy: "clamp negative scores to zero before the split",
  });
}
