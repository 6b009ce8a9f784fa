import { resolve } from "node:path";
import type { Command } from "commander";
import { openSession, type Session } from "../sdk/session.ts";
import { type Output, terminal } from "./output.ts";

/** Options that every command has. */
export function globals(command: Command): { home: string; output: Output } {
  const { home, json } = command.optsWithGlobals<{ home: string; json: boolean }>();
  return { home: resolve(home), output: terminal(json) };
}

/** Runs a command's action with the session of its folder. */
export async function withSession(
  command: Command,
  action: (session: Session, output: Output) => Promise<void>,
): Promise<void> {
  const { home, output } = globals(command);
  await action(await openSession(home), output);
}
