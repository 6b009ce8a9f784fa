import type { Command } from "commander";
import { openSession, type Session } from "../sdk/session.ts";
import { globals } from "./globals.ts";
import type { Output } from "./output.ts";

/** Runs a command's action with the session of its folder. */
export async function withSession(
  command: Command,
  action: (session: Session, output: Output) => Promise<void>,
): Promise<void> {
  const { home, output } = globals(command);
  await action(await openSession(home), output);
}
