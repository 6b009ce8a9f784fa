import type { Address, Hex } from "../../core/bytes.ts";
import type { ContractCall } from "../legacyTransaction.ts";
import type { ManifestContract } from "../manifest.ts";
import { type Addresses, callTo } from "./encode.ts";

export type TokenName = "StableToken" | "IncentiveToken";

/** Lets a contract of the house (the market, the committee) take `amount` from the caller. */
export function approve(chain: Addresses, token: TokenName, spender: ManifestContract, amount: bigint): ContractCall {
  return callTo(chain, token, "approve", [chain.address(spender), amount]);
}

export function transfer(chain: Addresses, token: TokenName, to: Address, amount: bigint): ContractCall {
  return callTo(chain, token, "transfer", [to, amount]);
}

/** Names no payment: test money. */
const noReference: Hex = `0x${"00".repeat(32)}`;

/** Issuer only. `amount` in minor units; `fiatReference` names the payment behind it. */
export function mint(
  chain: Addresses,
  token: "StableToken",
  to: Address,
  amount: bigint,
  fiatReference = noReference,
): ContractCall {
  return callTo(chain, token, "mint", [to, amount, fiatReference]);
}
