import type { DuckDBConnection } from "@duckdb/node-api";
import { readCsvHeader } from "./csvHeader.ts";
import { type Source, unreadable } from "./source.ts";

/** A column as the engine knows it. */
export interface ScanColumn {
  /** Quoted, as SQL names it. */
  readonly name: string;
  readonly numeric: boolean;
  readonly integer: boolean;
}

/** How a file is read in SQL. The path is always the bound parameter `$1`. */
export interface Scan {
  readonly header: readonly string[];
  readonly columns: readonly ScanColumn[];
  /** The table expression; `$1` is the path. */
  readonly from: string;
}

/** Every column as text, named by position: the engine guesses nothing. */
export function csvScan(source: Source): Scan {
  const header = readCsvHeader(source);
  const columns = header.map((_, i) => ({ name: `c${i}`, numeric: false, integer: false }));
  const types = columns.map(({ name }) => `'${name}': 'VARCHAR'`).join(", ");
  const dialect = `delim = ',', quote = '"', escape = '"', comment = '', skip = 0, compression = 'none', strict_mode = true`;
  return {
    header,
    columns,
    from: `read_csv($1, auto_detect = false, header = true, columns = {${types}}, ${dialect})`,
  };
}

/** Columns by name and type, from the file's own metadata. */
export async function parquetScan(connection: DuckDBConnection, source: Source, path: string): Promise<Scan> {
  const from = "read_parquet($1, hive_partitioning = false)";
  try {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`, [path]);
    const rows = described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
    const columns = rows.map(({ name, type }) => ({
      name: `"${name.replaceAll('"', '""')}"`,
      numeric: numericType.test(type),
      integer: integerType.test(type),
    }));
    return { header: rows.map(({ name }) => name), columns, from };
  } catch (cause) {
    throw explained(source, cause);
  }
}

const numericType = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN)$/;
const integerType = /^(TINYINT|SMALLINT|INTEGER|BIGINT)$/;

/** As float64, NaN for nothing and for text. The engine's cast takes `1_000` for a number; files do not mean that. */
export function numberOf({ name, numeric }: ScanColumn): string {
  const text = `CAST(${name} AS VARCHAR)`;
  const cast = numeric
    ? `CAST(${name} AS DOUBLE)`
    : `CASE WHEN contains(${text}, '_') THEN NULL ELSE TRY_CAST(${text} AS DOUBLE) END`;
  return `coalesce(${cast}, 'NaN'::DOUBLE)`;
}

/** Integers come as they are: they are written in decimal later, which costs less than decoding the engine's strings. */
export function textOf({ name, integer }: ScanColumn): string {
  return integer ? name : `CAST(${name} AS VARCHAR)`;
}

/** The engine expands `*`, `?` and `[` in paths: a file named `a*.csv` would be read together with its neighbours. */
export function literalPath(path: string): string {
  return path.replace(/[*?[]/g, "[$&]");
}

/** The engine's message quotes the line, so neither it nor the error itself is kept: rows are personal data. */
export function explained(source: Source, cause: unknown): Error {
  const message = String(cause);
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const reason = reasons.find(([pattern]) => pattern.test(message))?.[1] ?? `it is not valid ${source.format}`;
  return unreadable(source.file, reason, line === undefined ? null : Number(line));
}

const reasons: readonly (readonly [RegExp, string])[] = [
  [/unicode|utf-?8/i, "it is not UTF-8"],
  [/Expected Number of Columns/i, "a line has too few or too many fields"],
  [/unterminated quote/i, "a quoted field is not closed"],
  [/Maximum line size/i, "a line is longer than 2 MB"],
];
