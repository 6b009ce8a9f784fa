import { resolve } from "node:path";
import type { Command } from "commander";
import { type Output, terminal } from "./output.ts";

/** Options that every command has. */
export function globals(command: Command): { home: string; output: Output } {
  const { home, json } = command.optsWithGlobals<{ home: string; json: boolean }>();
  return { home: resolve(home), output: terminal(json) };
}
