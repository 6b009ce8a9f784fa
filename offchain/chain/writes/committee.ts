import type { Address } from "../../core/bytes.ts";
import type { Chain } from "../client.ts";
import { contractCall } from "../contractCall.ts";
import type { ContractCall } from "../legacyTransaction.ts";

// Calls of `OracleCommittee` by an oracle's account. Stakes have 18 decimals, bonds 6. Requirements and effects stand in
// IOracleCommittee.sol.

/** Needs an approval of the incentive token first. */
export function stake(chain: Chain, amount: bigint): ContractCall {
  return contractCall(chain, "OracleCommittee", "stake", [amount]);
}

/** Needs an approval of the stable token first. */
export function bond(chain: Chain, amount: bigint): ContractCall {
  return contractCall(chain, "OracleCommittee", "bond", [amount]);
}

export function requestExit(chain: Chain, stakeAmount: bigint, bondAmount: bigint): ContractCall {
  return contractCall(chain, "OracleCommittee", "requestExit", [stakeAmount, bondAmount]);
}

export function completeExit(chain: Chain): ContractCall {
  return contractCall(chain, "OracleCommittee", "completeExit", []);
}

/** Brings an oracle's entry in line with the registry; anyone may call. */
export function refresh(chain: Chain, account: Address): ContractCall {
  return contractCall(chain, "OracleCommittee", "refresh", [account]);
}
