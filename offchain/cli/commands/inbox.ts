import { type Command, Option } from "commander";
import type { Hex } from "../../core/bytes.ts";
import { readInbox } from "../../party/inbox.ts";
import { jobId } from "../arguments.ts";
import { globals } from "../globals.ts";
import { tableLines } from "../output.ts";
import { decide, type Said } from "../verdict.ts";

/** farshore job inbox, accept, decline: what an institution's people do. */
export function institutionCommands(job: Command): void {
  job
    .command("inbox")
    .description("jobs that asked for this institution's data, and what was decided by which rule")
    .action((_options, command: Command) => {
      const { home, output } = globals(command);
      const items = readInbox(home);
      const rows = items.map((i) => [
        i.jobId,
        i.assetId,
        i.purpose,
        i.price,
        i.waitsFor,
        i.needs.join(" "),
        `${i.rule}: ${i.reason}`,
      ]);
      output.answer(
        { items },
        tableLines([["job", "asset", "purpose", "price", "waits for", "consents", "rule"], ...rows]),
      );
    });
  for (const verdict of ["accept", "decline"] as const) {
    job
      .command(verdict)
      .description(`${verdict} a job of the inbox; the node records who said so and acts on it`)
      .argument("<job>", "job id", jobId)
      .requiredOption("--person <name>", "who decides; the caller's word unless the policy lists persons with keys")
      .option("--key <file>", "this person's key (farshore person create), where the policy lists persons")
      .addOption(
        new Option(
          "--consent <name...>",
          "what the inbox says that the job needs beyond its terms: fewRows, clear, sumsWithoutNoise",
        ).default([]),
      )
      .action((id: Hex, options: Said, command: Command) => {
        const { home, output } = globals(command);
        decide(home, id, verdict, options);
        output.answer({ job: id, verdict }, [`${options.person} said ${verdict}; the node takes it up`]);
      });
  }
}
