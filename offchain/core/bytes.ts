import { FarshoreError } from "./errors.ts";

export type Hex = `0x${string}`;
export type Address = Hex;

/** Lower-case hex with 0x. */
export function bytesToHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

/** Bytes of a 0x-prefixed hex string of even length; throws `core/bad-hex`. */
export function hexToBytes(hex: string): Uint8Array {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(hex)) {
    throw new FarshoreError({
      code: "core/bad-hex",
      message: `expected 0x and an even number of hex digits, got ${JSON.stringify(hex.slice(0, 20))}`,
    });
  }
  return new Uint8Array(Buffer.from(hex.slice(2), "hex"));
}

/** One array holding all parts in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** True when both hold the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/**
 * The bytes alone in a buffer of their own, as WebCrypto takes them: a view into a larger one would bring its neighbours along. One that
 * fills its buffer is given as it is, no copy: WebCrypto makes its own before it returns.
 */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  if (bytes.buffer instanceof ArrayBuffer && bytes.length === bytes.buffer.byteLength) return bytes.buffer;
  const out = new ArrayBuffer(bytes.length);
  new Uint8Array(out).set(bytes);
  return out;
}
