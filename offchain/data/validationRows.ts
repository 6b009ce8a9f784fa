import { bytesToHex, type Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { merkleRoot } from "../crypto/merkle.ts";
import { rowLeaves, saltBytes } from "./rowLeaf.ts";
import type { Table } from "./table.ts";

/** First byte of the encoding. */
const encodingVersion = 1;
/** Version (uint8), rows (uint32 LE), features (uint16 LE). */
const headBytes = 7;

/**
 * Rows as one canonical byte string: head, then the features column by column (float64 LE), then one byte per label.
 * Identifiers stay behind: scoring needs none, and the rows of an evaluator travel to the whole committee.
 */
export function encodeRows(table: Table): Uint8Array {
  const out = new Uint8Array(encodedLength(table.rows, table.columns.length));
  const view = new DataView(out.buffer);
  view.setUint8(0, encodingVersion);
  view.setUint32(1, table.rows, true);
  view.setUint16(5, table.columns.length, true);
  let offset = headBytes;
  for (const column of table.columns) {
    for (let i = 0; i < table.rows; i++, offset += 8) view.setFloat64(offset, column[i] as number, true);
  }
  out.set(table.labels, offset);
  return out;
}

/** The rows of `encodeRows`; `data/bad-validation` for anything that it would not have written. */
export function decodeRows(bytes: Uint8Array): Table {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headBytes || view.getUint8(0) !== encodingVersion)
    throw badValidation("not an encoding of rows, version 1");
  const rows = view.getUint32(1, true);
  const features = view.getUint16(5, true);
  if (rows === 0 || features === 0) throw badValidation("no rows or no features");
  // Before anything is allocated: the head is what a stranger claims.
  if (bytes.length !== encodedLength(rows, features)) throw badValidation("the length is not what the head says");
  const columns = Array.from({ length: features }, (_, c) => decodeColumn(view, headBytes + 8 * rows * c, rows));
  const labels = Uint8Array.from(bytes.subarray(bytes.length - rows));
  if (labels.some((label) => label > 1)) throw badValidation("a label is neither 0 nor 1");
  return { rows, ids: null, columns, labels };
}

/** Merkle root of the rows, salted as a dataset's (`commitDataset`) but without identifiers: the root in `JobTerms`. */
export function validationRoot(table: Table, salt: Uint8Array): Hex {
  return bytesToHex(merkleRoot(rowLeaves({ ...table, ids: null }, salt)));
}

/** Salt (32 bytes) and rows: what is delivered to the committee, which can then check the root itself. */
export function encodeValidation(table: Table, salt: Uint8Array): Uint8Array {
  if (salt.length !== saltBytes) throw badValidation(`the salt has ${salt.length} bytes, not ${saltBytes}`);
  const rows = encodeRows(table);
  const out = new Uint8Array(saltBytes + rows.length);
  out.set(salt, 0);
  out.set(rows, saltBytes);
  return out;
}

/** Table (without identifiers) and salt of a delivered payload; `data/bad-validation` where it is none. */
export function decodeValidation(bytes: Uint8Array): { table: Table; salt: Uint8Array } {
  if (bytes.length < saltBytes) throw badValidation("shorter than its salt");
  return { salt: bytes.slice(0, saltBytes), table: decodeRows(bytes.subarray(saltBytes)) };
}

/** Checks a delivered payload against the root and row count in `JobTerms`; throws `data/bad-validation` where they differ. */
export function verifyValidation(bytes: Uint8Array, root: Hex, rows: number): void {
  const { table, salt } = decodeValidation(bytes);
  if (table.rows !== rows) throw badValidation(`${table.rows} rows were delivered, the terms say ${rows}`);
  if (validationRoot(table, salt) !== root.toLowerCase()) throw badValidation("the rows are not those of the root");
}

function encodedLength(rows: number, features: number): number {
  return headBytes + 8 * rows * features + rows;
}

function decodeColumn(view: DataView, offset: number, rows: number): Float64Array {
  const column = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const value = view.getFloat64(offset + 8 * i, true);
    if (!Number.isFinite(value)) throw badValidation("a feature is not a finite number");
    column[i] = value;
  }
  return column;
}

function badValidation(reason: string): FarshoreError {
  return new FarshoreError({
    code: "data/bad-validation",
    message: `validation rows: ${reason}`,
    facts: { reason },
    remedy: "deliver the payload that the validation root was made of",
  });
}
