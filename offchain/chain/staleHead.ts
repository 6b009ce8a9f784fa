import type { Revert } from "./revert.ts";

/** Seconds by which this computer's clock may be ahead of the one that stamps blocks. */
const clockSkewSeconds = 5n;

/**
 * True when a simulated call was refused as too early only because the newest block is old: a node simulates with that
 * block's timestamp, and a chain that makes no empty blocks would otherwise wait for ever for a block that nobody sends
 * a transaction for. `nowSeconds`: the wall clock, seconds since 1970.
 */
export function isOnlyHeadStale(revert: Revert, nowSeconds: bigint): boolean {
  const { allowedAt } = revert.args;
  if (revert.error !== "JobMarket_TooEarly" || allowedAt === undefined) return false;
  return BigInt(allowedAt) + clockSkewSeconds <= nowSeconds;
}
