import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Keeps bytes that are made once, readable by their owner alone, and returns those that stand: of two processes that make them at the same
 * time one is first, and both go on with what it kept. On the disk, name included, when this returns.
 */
export function keepOnce(path: string, bytes: Uint8Array): Uint8Array {
  // A name of its own: makers in two containers may have one process id.
  const beside = `${path}.${randomBytes(8).toString("hex")}.part`;
  try {
    writeFileSync(beside, bytes, { mode: 0o600, flush: true });
    linkSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(beside, { force: true });
  }
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
  return new Uint8Array(readFileSync(path));
}

/** What was kept under a path, or undefined. */
export function kept(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
