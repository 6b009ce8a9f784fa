import { withOpenFile } from "./duckdb.ts";
import { type Examination, examine } from "./examine.ts";
import { refusalError } from "./refusal.ts";
import { type DatasetSchema, featuresOf } from "./schema.ts";
import { locateSource } from "./source.ts";
import type { Table } from "./table.ts";

/**
 * The rows of a CSV or Parquet file in file order, every value checked against the schema. Columns that the schema does not
 * name are not read. Throws `FarshoreError` with facts {file, column, row, expected} for the first thing refused:
 * data/unsupported-format, data/unreadable, data/missing-column, data/duplicate-column, data/no-label, data/no-rows,
 * data/missing-value, data/not-a-number, data/not-an-integer, data/out-of-range, data/duplicate-id, data/one-class.
 */
export async function readTable(path: string, schema: DatasetSchema): Promise<Table> {
  const source = locateSource(path);
  const found = await withOpenFile(source, (file) => examine(file, schema));
  const first = found.refusals[0];
  if (first !== undefined) throw refusalError(source.name, first, found.refusals.length - 1);
  return tableOf(found, schema);
}

function tableOf(found: Examination, schema: DatasetSchema): Table {
  const numbers = (name: string) => found.numbers.get(name) as Float64Array;
  const label = schema.columns.find((column) => column.type === "label") as { name: string };
  return {
    rows: found.rows,
    ids: found.ids as string[] | null,
    columns: featuresOf(schema).map((column) => numbers(column.name)),
    labels: Uint8Array.from(numbers(label.name)),
  };
}
