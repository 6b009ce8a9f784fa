import { checksumAddress } from "viem";
import type { Address } from "../core/bytes.ts";

// Small fields that share a word of 256 bits in calls and events. Pure.

/** A field of a word: its value and its width in bits. */
export type Field = readonly [value: bigint | number | boolean, bits: number];

/** The fields from the highest to the lowest bits. Throws `RangeError` when one does not fit its width. */
export function word(...fields: readonly Field[]): bigint {
  return fields.reduce((bits, [value, width]) => {
    const field = BigInt(value);
    if (field < 0n || field >> BigInt(width) !== 0n) throw new RangeError(`${field} does not fit ${width} bits`);
    return (bits << BigInt(width)) | field;
  }, 0n);
}

/** Values of these widths, from the highest to the lowest bits. */
export function fieldsOf(packed: bigint, widths: readonly number[]): bigint[] {
  const fields: bigint[] = [];
  let rest = packed;
  for (const width of widths.toReversed()) {
    fields.unshift(BigInt.asUintN(width, rest));
    rest >>= BigInt(width);
  }
  return fields;
}

/** The lowest 160 bits, checksummed. */
export function addressOf(value: bigint): Address {
  return checksumAddress(`0x${value.toString(16).padStart(40, "0")}`);
}

/** A signed number of 64 bits in two's complement. Throws `RangeError` for a larger one. */
export function unsigned64(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} does not fit 64 bits`);
  return BigInt.asUintN(64, value);
}

export function signed64(bits: bigint): bigint {
  return BigInt.asIntN(64, bits);
}
