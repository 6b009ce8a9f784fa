import { withOpenFile } from "./duckdb.ts";
import { type Examination, examine } from "./examine.ts";
import type { Refusal } from "./refusal.ts";
import type { DatasetSchema, SchemaColumn } from "./schema.ts";
import { type Format, locateSource } from "./source.ts";

/** What one column of a file holds. Values that are no finite numbers count as missing from min, max, mean and distinct. */
export interface ColumnProfile {
  readonly name: string;
  readonly type: SchemaColumn["type"];
  /** False where the file has no column of this name; all counts are 0 then. */
  readonly present: boolean;
  readonly missing: number;
  readonly notNumbers: number;
  readonly outOfRange: number;
  readonly distinct: number;
  /** null for identifiers, and where no value is a number. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** The range that the schema declares, which is public; null for identifiers and labels. */
  readonly declared: { readonly min: number; readonly max: number } | null;
}

/** Something that is not refused but worth a look. */
export interface DatasetWarning {
  readonly code: "data/extra-column" | "data/constant-column";
  readonly column: string;
  readonly message: string;
}

/** A file held against its schema. */
export interface DatasetReport {
  readonly file: string;
  readonly format: Format;
  readonly schema: string;
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  /** Rows of each class; null where the label column is absent. */
  readonly classes: { readonly zeros: number; readonly ones: number; readonly shareOfOnes: number } | null;
  /** Rows whose identifier an earlier row has. */
  readonly duplicateIds: number;
  readonly warnings: readonly DatasetWarning[];
  /** Everything that `readTable` would refuse, counted, with the first rows of each. */
  readonly refusals: readonly Refusal[];
  /** True when `readTable` would read the file. */
  readonly accepted: boolean;
}

/**
 * Profiles a CSV or Parquet file against its schema and collects every reason to refuse it, by the same rules as
 * `readTable`. The figures are computed from confidential rows: they are for the owner. Throws `data/unsupported-format` or
 * `data/unreadable` where there is nothing to profile.
 */
export async function checkDataset(path: string, schema: DatasetSchema): Promise<DatasetReport> {
  const source = locateSource(path);
  const found = await withOpenFile(source, (file) => examine(file, schema));
  const columns = schema.columns.map((column) => profile(column, found));
  return {
    file: source.name,
    format: source.format,
    schema: schema.name,
    rows: found.rows,
    columns,
    classes: classesOf(schema, found),
    duplicateIds: countOf(found, "data/duplicate-id"),
    warnings: [...found.extraColumns.map(extraColumn), ...columns.filter(isConstant).map(constantColumn)],
    refusals: found.refusals,
    accepted: found.refusals.length === 0,
  };
}

function profile(column: SchemaColumn, found: Examination): ColumnProfile {
  const values = found.numbers.get(column.name);
  return {
    name: column.name,
    type: column.type,
    present: column.type === "identifier" ? found.ids !== null : values !== undefined,
    missing: countOf(found, "data/missing-value", column.name),
    notNumbers: countOf(found, "data/not-a-number", column.name),
    outOfRange: countOf(found, "data/out-of-range", column.name),
    declared: "min" in column ? { min: column.min, max: column.max } : null,
    ...(column.type === "identifier" ? figuresOfIds(found.ids ?? []) : figures(values ?? new Float64Array())),
  };
}

type Figures = Pick<ColumnProfile, "distinct" | "min" | "max" | "mean">;

function figures(values: Float64Array): Figures {
  const numbers = values.filter((value) => Number.isFinite(value));
  if (numbers.length === 0) return { distinct: 0, min: null, max: null, mean: null };
  let [min, max, mean] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] as number;
    min = Math.min(min, value);
    max = Math.max(max, value);
    // Running mean: a sum of large values could overflow.
    mean += (value - mean) / (i + 1);
  }
  return { distinct: new Set(numbers).size, min, max, mean };
}

function figuresOfIds(ids: readonly (string | null)[]): Figures {
  return { distinct: new Set(ids.filter((id) => id !== null)).size, min: null, max: null, mean: null };
}

function classesOf(schema: DatasetSchema, found: Examination): DatasetReport["classes"] {
  const label = schema.columns.find((column) => column.type === "label");
  const values = label === undefined ? undefined : found.numbers.get(label.name);
  if (values === undefined) return null;
  const count = (wanted: number) => values.reduce((sum, value) => sum + (value === wanted ? 1 : 0), 0);
  const [zeros, ones] = [count(0), count(1)];
  return { zeros, ones, shareOfOnes: zeros + ones === 0 ? 0 : ones / (zeros + ones) };
}

function countOf(found: Examination, code: Refusal["code"], column?: string): number {
  return found.refusals
    .filter((r) => r.code === code && (column === undefined || r.column === column))
    .reduce((sum, r) => sum + r.count, 0);
}

function isConstant(column: ColumnProfile): boolean {
  return column.declared !== null && column.distinct === 1;
}

function extraColumn(column: string): DatasetWarning {
  return { code: "data/extra-column", column, message: `column ${column} is not in the schema and is not read` };
}

function constantColumn({ name }: ColumnProfile): DatasetWarning {
  return {
    code: "data/constant-column",
    column: name,
    message: `column ${name} has one value only: it says nothing to a model`,
  };
}
