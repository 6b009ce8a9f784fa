import { type Address, bytesToHex, type Hex, hexToBytes } from "../../../offchain/core/bytes.ts";
import { recoverAddress, signDigest } from "../../../offchain/crypto/secp256k1.ts";
import type { MessageParts } from "../../../offchain/transport/envelope.ts";

/** A party of the tests: its key is a small number, not a secret. */
export interface Signer {
  readonly address: Address;
  readonly sign: (digest: Uint8Array) => Uint8Array;
}

export function signer(number: number): Signer {
  const key = new Uint8Array(32).fill(0);
  key[31] = number;
  const sign = (digest: Uint8Array) => signDigest(key, digest);
  const digest = new Uint8Array(32).fill(1);
  return { sign, address: bytesToHex(hexToBytes(recoverAddress(digest, sign(digest)))) };
}

export const market: Address = `0x${"0b".repeat(20)}`;
export const jobId: Hex = `0x${"0c".repeat(32)}`;

/** A message with values that differ from each other and from 0. */
export function messageParts(over: Partial<MessageParts> = {}): MessageParts {
  const content = new Uint8Array([1, 2, 3, 250]);
  return { chainId: 1337, market, jobId, kind: "update", round: 5, time: 1_790_000_000, content, ...over };
}
