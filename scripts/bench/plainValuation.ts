import type { Design } from "../../offchain/learning/design.ts";
import { utility } from "../../offchain/learning/utility.ts";
import { added } from "./measure.ts";

/** The baseline of the utilities: every coalition's model built and scored on its own. */
export function modelByModel(theta: Float64Array, deltas: readonly Float64Array[], validation: Design): bigint[] {
  const start = utility(theta, validation);
  return Array.from({ length: 2 ** deltas.length }, (_, mask) => {
    const members = deltas.filter((_, i) => (mask >> i) & 1);
    return utility(added([theta, ...members]), validation) - start;
  });
}

/** The baseline of exact Shapley: what each player adds to every coalition without it, weighted as the definition says. */
export function byMarginals(table: readonly bigint[]): bigint[] {
  const n = Math.log2(table.length);
  const factorial = (k: number): bigint => (k < 2 ? 1n : BigInt(k) * factorial(k - 1));
  const size = (mask: number) => mask.toString(2).replaceAll("0", "").length;
  return Array.from({ length: n }, (_, i) =>
    table.reduce((sum, value, mask) => {
      if ((mask >> i) & 1) return sum;
      const gain = (table[mask | (1 << i)] as bigint) - value;
      return sum + factorial(size(mask)) * factorial(n - size(mask) - 1) * gain;
    }, 0n),
  );
}

/** The baseline of AUC: rows as objects, sorted; ones gain the zeros below them and half of those beside them. */
export function aucOfObjects(margins: Float64Array, labels: Uint8Array): number {
  const rows = [...margins].map((margin, i) => ({ margin, label: labels[i] as number }));
  const groups = new Map<number, [number, number]>();
  for (const { margin, label } of rows.sort((a, b) => a.margin - b.margin)) {
    const group = groups.get(margin) ?? [0, 0];
    group[label as 0 | 1]++;
    groups.set(margin, group);
  }
  let [zeros, ones, won] = [0, 0, 0];
  for (const [below, above] of groups.values()) {
    won += above * (zeros + below / 2);
    zeros += below;
    ones += above;
  }
  return won / (ones * zeros);
}
