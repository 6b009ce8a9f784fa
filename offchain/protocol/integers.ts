import { FarshoreError } from "../core/errors.ts";

/** An update's integers as bytes: int64, little endian, in order. */
export function encodeIntegers(values: BigInt64Array): Uint8Array {
  const out = new Uint8Array(values.length * 8);
  const view = new DataView(out.buffer);
  values.forEach((value, i) => {
    view.setBigInt64(i * 8, value, true);
  });
  return out;
}

/** Reverse of `encodeIntegers`; throws `update/bad-length` or `update/out-of-bound` (with the index, never the value). */
export function decodeIntegers(bytes: Uint8Array, length: number, bound: bigint): BigInt64Array {
  if (bytes.length !== length * 8) {
    throw new FarshoreError({
      code: "update/bad-length",
      message: `an update of ${bytes.length} bytes, expected ${length * 8}`,
      facts: { had: bytes.length, needed: length * 8 },
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new BigInt64Array(length);
  for (let i = 0; i < length; i++) {
    const value = view.getBigInt64(i * 8, true);
    if (value > bound || value < -bound) {
      throw new FarshoreError({
        code: "update/out-of-bound",
        message: `value ${i} of an update is beyond its public bound`,
        facts: { index: i, bound },
      });
    }
    out[i] = value;
  }
  return out;
}

/** float64 values as bytes, little endian: what state hashes cover. */
export function encodeFloats(values: Float64Array): Uint8Array {
  const out = new Uint8Array(values.length * 8);
  const view = new DataView(out.buffer);
  values.forEach((value, i) => {
    view.setFloat64(i * 8, value, true);
  });
  return out;
}

/** Reverse of `encodeFloats`; throws `state/bad-length`. */
export function decodeFloats(bytes: Uint8Array, length: number): Float64Array {
  if (bytes.length !== length * 8) {
    throw new FarshoreError({
      code: "state/bad-length",
      message: `a state of ${bytes.length} bytes, expected ${length * 8}`,
      facts: { had: bytes.length, needed: length * 8 },
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length }, (_, i) => view.getFloat64(i * 8, true));
}
