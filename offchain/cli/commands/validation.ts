import type { Command } from "commander";
import type { Hex } from "../../core/bytes.ts";
import { commitValidation, evaluateJob } from "../../sdk/evaluator.ts";
import { jobId } from "../arguments.ts";
import { jobLines, jobSummary } from "../jobSummary.ts";
import { withSession } from "../withSession.ts";

/** farshore validation …: an evaluator's commands. A buyer that names no evaluator delivers its rows by `job post --follow`. */
export function validationCommands(root: Command): void {
  const validation = root.command("validation").description("validation rows of an evaluator: commit, deliver");
  validation
    .command("commit")
    .description("commit to rows; tell the buyer the root and the number of rows. Nothing is sent")
    .requiredOption("--data <file>", "CSV or Parquet")
    .requiredOption("--schema <file>", "schema, JSON: that of the listings")
    .action(({ data, schema }: { data: string; schema: string }, command: Command) =>
      withSession(command, async (session, output) => {
        const committed = await commitValidation(session, data, schema);
        output.answer(committed, [`${committed.rows} rows, root ${committed.root}`]);
      }),
    );
  validation
    .command("deliver")
    .description("accept a job that names this evaluator, and stay until the committee holds the encrypted rows")
    .argument("<job>", "job id", jobId)
    .action((id: Hex, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const job = await evaluateJob(session, id, output.progress);
        output.answer(jobSummary(job), jobLines(job));
      }),
    );
}
