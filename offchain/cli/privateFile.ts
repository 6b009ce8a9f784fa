import { accessSync, constants, existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { FarshoreError } from "../core/errors.ts";

/** Throws `file/unwritable` for a path that cannot be written: asked before the work whose outcome goes there. */
export function expectWritable(path: string): void {
  const full = resolve(path);
  try {
    accessSync(dirname(full), constants.W_OK);
    if (!statSync(dirname(full)).isDirectory()) throw new Error(`${dirname(full)} is no folder`);
    if (existsSync(full) && statSync(full).isDirectory()) throw new Error(`${full} is a folder`);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/**
 * Writes what only this user may read (models, evidence), whole or not at all: beside it first, then by a rename, which
 * also replaces a file that others could read. Throws `file/unwritable`.
 */
export function writePrivate(path: string, text: string): void {
  const full = resolve(path);
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(dirname(full), ".farshore-"));
    const part = join(folder, basename(full));
    writeFileSync(part, text, { mode: 0o600, flush: true });
    renameSync(part, full);
  } catch (cause) {
    throw unwritable(path, cause);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function unwritable(path: string, cause: unknown): FarshoreError {
  return new FarshoreError({
    code: "file/unwritable",
    message: `cannot write ${path}`,
    facts: { path },
    remedy: "name a file in a folder that exists and that you may write to",
    cause,
  });
}
