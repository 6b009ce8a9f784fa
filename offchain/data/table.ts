/** Rows in memory, column by column, in the order of the file. */
export interface Table {
  readonly rows: number;
  /** One per row where the schema has an identifier column, else null. */
  readonly ids: readonly string[] | null;
  /** Features in the order of the schema, each with one finite value per row. */
  readonly columns: readonly Float64Array[];
  /** 0 or 1, one per row. */
  readonly labels: Uint8Array;
}
