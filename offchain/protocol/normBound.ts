// 1.5 times in length is 2.25 times in the square.
const numerator = 9n;
const denominator = 4n;

/**
 * Whether a gradient is no longer than 1.5 times the median of the round before (protocol, section 6, guards), which a contributor with
 * more rows than the median one may pass in proportion, or no longer than 1.5 times its own of the round before: lengths grow with rows,
 * and the gradient of a bank whose data differ does not vanish with the others'. An honest one must not end a job.
 * @param squared norm, and squared norms of the round before: the median and the contributor's own; @param rows as committed, its own and the median
 */
export function normIsWithin(
  squared: bigint,
  { squaredMedian, squaredOwn }: { readonly squaredMedian: bigint; readonly squaredOwn: bigint },
  rows: number,
  medianRows: number,
): boolean {
  if (denominator * squared <= numerator * squaredOwn) return true;
  const [own, median] = [BigInt(Math.max(rows, medianRows)), BigInt(medianRows)];
  return denominator * squared * median * median <= numerator * squaredMedian * own * own;
}

/** Median of squared norms; of an even number the upper one, so that a majority of honest contributors bounds it. */
export function medianOf(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.floor(sorted.length / 2)] ?? 0n;
}
