import { FarshoreError } from "../core/errors.ts";
import { ppb } from "../core/units.ts";

// The same arithmetic as contracts/settlement/ScoreGuards.sol, to the last unit. What the guards do not stop is said there and
// in contracts/market/IJobMarket.sol.

/** Nobody is paid more than 7/2 of its weight's part of the pot. */
const [capNumerator, capDenominator] = [7n, 2n];

/**
 * What is paid of scores (protocol, section 6), nothing below 0: a score beyond ±2 × total earns nothing; contributors of one
 * group earn the sum of their raw scores together, what is left to them scaled down to it and rounded down, nothing at 0 or
 * below. Nobody earns anything when the total is 0 or less.
 *
 * Throws `valuation/bad-groups` when there is not one group for each score.
 * @param scores and `total` in any one unit; `groups` beneficial owner of each contributor
 */
export function guardScores(scores: readonly bigint[], total: bigint, groups: readonly number[]): bigint[] {
  if (groups.length !== scores.length) throw badGroups(groups.length, scores.length);
  const kept = scores.map((score) => (score > 0n && score <= 2n * total ? score : 0n));
  const sumOf = (values: readonly bigint[], group: number) =>
    values.reduce((sum, value, i) => (groups[i] === group ? sum + value : sum), 0n);
  return kept.map((score, i) => {
    const group = groups[i] as number;
    const net = sumOf(scores, group);
    const left = sumOf(kept, group);
    if (net <= 0n) return 0n;
    return left > net ? (score * net) / left : score;
  });
}

/** Amounts after the cap, and what it cut off: the treasury's. */
export interface CappedAmounts {
  readonly amounts: readonly bigint[];
  readonly excess: bigint;
}

/**
 * Cuts what anybody gets above floor(3.5 · weight · pot / 1e9).
 * @param amounts and `pot` in stable minor units; `weights` in parts per billion
 */
export function capAmounts(amounts: readonly bigint[], weights: readonly number[], pot: bigint): CappedAmounts {
  const capped = amounts.map((amount, i) => {
    const cap = (pot * BigInt(weights[i] as number) * capNumerator) / (capDenominator * BigInt(ppb));
    return amount > cap ? cap : amount;
  });
  const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n);
  return { amounts: capped, excess: sum(amounts) - sum(capped) };
}

function badGroups(had: number, needed: number): FarshoreError {
  return new FarshoreError({
    code: "valuation/bad-groups",
    message: `${had} groups for ${needed} scores`,
    facts: { had, needed },
  });
}
