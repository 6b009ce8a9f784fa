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

/** Issuer only. `amount` in minor units; `fiatReference` names the payment behind it: not zero, and used once for good. */
export function mint(chain: Addresses, to: Address, amount: bigint, fiatReference: Hex): ContractCall {
  return callTo(chain, "StableToken", "mint", [to, amount, fiatReference]);
}

/** Issuer only: its own holding, against a pay-out that `fiatReference` names. */
export function burn(chain: Addresses, amount: bigint, fiatReference: Hex): ContractCall {
  return callTo(chain, "StableToken", "burn", [amount, fiatReference]);
}

/** Regulator only: records why, and takes the case in hand for the acts that follow. `reason`: number of the table. */
export function openCase(chain: Addresses, caseId: Hex, reason: number, evidenceHash: Hex): ContractCall {
  return callTo(chain, "StableToken", "openCase", [caseId, reason, evidenceHash]);
}

/** Regulator only: takes an open case in hand again. */
export function resumeCase(chain: Addresses, caseId: Hex): ContractCall {
  return callTo(chain, "StableToken", "resumeCase", [caseId]);
}

/** Regulator only: nothing is done under the case any more. */
export function closeCase(chain: Addresses, caseId: Hex): ContractCall {
  return callTo(chain, "StableToken", "closeCase", [caseId]);
}

/** Of all that an account has and will have. */
export const wholeAccount = 2n ** 256n - 1n;

/** Regulator only, under the case in hand: what is frozen of an account from now on, in minor units. */
export function setFrozenTokens(chain: Addresses, account: Address, amount: bigint): ContractCall {
  return callTo(chain, "StableToken", "setFrozenTokens", [account, amount]);
}

/** Regulator only, under the case in hand: moves minor units, frozen or not. */
export function forcedTransfer(chain: Addresses, from: Address, to: Address, amount: bigint): ContractCall {
  return callTo(chain, "StableToken", "forcedTransfer", [from, to, amount]);
}
