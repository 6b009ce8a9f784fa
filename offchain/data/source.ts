import { realpathSync, statSync } from "node:fs";
import { basename, extname } from "node:path";
import { FarshoreError } from "../core/errors.ts";

export type Format = "csv" | "parquet";

/** A file that exists and whose format can be read. */
export interface Source {
  /** Absolute path without links: never a URL, so that no name makes the engine fetch something. */
  readonly file: string;
  /** File name alone, for messages. */
  readonly name: string;
  readonly format: Format;
}

/** Finds the data file at `path`; `data/unsupported-format` or `data/unreadable` where there is none that can be read. */
export function locateSource(path: string): Source {
  const extension = extname(path).toLowerCase();
  if (extension !== ".csv" && extension !== ".parquet") {
    throw new FarshoreError({
      code: "data/unsupported-format",
      message: `${basename(path)}: ${extension === "" ? "a file without extension" : extension} cannot be read`,
      facts: { file: path, expected: ".csv or .parquet" },
      remedy: "export the table as CSV (UTF-8, commas, a header line) or as Parquet",
    });
  }
  return { file: regularFile(path), name: basename(path), format: extension === ".csv" ? "csv" : "parquet" };
}

function regularFile(path: string): string {
  let file: string;
  try {
    file = realpathSync(path);
  } catch (cause) {
    throw unreadable(path, "it is not there or may not be read", null, cause);
  }
  // A pipe or a device would block the node or never end.
  if (!statSync(file).isFile()) throw unreadable(path, "it is not a regular file", null);
  return file;
}

/** `data/unreadable`: the file as a whole cannot be read; `line` counts from 1 with the header, null where unknown. */
export function unreadable(path: string, reason: string, line: number | null, cause?: unknown): FarshoreError {
  return new FarshoreError({
    code: "data/unreadable",
    message: `${basename(path)} cannot be read: ${reason}${line === null ? "" : ` (line ${line})`}`,
    facts: { file: path, line, reason },
    remedy: "export it again: UTF-8, commas, one header line, the same number of fields in every line",
    cause,
  });
}
