import { Aes256Gcm } from "@hpke/core";
import { bufferOf } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";

/** Bytes of a key of `sealOnce`. */
export const oneTimeKeyLength = 32;

// The context wipes the key that it is given, so it gets a copy. A key encrypts one message, so its nonce may be constant.
const nonce = new ArrayBuffer(12);

/**
 * AES-256-GCM under a key that is used for this one message: ciphertext ‖ tag (16 bytes). `context` is authenticated with it.
 */
export async function sealOnce(key: Uint8Array, plaintext: Uint8Array, context: Uint8Array): Promise<Uint8Array> {
  const cipher = new Aes256Gcm().createEncryptionContext(bufferOf(key.slice()));
  return new Uint8Array(await cipher.seal(nonce, bufferOf(plaintext), bufferOf(context)));
}

/** Reverse of `sealOnce`. Throws `crypto/cannot-open` whatever is wrong; the cause is not kept. */
export async function openOnce(key: Uint8Array, ciphertext: Uint8Array, context: Uint8Array): Promise<Uint8Array> {
  try {
    const cipher = new Aes256Gcm().createEncryptionContext(bufferOf(key.slice()));
    return new Uint8Array(await cipher.open(nonce, bufferOf(ciphertext), bufferOf(context)));
  } catch {
    throw new FarshoreError({
      code: "crypto/cannot-open",
      message: `an encrypted message of ${ciphertext.length} bytes does not open with this key and context`,
      facts: { bytes: ciphertext.length },
      remedy: "it was encrypted under another key, for another context, or changed since",
    });
  }
}
