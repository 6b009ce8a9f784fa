import type { Hex } from "../core/bytes.ts";
import type { Table } from "./table.ts";
import { decodeValidation, verifyValidation } from "./validationRows.ts";

/** What the terms and the specification of a job say of its validation rows. */
export interface Commitment {
  readonly root: Hex;
  readonly rows: number;
  /** Declared ranges of the specification's features, in its order. */
  readonly features: readonly { readonly min: number; readonly max: number }[];
}

/**
 * The rows of a delivered payload when they are those that a job commits to, each value within the range that its specification
 * declares: beyond them a score would be no number. Null for anything else, whatever is wrong with it.
 */
export function committedRows(payload: Uint8Array, { root, rows, features }: Commitment): Table | null {
  try {
    verifyValidation(payload, root, rows);
    const { table } = decodeValidation(payload);
    const fits =
      table.columns.length === features.length && table.columns.every((column, i) => isWithin(column, features[i]));
    return fits ? table : null;
  } catch {
    return null;
  }
}

function isWithin(column: Float64Array, range: { readonly min: number; readonly max: number } | undefined): boolean {
  return range !== undefined && column.every((value) => value >= range.min && value <= range.max);
}
