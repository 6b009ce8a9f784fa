import type { Command } from "commander";
import type { Hex } from "../../core/bytes.ts";
import { fetchModel } from "../../sdk/results.ts";
import { jobId } from "../arguments.ts";
import { expectWritable, writePrivate } from "../privateFile.ts";
import { withSession } from "../withSession.ts";

/** farshore model export. */
export function modelCommands(root: Command): void {
  const model = root.command("model").description("models of settled jobs");
  model
    .command("export")
    .description("fetch a job's model, check it against the chain and write it to a file")
    .argument("<job>", "job id", jobId)
    .requiredOption("--out <file>", "where to write the model's JSON")
    .action((job: Hex, { out }: { out: string }, command: Command) =>
      withSession(command, async (session, output) => {
        expectWritable(out);
        const found = await fetchModel(session, job);
        writePrivate(out, `${JSON.stringify(found, null, 2)}\n`);
        output.answer({ job, out, features: found.features.length }, [
          `model with ${found.features.length} features in ${out}`,
        ]);
      }),
    );
}
