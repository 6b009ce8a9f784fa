import { FarshoreError } from "../core/errors.ts";

export type RefusalCode =
  | "data/missing-column"
  | "data/duplicate-column"
  | "data/no-label"
  | "data/no-rows"
  | "data/missing-value"
  | "data/not-a-number"
  | "data/not-an-integer"
  | "data/out-of-range"
  | "data/duplicate-id"
  | "data/one-class";

/** One reason why a file is refused. Rows count from 1, the first below the header. */
export interface Refusal {
  readonly code: RefusalCode;
  /** null where the file as a whole is meant. */
  readonly column: string | null;
  /** How many rows have it; 0 where no row is meant. */
  readonly count: number;
  /** The first rows that have it. */
  readonly rows: readonly number[];
  readonly expected: string;
  /** Column, rows and what was expected, without a value. */
  readonly message: string;
  readonly remedy: string;
}

const remedies: Readonly<Record<RefusalCode, string>> = {
  "data/missing-column": "add the column to the file, or take it out of the schema",
  "data/duplicate-column": "keep one column of this name",
  "data/no-label": "add the column with the outcome (0 or 1) that the schema names as label",
  "data/no-rows": "check the export: the file has a header and nothing below",
  "data/missing-value": "fill the value by the rule your model policy allows, or leave the row out",
  "data/not-a-number": "write plain numbers with a decimal point: no text, thousands separators or units",
  "data/not-an-integer": "declare the column as a number, or correct the values",
  "data/out-of-range": "correct the value, or declare a wider range and list the asset again",
  "data/duplicate-id": "keep one row per identifier",
  "data/one-class": "add rows of the other class: nothing can be learned from one",
};

/** A refusal with the remedy of its code. */
export function refusal(
  code: RefusalCode,
  column: string | null,
  expected: string,
  rows: readonly number[] = [],
  count = rows.length,
): Refusal {
  const where = [column === null ? [] : [`column ${column}`], rowList(rows, count)].flat().join(", ");
  const message = `${where === "" ? "" : `${where}: `}expected ${expected}`;
  return { code, column, count, rows, expected, message, remedy: remedies[code] };
}

function rowList(rows: readonly number[], count: number): string[] {
  if (rows.length === 0) return [];
  const more = count > rows.length ? ` and ${count - rows.length} more` : "";
  return [`row${count === 1 ? "" : "s"} ${rows.join(", ")}${more}`];
}

/** The refusal as an error that names file, column and row, and no value. */
export function refusalError(file: string, first: Refusal, others: number): FarshoreError {
  const row = first.rows[0] ?? null;
  const more = others === 0 ? "" : ` (${others} more kinds of refusal: farshore asset check lists them)`;
  return new FarshoreError({
    code: first.code,
    message: `${file}: ${first.message}${more}`,
    facts: { file, column: first.column, row, count: first.count, expected: first.expected, others },
    remedy: first.remedy,
  });
}
