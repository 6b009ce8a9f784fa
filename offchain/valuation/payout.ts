import { apportion } from "../core/apportion.ts";
import { FarshoreError } from "../core/errors.ts";
import { ppb } from "../core/units.ts";

// The same arithmetic as contracts/settlement/Payout.sol, to the last unit.

/**
 * Splits a pot over max(weight, 0) by largest remainder: the parts add up to the pot exactly, a larger weight never gets a
 * smaller part, ties go to the lower index. All zero when no weight is positive: the pot is refunded then.
 * @param pot minor units; @param weights scores in any one unit, n!·φ_i for instance
 */
export function largestRemainder(pot: bigint, weights: readonly bigint[]): bigint[] {
  return apportion(pot, weights.map(positive));
}

/** Shares of max(weight, 0) in parts per billion: sum 1e9, or all zero when no weight is positive. */
export function sharesPpb(weights: readonly bigint[]): number[] {
  return largestRemainder(BigInt(ppb), weights).map(Number);
}

/**
 * What a job pays by share: base + performance × clamp((end − start) / (target − start), 0, 1), rounded down, so that the
 * buyer never pays more than the utility reached. No gain earns no performance; a target at or below the start is reached
 * by any gain.
 * @param base and `performance` in minor units, not negative; utilities in 1e-9 nat
 */
export function pot(
  base: bigint,
  performance: bigint,
  utilityStart: bigint,
  utilityEnd: bigint,
  utilityTarget: bigint,
): bigint {
  if (base < 0n || performance < 0n) {
    throw new FarshoreError({
      code: "valuation/negative-amount",
      message: "base and performance cannot be negative",
      facts: { base, performance },
    });
  }
  const gain = utilityEnd - utilityStart;
  if (gain <= 0n) return base;
  if (utilityEnd >= utilityTarget) return base + performance;
  return base + (performance * gain) / (utilityTarget - utilityStart);
}

function positive(weight: bigint): bigint {
  return weight > 0n ? weight : 0n;
}
