import { type Hex, hexToBytes } from "./bytes.ts";
import { FarshoreError } from "./errors.ts";
import { keccak256 } from "./hash.ts";

/** A field of a struct, by its Solidity type. */
export interface StructField {
  readonly name: string;
  readonly type: string;
}

const wordBytes = 32;

/**
 * The type hash and one word a field (EIP-712, `encodeData`) of a struct of integers, addresses and bytes32 alone; undefined for any other
 * struct. Nodes hash such a statement for every message that they read, and a general encoder spends ten times as long on it.
 * Throws `core/bad-field` for a field that is missing, of another type or out of its range.
 */
export function encodeStatic(
  name: string,
  fields: readonly StructField[],
  message: Readonly<Record<string, unknown>>,
): Uint8Array | undefined {
  const layout = layoutOf(name, fields);
  if (layout === undefined) return undefined;
  const words = new Uint8Array(wordBytes * (fields.length + 1));
  words.set(layout.typeHash);
  fields.forEach((field, i) => {
    words.set(wordOf(field, message[field.name]), wordBytes * (i + 1));
  });
  return words;
}

interface Layout {
  readonly typeHash: Uint8Array;
}

const layouts = new Map<string, Layout | undefined>();
const oneWord = /^(u?int[0-9]+|address|bytes32)$/;

function layoutOf(name: string, fields: readonly StructField[]): Layout | undefined {
  if (layouts.has(name)) return layouts.get(name);
  const text = `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(",")})`;
  const isStatic = fields.every(({ type }) => oneWord.test(type));
  const layout = isStatic ? { typeHash: keccak256(new TextEncoder().encode(text)) } : undefined;
  layouts.set(name, layout);
  return layout;
}

function wordOf(field: StructField, value: unknown): Uint8Array {
  if (field.type === "bytes32") return bytesOf(field, value, wordBytes);
  if (field.type === "address") return leftPadded(bytesOf(field, value, 20));
  return integerWord(field, value);
}

function bytesOf(field: StructField, value: unknown, length: number): Uint8Array {
  if (typeof value !== "string" || value.length !== 2 + 2 * length) throw badField(field);
  return hexToBytes(value as Hex);
}

function leftPadded(bytes: Uint8Array): Uint8Array {
  const word = new Uint8Array(wordBytes);
  word.set(bytes, wordBytes - bytes.length);
  return word;
}

function integerWord(field: StructField, value: unknown): Uint8Array {
  const signed = field.type.startsWith("int");
  const bits = BigInt(field.type.replace(/^u?int/, ""));
  if (typeof value !== "bigint" && !(typeof value === "number" && Number.isSafeInteger(value))) throw badField(field);
  const integer = BigInt(value);
  const most = signed ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
  const least = signed ? -(1n << (bits - 1n)) : 0n;
  if (integer < least || integer > most) throw badField(field);
  return hexToBytes(`0x${BigInt.asUintN(256, integer).toString(16).padStart(64, "0")}`);
}

function badField({ name, type }: StructField): FarshoreError {
  return new FarshoreError({
    code: "core/bad-field",
    message: `field ${name} of a signed struct is no ${type}`,
    facts: { field: name, expected: type },
    remedy: "check the field and its range",
  });
}
