import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Path of a folder or file of the fixtures, which no check of the repository itself looks at. */
export function fixture(...path: string[]): string {
  return join(import.meta.dirname, "fixtures", ...path);
}

/** A writable copy of a fixture folder, with `more` files beside its own: programs leave records there. */
export function copyOf(folder: string, more: readonly string[] = []): string {
  const copy = mkdtempSync(join(tmpdir(), "farshore-check-"));
  cpSync(folder, copy, { recursive: true });
  for (const file of more) cpSync(file, join(copy, file.slice(file.lastIndexOf("/") + 1)));
  return copy;
}
