import type { Figure } from "../bench.ts";

/** A figure in ms or the like, rounded to two decimals; the ratio is of the unrounded values. */
export function figure(
  name: string,
  value: number,
  unit: string,
  bar: number | null,
  baseline: number | null = null,
): Figure {
  const rounded = (ms: number) => Number(ms.toFixed(2));
  const beside = {
    baseline: baseline === null ? null : rounded(baseline),
    ratio: baseline === null ? null : value / baseline,
  };
  return { name, value: rounded(value), unit, bar, ...beside };
}

/** Throws when a baseline computes something else than the project: it would measure nothing. */
export function expectEqual(what: string, ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number): void {
  for (let i = 0; i < ours.length; i++) {
    if (Math.abs((ours[i] as number) - (theirs[i] as number)) <= tolerance) continue;
    throw new Error(`${what} gives ${theirs[i]} at ${i}, the project ${ours[i]}`);
  }
}

/** Median time of a run in ms, after one run that is not counted where more than one is. */
export function median(run: () => unknown, times = 7): number {
  if (times > 1) run();
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    run();
    took.push(performance.now() - start);
  }
  return took.sort((a, b) => a - b)[times >> 1] as number;
}

/** Elementwise sum of vectors of one length. */
export function added(vectors: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array((vectors[0] as Float64Array).length);
  for (const vector of vectors) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (vector[i] as number);
  }
  return sum;
}
