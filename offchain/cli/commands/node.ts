import { type Command, Option } from "commander";
import { pino } from "pino";
import type { Hex } from "../../core/bytes.ts";
import { startNode } from "../../node/daemon.ts";
import { readFaults } from "../../node/faults.ts";
import { readConfig } from "../../party/config.ts";
import { readPolicy } from "../../party/policyFile.ts";
import { jobId } from "../arguments.ts";
import { globals } from "../globals.ts";
import { tableLines } from "../output.ts";

/** farshore node run, faults. */
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
  node
    .command("faults")
    .description("what this node saw go wrong in a job, and whose fault it is; also while it runs")
    .argument("[job]", "job id; all jobs without it", jobId)
    .action((id: Hex | undefined, _options: object, command: Command) => {
      const { home, output } = globals(command);
      const faults = readFaults(home, id);
      const rows = faults.map(({ job, round, party, code, detail }) => [job, String(round), party, code, detail]);
      const lines = tableLines([["job", "round", "party", "fault", "what was seen"], ...rows]);
      output.answer({ faults }, faults.length === 0 ? ["no faults"] : lines);
    });
}

function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
