import { createHash } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, type Hex } from "./bytes.ts";

/** keccak256, 32 bytes: the hash of everything that the chain checks. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}

/** keccak256 as lower-case hex. */
export function keccakHex(bytes: Uint8Array): Hex {
  return bytesToHex(keccak256(bytes));
}

/** SHA-256 of the parts one after the other, 32 bytes: the hash for bulk (rows, states, share leaves, model bytes). */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** SHA-256 of the parts one after the other as lower-case hex. */
export function sha256Hex(...parts: readonly Uint8Array[]): Hex {
  return bytesToHex(sha256(...parts));
}
