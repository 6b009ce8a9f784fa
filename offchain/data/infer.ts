import { extname } from "node:path";
import { FarshoreError } from "../core/errors.ts";
import { type OpenFile, withOpenFile } from "./duckdb.ts";
import { type DatasetSchema, parseSchema } from "./schema.ts";
import { locateSource } from "./source.ts";

/** A proposal to be edited by its owner, and what to look at while doing so. */
export interface SchemaProposal {
  readonly schema: DatasetSchema;
  readonly warnings: readonly string[];
}

interface Column {
  readonly name: string;
  /** NaN where there is no number. */
  readonly values: Float64Array;
  readonly numbers: Float64Array;
}

const identifierName = /^(id|.*[_ ]id|.*Id|uuid|key)$|^ID$/;
const labelName = /^(y|label|target|default|outcome|class)$|default|bad_?flag/i;

const publicRanges =
  "the ranges are proposed from the rows and become public with the listing: replace them by what each quantity can be";
const meanings = "the meanings are placeholders: say what each column tells about a record";

/**
 * Proposes a schema for a CSV or Parquet file: types from the values, ranges widened to round numbers. A column of text that
 * is no identifier is left out with a warning. Throws `data/unreadable`, `data/unsupported-format`, `data/no-rows`, and
 * `data/no-label` where no column, or more than one, could be the label.
 */
export async function inferSchema(path: string): Promise<SchemaProposal> {
  const source = locateSource(path);
  const columns = await withOpenFile(source, readColumns);
  if ((columns[0]?.values.length ?? 0) === 0) throw noRows(source.name);
  const identifier = columns.find(({ name }) => identifierName.test(name))?.name;
  const label = labelOf(columns, source.name);
  const text = columns.filter((c) => c.numbers.length === 0 && c.name !== identifier);
  const gaps = columns.filter(
    (c) => c.name !== identifier && c.numbers.length > 0 && c.numbers.length < c.values.length,
  );
  const proposed = columns.filter((c) => !text.includes(c)).map((c) => propose(c, identifier, label, source.name));
  return {
    schema: parseSchema({ name: source.name.slice(0, -extname(source.name).length), version: 1, columns: proposed }),
    warnings: [
      publicRanges,
      meanings,
      ...text.map((c) => `column ${c.name} holds no numbers and was left out`),
      ...gaps.map(
        (c) => `column ${c.name}: ${c.values.length - c.numbers.length} rows without a number would be refused`,
      ),
    ],
  };
}

async function readColumns(file: OpenFile): Promise<Column[]> {
  if (file.header.length === 0) return [];
  const { numbers } = await file.read({ numbers: file.header.map((_, i) => i) });
  return numbers.map((values, i) => ({
    name: file.header[i] as string,
    values,
    numbers: values.filter((value) => Number.isFinite(value)),
  }));
}

/** The one column of zeros and ones that a label's name points at, or the only column of zeros and ones. */
function labelOf(columns: readonly Column[], file: string): string {
  const binary = columns.filter(
    (c) => c.numbers.includes(0) && c.numbers.includes(1) && c.numbers.every((v) => v === 0 || v === 1),
  );
  const named = binary.filter((c) => labelName.test(c.name));
  const candidates = named.length > 0 ? named : binary;
  if (candidates.length === 1) return (candidates[0] as Column).name;
  throw new FarshoreError({
    code: "data/no-label",
    message: `${file}: ${candidates.length === 0 ? "no column" : "more than one column"} of zeros and ones could be the label`,
    facts: { file, candidates: candidates.map((c) => c.name).join(", ") },
    remedy: "write the schema by hand and name the label, or rename its column to label",
  });
}

function propose(
  { name, numbers }: Column,
  identifier: string | undefined,
  label: string,
  file: string,
): Record<string, unknown> {
  const described = { name, meaning: `column ${name} of ${file}`, nullable: false };
  if (name === identifier) return { ...described, type: "identifier" };
  if (name === label) return { ...described, type: "label" };
  const whole = numbers.every((value) => Number.isSafeInteger(value));
  return { ...described, type: whole ? "integer" : "number", ...roundRange(numbers, whole) };
}

/** The range widened to multiples of the power of ten below its larger end: 0.3..847 becomes 0..900. */
export function roundRange(numbers: Float64Array, whole: boolean): { min: number; max: number } {
  const low = numbers.reduce((a, b) => Math.min(a, b));
  const high = numbers.reduce((a, b) => Math.max(a, b));
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const power = largest === 0 ? 0 : Math.floor(Math.log10(largest));
  const unit = 10 ** (whole ? Math.max(power, 0) : power);
  // Twelve digits take away what the division left behind (0.30000000000000004).
  const tidy = (value: number) => Number((value * unit).toPrecision(12));
  const min = tidy(Math.floor(low / unit));
  const max = tidy(Math.ceil(high / unit));
  return { min: Math.min(min, low), max: min < max ? Math.max(max, high) : tidy(Math.ceil(high / unit) + 1) };
}

function noRows(file: string): FarshoreError {
  return new FarshoreError({
    code: "data/no-rows",
    message: `${file} has no rows`,
    facts: { file },
    remedy: "give a file with rows: types and ranges are proposed from them",
  });
}
