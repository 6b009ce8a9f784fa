import { FarshoreError } from "./errors.ts";

/** Deeper values are refused: they come from a cycle or from somebody who wants the stack to overflow. */
const deepest = 256;

/**
 * Canonical JSON of RFC 8785 (JCS): no white space, members sorted by the UTF-16 code units of their names, numbers as
 * ECMAScript writes them. What is signed or hashed as JSON goes through here.
 *
 * Throws `core/not-canonical` with the path of the field for what JSON cannot say without loss: NaN, infinities,
 * undefined, bigint, functions, symbols, lone surrogates, and objects that are neither plain nor arrays.
 */
export function canonicalJson(value: unknown): string {
  return write(value, "", 0);
}

function write(value: unknown, path: string, depth: number): string {
  if (depth > deepest) throw refused(path, `nested deeper than ${deepest} levels`);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return writeNumber(value, path);
  if (typeof value === "string") return writeString(value, path);
  if (Array.isArray(value)) return writeArray(value, path, depth);
  if (typeof value === "object") return writeObject(value, path, depth);
  throw refused(path, `${typeof value} is not a JSON value`);
}

function writeNumber(value: number, path: string): string {
  if (!Number.isFinite(value)) throw refused(path, `${value} is not a JSON number`);
  return JSON.stringify(value);
}

function writeString(value: string, path: string): string {
  // With the u flag a surrogate matches only where it stands alone (RFC 8785 section 3.2.2.2).
  if (/\p{Surrogate}/u.test(value)) throw refused(path, "the text has a lone surrogate");
  return JSON.stringify(value);
}

function writeArray(items: readonly unknown[], path: string, depth: number): string {
  // Array.from visits holes as undefined, which is refused; `map` would skip them.
  return `[${Array.from(items, (item, i) => write(item, `${path}[${i}]`, depth + 1)).join(",")}]`;
}

function writeObject(value: object, path: string, depth: number): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw refused(path, "not a plain object");
  const members = Object.keys(value)
    .sort()
    .map((key) => {
      const field = path === "" ? key : `${path}.${key}`;
      return `${writeString(key, field)}:${write((value as Record<string, unknown>)[key], field, depth + 1)}`;
    });
  return `{${members.join(",")}}`;
}

function refused(path: string, reason: string): FarshoreError {
  return new FarshoreError({
    code: "core/not-canonical",
    message: `canonical JSON: ${path === "" ? "the value" : path}: ${reason}`,
    facts: { path, reason },
    remedy: "write large integers as decimal strings and leave absent fields out",
  });
}
