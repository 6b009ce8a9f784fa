import { getAddress, keccak256, serializeTransaction, type TransactionSerializableLegacy } from "viem";
import { type Address, bytesToHex, type Hex, hexToBytes } from "../core/bytes.ts";
import { addressOfKey, signDigest } from "../crypto/secp256k1.ts";

/** Who signs an outbox's transactions: a viem account that signs locally is one. */
export interface TransactionSigner {
  readonly address: Address;
  signTransaction(transaction: TransactionSerializableLegacy): Promise<Hex>;
}

/**
 * Signs with a private key by libsecp256k1: a command that sends one transaction spends its time otherwise on the tables of a slower
 * curve. Throws `crypto/bad-key`.
 */
export function keyAccount(key: Hex): TransactionSigner {
  const bytes = hexToBytes(key);
  return {
    address: getAddress(addressOfKey(bytes)),
    signTransaction: async (transaction) => {
      const signature = signDigest(bytes, hexToBytes(keccak256(serializeTransaction(transaction))));
      const [r, s] = [bytesToHex(signature.subarray(0, 32)), bytesToHex(signature.subarray(32, 64))];
      return serializeTransaction(transaction, { r, s, v: BigInt(signature[64] as number) });
    },
  };
}
