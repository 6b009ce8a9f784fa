import type { Address } from "../../core/bytes.ts";
import type { Chain } from "../client.ts";
import { contractCall } from "../contractCall.ts";
import type { ContractCall } from "../legacyTransaction.ts";
import type { ManifestContract } from "../manifest.ts";

export type TokenName = "StableToken" | "IncentiveToken";

/** Lets a contract of the house (the market, the committee) take `amount` from the caller. */
export function approve(chain: Chain, token: TokenName, spender: ManifestContract, amount: bigint): ContractCall {
  return contractCall(chain, token, "approve", [chain.address(spender), amount]);
}

export function transfer(chain: Chain, token: TokenName, to: Address, amount: bigint): ContractCall {
  return contractCall(chain, token, "transfer", [to, amount]);
}

/** Issuer only. `amount` in minor units of the token. */
export function mint(chain: Chain, token: TokenName, to: Address, amount: bigint): ContractCall {
  return contractCall(chain, token, "mint", [to, amount]);
}
