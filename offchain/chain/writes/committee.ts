import type { Address } from "../../core/bytes.ts";
import type { ContractCall } from "../legacyTransaction.ts";
import { type Addresses, callTo } from "./encode.ts";

// Calls of `OracleCommittee` by an oracle's account. Stakes have 18 decimals. Requirements and effects stand in
// IOracleCommittee.sol.

/** Needs an approval of the incentive token first. */
export function stake(chain: Addresses, amount: bigint): ContractCall {
  return callTo(chain, "OracleCommittee", "stake", [amount]);
}

export function requestExit(chain: Addresses, stakeAmount: bigint): ContractCall {
  return callTo(chain, "OracleCommittee", "requestExit", [stakeAmount]);
}

export function completeExit(chain: Addresses): ContractCall {
  return callTo(chain, "OracleCommittee", "completeExit", []);
}

/** Pays out what slashing others left to the sender. */
export function claimReward(chain: Addresses): ContractCall {
  return callTo(chain, "OracleCommittee", "claimReward", []);
}

/** Brings an oracle's entry in line with the registry; anyone may call. */
export function refresh(chain: Addresses, account: Address): ContractCall {
  return callTo(chain, "OracleCommittee", "refresh", [account]);
}
