import { pointFromScalar, recover, signRecoverable } from "tiny-secp256k1";
import { type Address, bytesToHex, concatBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccak256 } from "../core/hash.ts";

/** v of Ethereum signatures for recovery bit 0. */
const firstV = 27;

// Statements are handed on by whoever holds them, and recovering who signed is most of what checking one costs. So many of 97 bytes
// and their addresses are some megabytes.
const mostRemembered = 10_000;
/** Who signed, by digest and signature: the same for ever. */
const signers = new Map<string, Address>();

/** Signs a 32-byte digest: 65 bytes r ‖ s ‖ v with v 27 or 28 and low s, deterministic (RFC 6979). */
export function signDigest(privateKey: Uint8Array, digest: Uint8Array): Uint8Array {
  expectLength("digest", digest, 32);
  const { signature, recoveryId } = withKey(() => signRecoverable(digest, privateKey));
  return concatBytes(signature, new Uint8Array([firstV + recoveryId]));
}

/**
 * The address whose key signed the digest, in lower case. Throws `crypto/bad-signature` for a wrong length, v other than 27
 * and 28, a high s (EIP-2: else everybody can make a second valid signature out of the first), or a point off the curve.
 */
export function recoverAddress(digest: Uint8Array, signature: Uint8Array): Address {
  expectLength("digest", digest, 32);
  expectLength("signature", signature, 65);
  const key = Buffer.concat([digest, signature]).toString("latin1");
  const known = signers.get(key);
  if (known !== undefined) return known;
  const address = recoveredAddress(digest, signature);
  if (signers.size >= mostRemembered) signers.delete(signers.keys().next().value as string);
  signers.set(key, address);
  return address;
}

function recoveredAddress(digest: Uint8Array, signature: Uint8Array): Address {
  const bit = (signature[64] as number) - firstV;
  if (bit !== 0 && bit !== 1) throw badSignature("v is neither 27 nor 28");
  if (hasHighS(signature)) throw badSignature("s is high");
  const point = pointOf(digest, signature.subarray(0, 64), bit);
  if (point === null) throw badSignature("r and s do not recover to a key");
  return addressOfPoint(point);
}

function pointOf(digest: Uint8Array, compact: Uint8Array, bit: 0 | 1): Uint8Array | null {
  try {
    return recover(digest, compact, bit, false);
  } catch (cause) {
    throw badSignature("r or s is no scalar of secp256k1", cause);
  }
}

/** Half the order of the group: a signature with a greater s has a twin with a smaller one. */
const greatestS = Buffer.from("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", "hex");

function hasHighS(signature: Uint8Array): boolean {
  return Buffer.compare(signature.subarray(32, 64), greatestS) > 0;
}

/** 64 bytes of ERC-2098 from 65: the highest bit of s, free because s is low, carries v. */
export function compactSignature(signature: Uint8Array): Uint8Array {
  expectLength("signature", signature, 65);
  const bit = (signature[64] as number) - firstV;
  if (bit !== 0 && bit !== 1) throw badSignature("v is neither 27 nor 28");
  if (((signature[32] as number) & 0x80) !== 0) throw badSignature("s is high");
  const out = signature.slice(0, 64);
  out[32] = (out[32] as number) | (bit << 7);
  return out;
}

/** Address of a private key's account, in lower case. */
export function addressOfKey(privateKey: Uint8Array): Address {
  const point = withKey(() => pointFromScalar(privateKey, false));
  if (point === null) throw badKey();
  return addressOfPoint(point);
}

// What a library says of a bad key may quote it.
function withKey<T>(use: () => T): T {
  try {
    return use();
  } catch {
    throw badKey();
  }
}

function badKey(): FarshoreError {
  return new FarshoreError({ code: "crypto/bad-key", message: "the private key is not one of secp256k1" });
}

/** Last 20 bytes of keccak256 over the uncompressed point without its first byte. */
function addressOfPoint(point: Uint8Array): Address {
  return bytesToHex(keccak256(point.subarray(1)).subarray(12));
}

function expectLength(what: "digest" | "signature", bytes: Uint8Array, needed: number): void {
  if (bytes.length === needed) return;
  throw badSignature(`the ${what} has ${bytes.length} bytes, expected ${needed}`);
}

function badSignature(reason: string, cause?: unknown): FarshoreError {
  return new FarshoreError({
    code: "crypto/bad-signature",
    message: `malformed signature: ${reason}`,
    facts: { reason },
    remedy: "sign the digest with signDigest, or any signer that keeps s low",
    cause,
  });
}
