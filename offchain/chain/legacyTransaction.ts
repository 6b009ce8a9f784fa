import { keccak256 } from "viem";
import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { TransactionSigner } from "./keyAccount.ts";

/** GoQuorum's default `txnSizeLimit`: 64 KB. */
export const transactionBytesLimit = 64 * 1024;

/** Osaka's cap per transaction, 2^24; Berlin chains set none, but blocks hold little more. */
export const transactionGasLimit = 16_777_216n;

/** What a contract is called with. `value` in wei, 0 by default. */
export interface ContractCall {
  readonly to: Address;
  readonly data: Hex;
  readonly value?: bigint;
}

/**
 * Gas to sign for an estimate: a third more and a margin, for what other transactions of the block may change under it
 * (a cold slot more, a longer list). Throws `chain/too-much-gas`.
 */
export function gasToSign(estimate: bigint): bigint {
  if (estimate > transactionGasLimit) {
    throw new FarshoreError({
      code: "chain/too-much-gas",
      message: `the transaction needs ${estimate} gas, more than a Quorum-compatible chain takes`,
      facts: { had: estimate, limit: transactionGasLimit },
      remedy: "use fewer contributors or a smaller committee",
    });
  }
  const padded = (estimate * 4n) / 3n + 20_000n;
  return padded < transactionGasLimit ? padded : transactionGasLimit;
}

/**
 * Signs a legacy transaction at gas price 0 with everything stated (chain id, nonce, gas): nothing is left for the node
 * to fill in. Returns the bytes to send and their hash. Throws `chain/transaction-too-large`.
 */
export async function signLegacy(
  account: TransactionSigner,
  call: ContractCall,
  { chainId, nonce, gas }: { readonly chainId: number; readonly nonce: number; readonly gas: bigint },
): Promise<{ readonly raw: Hex; readonly hash: Hex }> {
  const { to, data, value = 0n } = call;
  const raw = await account.signTransaction({ type: "legacy", chainId, nonce, gas, gasPrice: 0n, to, data, value });
  const bytes = (raw.length - 2) / 2;
  if (bytes < transactionBytesLimit) return { raw, hash: keccak256(raw) };
  throw new FarshoreError({
    code: "chain/transaction-too-large",
    message: `the transaction has ${bytes} bytes, more than GoQuorum takes`,
    facts: { had: bytes, limit: transactionBytesLimit },
    remedy: "use fewer contributors or a smaller committee",
  });
}
