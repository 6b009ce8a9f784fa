import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { Chain } from "./client.ts";

/**
 * What a node said to signed bytes. taken: it has them (now or before), or the nonce is another's: the receipt tells;
 * unanswered: nobody knows; refused: it does not have them.
 */
export type SendAnswer =
  | { readonly kind: "taken" | "unanswered" }
  | { readonly kind: "refused"; readonly error: FarshoreError };

/** Words of Besu, GoQuorum and Hardhat for bytes that they hold already, or a nonce that is in use. */
const notARefusal =
  /already known|known transaction|already imported|nonce too low|nonce is too low|replacement transaction/i;

/** Sends signed bytes; sending the same bytes again does no harm. Never throws. */
export async function sendRaw(chain: Chain, raw: Hex, hash: Hex): Promise<SendAnswer> {
  try {
    await chain.ask((c) => c.request({ method: "eth_sendRawTransaction", params: [raw] }, { retryCount: 0 }));
    return { kind: "taken" };
  } catch (error) {
    if (!(error instanceof FarshoreError) || error.code === "chain/unreachable") return { kind: "unanswered" };
    if (notARefusal.test(String(error.facts.reason))) return { kind: "taken" };
    // Hardhat mines a transaction that reverts and answers with an error all the same.
    return (await isKnown(chain, hash)) ? { kind: "taken" } : { kind: "refused", error };
  }
}

/** True when the node has the transaction, or when it does not say. */
async function isKnown(chain: Chain, hash: Hex): Promise<boolean> {
  try {
    const found = await chain.ask((c) => c.request({ method: "eth_getTransactionByHash", params: [hash] }));
    return found !== null;
  } catch {
    return true;
  }
}
