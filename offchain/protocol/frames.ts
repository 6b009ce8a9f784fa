import { FarshoreError } from "../core/errors.ts";

const lengthBytes = 4;

/** Byte strings one behind the other, each after its length (uint32, little endian). */
export function encodeFrames(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + lengthBytes + part.length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    out.set(part, at + lengthBytes);
    at += lengthBytes + part.length;
  }
  return out;
}

/** Reverse of `encodeFrames` for exactly `count` parts; throws `message/malformed`. */
export function decodeFrames(bytes: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let at = 0;
  while (parts.length < count && at + lengthBytes <= bytes.length) {
    const end = at + lengthBytes + view.getUint32(at, true);
    if (end > bytes.length) break;
    parts.push(bytes.subarray(at + lengthBytes, end));
    at = end;
  }
  if (parts.length === count && at === bytes.length) return parts;
  throw new FarshoreError({
    code: "message/malformed",
    message: `a message of ${bytes.length} bytes is not the ${count} parts that it should be`,
    facts: { had: bytes.length, parts: count },
    remedy: "the sender runs another release, or the message was cut: send it again",
  });
}
