import type { Address, Hex } from "../../core/bytes.ts";
import type { Chain } from "../client.ts";

/** The beacon's round that was opened last; `round` 0: none yet. Times in seconds since 1970. */
export interface BeaconRound {
  readonly round: bigint;
  readonly closesAt: number;
  readonly revealed: number;
  /** Parts that it has when nobody is missing. */
  readonly expected: number;
  /** True once all parts are there or `closesAt` is past. */
  readonly isClosed: boolean;
}

/** What an oracle committed to. `endRound` 0: it takes no part. */
export interface BeaconParticipant {
  /** What its next preimage must hash to. */
  readonly last: Hex;
  /** Round that `last` was revealed for, or during which it was committed to. */
  readonly lastRound: bigint;
  /** Last round for which its chain has a preimage. */
  readonly endRound: bigint;
  /** Commitments that it made so far. */
  readonly commits: number;
}

/** The round that was opened last, at `latest`. */
export async function getBeaconRound(chain: Chain): Promise<BeaconRound> {
  const { closesAt, ...view } = await chain.call("CommitRevealBeacon", "current", []);
  return { ...view, closesAt: Number(closesAt) };
}

/** An oracle's part in the beacon, by its account. */
export function getBeaconParticipant(chain: Chain, account: Address): Promise<BeaconParticipant> {
  return chain.call("CommitRevealBeacon", "participantOf", [account]);
}

/** True while a part is missing that a participant owes to an opened round. */
export function owesBeacon({ lastRound, endRound }: BeaconParticipant, { round }: BeaconRound): boolean {
  return lastRound < round && lastRound < endRound;
}
