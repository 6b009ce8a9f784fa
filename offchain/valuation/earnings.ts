import { largestRemainder, sharesPpb } from "./payout.ts";
import { capAmounts, guardScores } from "./scoreGuards.ts";

// From scores to what contributors are owed, as contracts/market/JobProposing.sol computes it, to the last unit.

/**
 * Base and performance of each contributor in stable minor units, its part of their sum in parts per billion (all 0 when nothing
 * is paid by share), and what is the treasury's: the protocol's fee, and what the cap cut off.
 */
export interface Earnings {
  readonly amounts: readonly bigint[];
  readonly shares: readonly number[];
  readonly excess: bigint;
}

/** Scores of all contributors and their total in one unit, before the guards; who belongs together and weighs how much. */
export interface ScoredGame {
  readonly scores: readonly bigint[];
  readonly total: bigint;
  /** Beneficial owner of each contributor. */
  readonly groups: readonly number[];
  /** Parts per billion, of the terms. */
  readonly weights: readonly number[];
  /** Contributors of the last certified set. */
  readonly cohort: bigint;
}

/**
 * Pays exact or projected scores after the guards: base and performance by largest remainder, capped. With no score above 0
 * left, base alone by the weights in the last cohort, and no shares.
 * @param base and `performance` as they are due, in stable minor units
 * @param feeBps the market's `protocolFeeBps`: taken of both before they are divided
 */
export function earningsByScore(game: ScoredGame, base: bigint, performance: bigint, feeBps = 0n): Earnings {
  const paid = guardScores(game.scores, game.total, game.groups);
  if (paid.every((score) => score === 0n)) {
    const fee = feeOf(base, feeBps);
    const amounts = largestRemainder(base - fee, cohortWeights(game));
    return { amounts, shares: amounts.map(() => 0), excess: fee };
  }
  const fee = feeOf(base + performance, feeBps);
  const pot = base + performance - fee;
  const capped = capAmounts(largestRemainder(pot, paid), game.weights, pot);
  return { ...capped, shares: sharesPpb(capped.amounts), excess: capped.excess + fee };
}

/** Pays the whole pot by the weights in the last cohort: nobody's valuation. */
export function earningsByWeight(game: Pick<ScoredGame, "weights" | "cohort">, pot: bigint, feeBps = 0n): Earnings {
  const fee = feeOf(pot, feeBps);
  const amounts = largestRemainder(pot - fee, cohortWeights(game));
  return { amounts, shares: sharesPpb(amounts), excess: fee };
}

/** The treasury's part of an amount, rounded down. `feeBps`: the market's `protocolFeeBps`. */
export function feeOf(amount: bigint, feeBps: bigint): bigint {
  return (amount * feeBps) / 10_000n;
}

function cohortWeights({ weights, cohort }: Pick<ScoredGame, "weights" | "cohort">): bigint[] {
  return weights.map((weight, i) => ((cohort >> BigInt(i)) & 1n ? BigInt(weight) : 0n));
}
