import { type Command, Option } from "commander";
import { pino } from "pino";
import { startNode } from "../../node/daemon.ts";
import { readConfig } from "../../party/config.ts";
import { readPolicy } from "../../party/policyFile.ts";
import { globals } from "../globals.ts";

/** farshore node run. */
export function nodeCommands(root: Command): void {
  const node = root.command("node").description("this party's node");
  node
    .command("run")
    .description("run the node of this folder until it is told to stop (SIGINT, SIGTERM)")
    .addOption(new Option("--log-level <level>").choices(["debug", "info", "warn", "error"]).default("info"))
    .action(async ({ logLevel }: { logLevel: string }, command: Command) => {
      const { home, output } = globals(command);
      const log = pino({ level: logLevel, base: undefined }, pino.destination(2));
      const config = readConfig(home);
      // A wrong policy is an error now, not a surprise when the first job asks for it.
      readPolicy(config);
      const running = await startNode(config, { log });
      // Before the answer: whoever reads it may say stop at once.
      const told = stopped();
      output.answer({ operator: running.operator, url: running.url }, [
        `node ${running.operator} runs${running.url === null ? "" : `, board at ${running.url}`}`,
      ]);
      await told;
      await running.close();
    });
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
