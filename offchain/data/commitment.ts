import { bytesToHex, type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { merkleProof, merkleRoot, verifyMerkleProof } from "../crypto/merkle.ts";
import { rowBytes, rowLeaf, rowLeaves, rowSalt } from "./rowLeaf.ts";
import { type DatasetSchema, schemaHash } from "./schema.ts";
import type { Table } from "./table.ts";

/** What an asset's version states on the chain about its rows. */
export interface DatasetCommitment {
  /** Merkle root (SHA-256) of the salted rows in file order. */
  readonly root: Hex;
  readonly rows: number;
  readonly schemaHash: Hex;
}

/** Shows that one row is in a committed dataset, and nothing about the others. */
export interface RowProof {
  readonly index: number;
  /** As written by `rowBytes`. */
  readonly row: Uint8Array;
  readonly salt: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/**
 * Commits to all rows of a dataset: leaf_i = SHA-256(0x00 || HMAC(secretSalt, i) || row_i).
 * `secretSalt` is 32 bytes of the operating system's randomness, kept with the data: who knows it can test guesses of rows.
 */
export function commitDataset(table: Table, schema: DatasetSchema, secretSalt: Uint8Array): DatasetCommitment {
  const root = bytesToHex(merkleRoot(rowLeaves(table, secretSalt)));
  return { root, rows: table.rows, schemaHash: schemaHash(schema) };
}

/** Proof of row `index` (0-based, file order). It opens that row and its salt only. */
export function rowProof(table: Table, secretSalt: Uint8Array, index: number): RowProof {
  if (!Number.isInteger(index) || index < 0 || index >= table.rows) {
    throw new FarshoreError({
      code: "data/no-such-row",
      message: `row index ${index} is not in a table of ${table.rows} rows`,
      facts: { index, rows: table.rows },
    });
  }
  const path = merkleProof(rowLeaves(table, secretSalt), index);
  return { index, row: rowBytes(table, index), salt: rowSalt(secretSalt, index), path };
}

/** True when the proof opens `root` at its index. */
export function verifyRow(commitment: Pick<DatasetCommitment, "root" | "rows">, proof: RowProof): boolean {
  const leaf = rowLeaf(proof.salt, proof.row);
  return verifyMerkleProof(hexToBytes(commitment.root), leaf, proof.index, commitment.rows, proof.path);
}
