// 1.5 times in length is 2.25 times in the square.
const numerator = 9n;
const denominator = 4n;

/**
 * Whether a gradient is no longer than 1.5 times the median of the round before (protocol, section 6, guards), which a contributor with
 * more rows than the median one may pass in proportion: lengths grow with rows, and an honest large bank must not end a job.
 * @param squared norm; @param squaredMedian of the round before; @param rows of the contributor and of the median one, as committed
 */
export function normIsWithin(squared: bigint, squaredMedian: bigint, rows: number, medianRows: number): boolean {
  const [own, median] = [BigInt(Math.max(rows, medianRows)), BigInt(medianRows)];
  return denominator * squared * median * median <= numerator * squaredMedian * own * own;
}

/** Median of squared norms; of an even number the upper one, so that a majority of honest contributors bounds it. */
export function medianOf(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.floor(sorted.length / 2)] ?? 0n;
}
