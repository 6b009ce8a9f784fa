import type { Hex } from "../core/bytes.ts";
import { hexToBytes } from "../core/bytes.ts";
import { sha256 } from "../core/hash.ts";

/**
 * Turn of a seat at calling the contract for one step of one job: 0 acts at once, 1 after one delay, and so on. Spread by
 * a hash so that no oracle pays for (or can stall) every step; anyone may call, so this is an order, not a right.
 */
export function rankOf(jobId: Hex, step: string, seat: number, seats: number): number {
  const digest = sha256(hexToBytes(jobId), new TextEncoder().encode(step));
  const first = new DataView(digest.buffer, digest.byteOffset).getUint32(0) % seats;
  return (seat - first + seats) % seats;
}
