import { createHmac, hkdfSync } from "node:crypto";
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { bufferOf, concatBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { RandomBytes } from "../core/rng.ts";

// HPKE base mode (RFC 9180): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, one message a context. Base mode does not
// say who sealed: senders sign what they send.

const keyLength = 32;

type Buffered = Parameters<HkdfSha256["extract"]>[0];

/** The library's HKDF asks WebCrypto, which hops through its threads at each of a message's dozen steps: this one stays here. */
class DirectHkdf extends HkdfSha256 {
  override async extract(salt: Buffered, ikm: Buffered): Promise<ArrayBuffer> {
    return bufferOf(createHmac("sha256", bytesOf(salt)).update(bytesOf(ikm)).digest());
  }

  override async extractAndExpand(salt: Buffered, ikm: Buffered, info: Buffered, length: number): Promise<ArrayBuffer> {
    return hkdfSync("sha256", bytesOf(ikm), bytesOf(salt), bytesOf(info), length);
  }
}

/** The library's KEM over that HKDF. */
class DirectKem extends DhkemX25519HkdfSha256 {
  constructor() {
    super();
    this._kdf = new DirectHkdf();
    // suite_id of RFC 9180 section 4.1.
    this._kdf.init(concatBytes(new TextEncoder().encode("KEM"), new Uint8Array([this.id >> 8, this.id & 0xff])));
  }
}

function bytesOf(buffer: Buffered): Uint8Array {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}

const suite = new CipherSuite({ kem: new DirectKem(), kdf: new DirectHkdf(), aead: new Aes256Gcm() });

/** X25519 keys, 32 bytes each. */
export interface EncryptionKey {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** A fresh key pair: DeriveKeyPair (RFC 9180 section 7.1.3) of 32 random bytes. */
export async function generateEncryptionKey(random: RandomBytes): Promise<EncryptionKey> {
  const pair = await suite.kem.deriveKeyPair(bufferOf(random(keyLength)));
  return {
    publicKey: new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey)),
    privateKey: new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey)),
  };
}

export interface SealParts {
  /** The recipient's public key, 32 bytes. */
  readonly to: Uint8Array;
  /** What the message is bound to; it opens with the same bytes only. */
  readonly info: Uint8Array;
  readonly aad?: Uint8Array;
  readonly plaintext: Uint8Array;
  /** Source of the ephemeral key; without it WebCrypto draws one. Never the same bytes twice. */
  readonly random?: RandomBytes;
}

/** Seals to a public key: encapsulated key (32 bytes) ‖ ciphertext ‖ tag (16 bytes). Throws `crypto/bad-key`. */
export async function seal({ to, info, aad, plaintext, random }: SealParts): Promise<Uint8Array> {
  const ephemeral = random === undefined ? {} : { ekm: bufferOf(random(keyLength)) };
  const context = await senderContext(to, { info: bufferOf(info), ...ephemeral });
  const ciphertext = await context.seal(bufferOf(plaintext), bufferOf(aad ?? new Uint8Array()));
  return concatBytes(new Uint8Array(context.enc), new Uint8Array(ciphertext));
}

export interface OpenParts {
  readonly privateKey: Uint8Array;
  readonly info: Uint8Array;
  readonly aad?: Uint8Array;
  readonly sealed: Uint8Array;
}

/**
 * Opens what `seal` made for this key, info and aad. Throws `crypto/cannot-open` whatever is wrong with the message: the
 * cause is not kept, so that neither key nor plaintext can reach a log.
 */
export async function open({ privateKey, info, aad, sealed }: OpenParts): Promise<Uint8Array> {
  try {
    const recipientKey = await suite.kem.importKey("raw", bufferOf(privateKey), false);
    const enc = bufferOf(sealed.subarray(0, keyLength));
    const context = await suite.createRecipientContext({ recipientKey, enc, info: bufferOf(info) });
    return new Uint8Array(await context.open(bufferOf(sealed.subarray(keyLength)), bufferOf(aad ?? new Uint8Array())));
  } catch {
    throw new FarshoreError({
      code: "crypto/cannot-open",
      message: `a sealed message of ${sealed.length} bytes does not open with this key and context`,
      facts: { bytes: sealed.length },
      remedy: "it was changed on its way, or sealed to another key or for another context: ask the sender again",
    });
  }
}

/** A point of low order is refused at the encapsulation: its shared secret would be zero, whoever seals. */
async function senderContext(to: Uint8Array, parts: { info: ArrayBuffer; ekm?: ArrayBuffer }) {
  try {
    const recipientPublicKey = await suite.kem.deserializePublicKey(bufferOf(to));
    return await suite.createSenderContext({ recipientPublicKey, ...parts });
  } catch (cause) {
    throw new FarshoreError({
      code: "crypto/bad-key",
      message: `not a usable X25519 public key: ${to.length} bytes`,
      facts: { had: to.length, needed: keyLength },
      remedy: "take the encryption key that the participant registered",
      cause,
    });
  }
}
