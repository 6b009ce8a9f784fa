// 1.5 times in length is 2.25 times in the square.
const numerator = 9n;
const denominator = 4n;

/** Whether a squared norm is within 1.5 times the median length of the round before (protocol, section 6, guards). */
export function normIsWithin(squaredNorm: bigint, squaredMedian: bigint): boolean {
  return denominator * squaredNorm <= numerator * squaredMedian;
}

/** Median of squared norms; of an even number the upper one, so that a majority of honest contributors bounds it. */
export function medianOf(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.floor(sorted.length / 2)] ?? 0n;
}
