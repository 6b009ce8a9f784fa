import type { Hex } from "../../core/bytes.ts";
import type { ContractCall } from "../legacyTransaction.ts";
import { type Addresses, callTo } from "./encode.ts";

// Calls of `RuleBook`, for governance: sent by an administrator without a delay, or named in a proposal.

/** The next version; `activatesAt` in seconds since 1970, 0 = at once. */
export function publishRules(chain: Addresses, rulesHash: Hex, activatesAt = 0n): ContractCall {
  return callTo(chain, "RuleBook", "publish", [rulesHash, `board:${rulesHash}`, activatesAt]);
}

/** Ends a version at `at`, seconds since 1970. */
export function retireRules(chain: Addresses, version: number, at: bigint): ContractCall {
  return callTo(chain, "RuleBook", "retire", [version, at]);
}
