import { closeSync, openSync, readSync } from "node:fs";
import { type Source, unreadable } from "./source.ts";

/** A header is one line of column names; more than this is not one. */
const longestHeader = 1 << 20;

/**
 * Column names of a CSV file, exactly as written (RFC 4180: commas, double quotes, a quote doubled inside quotes), or none
 * where the file is empty. Read here and not by the engine, which guesses a dialect and renames columns that differ by case.
 */
export function readCsvHeader(source: Source): string[] {
  const bytes = firstBytes(source.file);
  let text: string;
  try {
    // A multi-byte character may be cut at the end of the bytes read; `stream` keeps that from being an error.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    // Fatal, without the cause: only the header's own bytes matter, and the rest of the buffer holds rows.
    text = new TextDecoder("utf-8").decode(bytes);
    if (headerRecord(source, text).some((name) => name.includes("�")))
      throw unreadable(source.file, "its header is not UTF-8", 1);
  }
  return headerRecord(source, text);
}

function firstBytes(file: string): Uint8Array {
  const fd = openSync(file, "r");
  try {
    const buffer = new Uint8Array(longestHeader);
    return buffer.subarray(0, readSync(fd, buffer, 0, longestHeader, 0));
  } finally {
    closeSync(fd);
  }
}

function headerRecord(source: Source, text: string): string[] {
  if (text.length === 0) return [];
  const names: string[] = [];
  // One field and what ends it: a comma, a line end, or the end of the file.
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  for (;;) {
    const match = field.exec(text);
    if (match === null) throw unreadable(source.file, "its header is not comma-separated text", 1);
    names.push(match[1] === undefined ? (match[2] as string).trim() : match[1].replaceAll('""', '"'));
    if (match[3] !== ",") return names;
  }
}
