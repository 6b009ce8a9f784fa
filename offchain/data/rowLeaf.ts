import { hash } from "node:crypto";
import { FarshoreError } from "../core/errors.ts";
import { sha256 } from "../core/hash.ts";
import type { Table } from "./table.ts";

/** Length of the secret that a commitment's salts are derived from, and of each salt, in bytes. */
export const saltBytes = 32;
/** Separates leaves from inner nodes (RFC 6962 section 2.1), so that no node can be passed off as a row. */
const leafPrefix = 0;
const idLengthBytes = 2;
const longestId = 2 ** 16 - 1;
/** Block of SHA-256, for HMAC (RFC 2104). */
const blockBytes = 64;

/**
 * Bytes of one row: length of the identifier (uint16 LE, 0 where there is none), identifier (UTF-8), features (float64 LE
 * in schema order), label (1 byte).
 */
export function rowBytes(table: Table, index: number): Uint8Array {
  const id = idBytes(table, index);
  const out = Buffer.alloc(rowLength(table, id));
  writeRow(out, 0, table, index, id);
  return out;
}

/** salt_i = HMAC-SHA256(secret, uint32 LE i): one secret opens all rows, and one row's salt opens only that row. */
export function rowSalt(secret: Uint8Array, index: number): Uint8Array {
  return saltsOf(secret)(index);
}

/** Leaf of one row: SHA-256(0x00 || salt || row). Without the salt a row of few columns could be guessed from its leaf. */
export function rowLeaf(salt: Uint8Array, row: Uint8Array): Uint8Array {
  return sha256(Uint8Array.of(leafPrefix), salt, row);
}

/** Leaves of all rows in order, 32 bytes each. One buffer for all rows: 100 000 rows stay far below a second. */
export function rowLeaves(table: Table, secret: Uint8Array): Uint8Array[] {
  const salt = saltsOf(secret);
  const leaves: Uint8Array[] = new Array(table.rows);
  let buffer = Buffer.alloc(0);
  for (let i = 0; i < table.rows; i++) {
    const id = idBytes(table, i);
    const length = 1 + saltBytes + rowLength(table, id);
    if (buffer.length < length) buffer = Buffer.alloc(length);
    buffer[0] = leafPrefix;
    buffer.set(salt(i), 1);
    writeRow(buffer, 1 + saltBytes, table, i, id);
    leaves[i] = hash("sha256", buffer.subarray(0, length), "buffer");
  }
  return leaves;
}

/** HMAC with its padded keys prepared once: two one-shot hashes a row instead of a new HMAC object. */
function saltsOf(secret: Uint8Array): (index: number) => Uint8Array {
  if (secret.length !== saltBytes) {
    throw new FarshoreError({
      code: "data/bad-salt",
      message: `the salt of a commitment has ${saltBytes} bytes, not ${secret.length}`,
      facts: { had: secret.length, needed: saltBytes },
      remedy: "draw it from the operating system's randomness and keep it with the data",
    });
  }
  const inner = Buffer.alloc(blockBytes + 4, 0x36);
  const outer = Buffer.alloc(blockBytes + 32, 0x5c);
  for (let i = 0; i < saltBytes; i++) {
    inner[i] = 0x36 ^ (secret[i] as number);
    outer[i] = 0x5c ^ (secret[i] as number);
  }
  return (index) => {
    inner.writeUInt32LE(index, blockBytes);
    outer.set(hash("sha256", inner, "buffer"), blockBytes);
    return hash("sha256", outer, "buffer");
  };
}

function idBytes(table: Table, index: number): Uint8Array {
  const bytes = Buffer.from(table.ids?.[index] ?? "", "utf8");
  if (bytes.length <= longestId) return bytes;
  throw new FarshoreError({
    code: "data/id-too-long",
    message: `the identifier of row ${index + 1} has ${bytes.length} bytes`,
    facts: { row: index + 1, had: bytes.length, needed: longestId },
    remedy: "check that the identifier column is the right one",
  });
}

function rowLength(table: Table, id: Uint8Array): number {
  return idLengthBytes + id.length + 8 * table.columns.length + 1;
}

function writeRow(out: Buffer, start: number, table: Table, index: number, id: Uint8Array): void {
  let offset = out.writeUInt16LE(id.length, start);
  out.set(id, offset);
  offset += id.length;
  for (const column of table.columns) offset = out.writeDoubleLE(column[index] as number, offset);
  out[offset] = table.labels[index] as number;
}
