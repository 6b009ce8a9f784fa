import type { Clock } from "../core/clock.ts";
import type { Chain } from "./client.ts";

/**
 * The time that deadlines are compared with, in seconds since 1970: the later of the newest block's timestamp and the
 * wall clock. A chain without transactions may make no block for long, and the next block will carry the wall clock.
 */
export async function chainNow(chain: Chain, clock: Clock): Promise<number> {
  return Math.max(await chain.headTime(), Number(clock.nowSeconds()));
}
