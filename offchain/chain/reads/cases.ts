import type { Address, Hex } from "../../core/bytes.ts";
import type { Chain } from "../client.ts";

/** A regulator's case as the stable token keeps it. `openedAt`: seconds since 1970. */
export interface Case {
  readonly caseId: Hex;
  /** Number of the table of reasons of freeze. */
  readonly reason: number;
  readonly openedBy: Address;
  readonly openedAt: bigint;
  readonly closed: boolean;
  /** SHA-256 of what the decision rests on. */
  readonly evidenceHash: Hex;
}

/** One case; null where none was opened under the id. */
export async function getCase(chain: Chain, caseId: Hex): Promise<Case | null> {
  const found = await chain.call("StableToken", "caseOf", [caseId]);
  return found.reason === 0 ? null : { caseId, ...found };
}

/** What is frozen of an account (minor units; it may exceed the balance), and under which case; 0x0… = never. */
export async function getFreeze(chain: Chain, account: Address): Promise<{ frozen: bigint; caseId: Hex }> {
  const [frozen, caseId] = await Promise.all([
    chain.call("StableToken", "getFrozenTokens", [account]),
    chain.call("StableToken", "frozenUnder", [account]),
  ]);
  return { frozen, caseId };
}
