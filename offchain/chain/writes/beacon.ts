import type { Address, Hex } from "../../core/bytes.ts";
import type { ContractCall } from "../legacyTransaction.ts";
import { type Addresses, callTo } from "./encode.ts";

// Calls of `CommitRevealBeacon`. Requirements and effects stand in ICommitRevealBeacon.sol.

/** Commits the caller's oracle to `length` rounds; `head`: hash of the first preimage. */
export function commit(chain: Addresses, head: Hex, length: number): ContractCall {
  return callTo(chain, "CommitRevealBeacon", "commit", [head, length]);
}

/** Opens the next round for a job that waits for its draw. */
export function open(chain: Addresses, jobId: Hex): ContractCall {
  return callTo(chain, "CommitRevealBeacon", "open", [chain.address("JobMarket"), jobId]);
}

/** Brings a participant's part of the open round. */
export function reveal(chain: Addresses, round: bigint, account: Address, preimage: Hex): ContractCall {
  return callTo(chain, "CommitRevealBeacon", "reveal", [round, account, preimage]);
}

/** Slashes a participant that missed a round. */
export function punish(chain: Addresses, account: Address): ContractCall {
  return callTo(chain, "CommitRevealBeacon", "punish", [account]);
}
