import type { OpenFile } from "./duckdb.ts";
import { type Refusal, refusal } from "./refusal.ts";
import type { DatasetSchema, SchemaColumn } from "./schema.ts";

/** Rows named per refusal; more are counted, not listed. */
const rowsListed = 5;

type NumericColumn = Exclude<SchemaColumn, { type: "identifier" }>;

/** What a file holds of a schema's columns, and every reason why it would be refused. */
export interface Examination {
  readonly rows: number;
  /** By column name; NaN where there is no number. Columns that the file lacks are absent. */
  readonly numbers: ReadonlyMap<string, Float64Array>;
  readonly ids: readonly (string | null)[] | null;
  readonly extraColumns: readonly string[];
  /** In the order: header, columns in schema order, whole table. */
  readonly refusals: readonly Refusal[];
}

/** Reads the schema's columns and collects all refusals; never throws for what the file says. */
export async function examine(file: OpenFile, schema: DatasetSchema): Promise<Examination> {
  const present = schema.columns.filter((column) => file.header.includes(column.name));
  const numeric = present.filter((column): column is NumericColumn => column.type !== "identifier");
  const identifier = present.find((column) => column.type === "identifier");
  const position = (column: SchemaColumn) => file.header.indexOf(column.name);
  if (present.length === 0) {
    return {
      rows: 0,
      numbers: new Map(),
      ids: null,
      extraColumns: [...file.header],
      refusals: refuseHeader(file.header, schema),
    };
  }
  const read = await file.read({
    numbers: numeric.map(position),
    texts: identifier === undefined ? [] : [position(identifier)],
  });
  const values = read.numbers;
  const ids = read.texts[0] ?? null;
  const numbers = new Map(numeric.map((column, i) => [column.name, values[i] as Float64Array]));
  const rows = ids?.length ?? values[0]?.length ?? 0;
  const extraColumns = file.header.filter((name) => !schema.columns.some((column) => column.name === name));
  const headerRefusals = refuseHeader(file.header, schema);
  if (rows === 0) {
    return {
      rows,
      numbers,
      ids,
      extraColumns,
      refusals: [...headerRefusals, refusal("data/no-rows", null, "at least one row")],
    };
  }
  const rowRefusals: Refusal[] = [];
  for (const column of present) {
    rowRefusals.push(
      ...(column.type === "identifier"
        ? refuseIds(column.name, ids ?? [])
        : await refuseNumbers(file, column, numbers.get(column.name) as Float64Array)),
    );
  }
  return {
    rows,
    numbers,
    ids,
    extraColumns,
    refusals: [...headerRefusals, ...rowRefusals, ...refuseClasses(schema, numbers)],
  };
}

function refuseHeader(header: readonly string[], schema: DatasetSchema): Refusal[] {
  return schema.columns.flatMap((column) => {
    const found = header.filter((name) => name === column.name).length;
    if (found === 1) return [];
    if (found > 1) return [refusal("data/duplicate-column", column.name, "one column of this name")];
    if (column.type === "label") return [refusal("data/no-label", column.name, "a column of labels")];
    return [refusal("data/missing-column", column.name, "a column of this name")];
  });
}

async function refuseNumbers(file: OpenFile, column: NumericColumn, values: Float64Array): Promise<Refusal[]> {
  const { min, max } = column.type === "label" ? { min: 0, max: 1 } : column;
  const whole = column.type !== "number";
  const notFinite = new RowList();
  const outside = new RowList();
  const fraction = new RowList();
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // One comparison lets a good value pass; NaN fails it.
    if (value >= min && value <= max) {
      if (whole && !Number.isInteger(value)) fraction.add(i);
    } else if (Number.isNaN(value)) notFinite.add(i);
    else outside.add(i);
  }
  const expected = column.type === "label" ? "0 or 1" : `${min} to ${max}`;
  const outsideCode = "data/out-of-range";
  return [
    ...(notFinite.count === 0 ? [] : await refuseNotNumbers(file, column, values)),
    ...outside.refusals(outsideCode, column.name, expected),
    ...fraction.refusals(
      column.type === "label" ? outsideCode : "data/not-an-integer",
      column.name,
      column.type === "label" ? expected : "whole numbers",
    ),
  ];
}

/** Reads the column again as text, to tell nothing from something that is not a number. */
async function refuseNotNumbers(file: OpenFile, column: NumericColumn, values: Float64Array): Promise<Refusal[]> {
  const texts = (await file.read({ texts: [file.header.indexOf(column.name)] })).texts[0] ?? [];
  const missing = new RowList();
  const text = new RowList();
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) (isBlank(texts[i]) ? missing : text).add(i);
  }
  return [
    ...missing.refusals("data/missing-value", column.name, "a value in every row"),
    ...text.refusals("data/not-a-number", column.name, "a number"),
  ];
}

function refuseIds(name: string, ids: readonly (string | null)[]): Refusal[] {
  const missing = new RowList();
  const repeated = new RowList();
  const seen = new Set<string>();
  ids.forEach((id, i) => {
    if (isBlank(id)) missing.add(i);
    else if (seen.has(id as string)) repeated.add(i);
    else seen.add(id as string);
  });
  return [
    ...missing.refusals("data/missing-value", name, "an identifier in every row"),
    ...repeated.refusals("data/duplicate-id", name, "an identifier of its own in every row"),
  ];
}

function refuseClasses(schema: DatasetSchema, numbers: ReadonlyMap<string, Float64Array>): Refusal[] {
  const label = schema.columns.find((column) => column.type === "label") as SchemaColumn;
  const values = numbers.get(label.name);
  if (values === undefined || (values.includes(0) && values.includes(1))) return [];
  return [refusal("data/one-class", label.name, "rows with label 0 and rows with label 1")];
}

function isBlank(text: string | null | undefined): boolean {
  return text === null || text === undefined || text.trim() === "";
}

/** Counts rows and lists the first few. */
class RowList {
  readonly rows: number[] = [];
  count = 0;

  add(index: number): void {
    this.count++;
    if (this.rows.length < rowsListed) this.rows.push(index + 1);
  }

  refusals(code: Refusal["code"], column: string, expected: string): Refusal[] {
    return this.count === 0 ? [] : [refusal(code, column, expected, this.rows, this.count)];
  }
}
