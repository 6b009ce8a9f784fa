import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { readJob } from "../../chain/jobParts.ts";
import type { Hex } from "../../core/bytes.ts";
import { formatStable } from "../../core/units.ts";
import { readJsonFile } from "../../sdk/assets.ts";
import { followJob } from "../../sdk/followJob.ts";
import { parseJobRequest } from "../../sdk/jobRequest.ts";
import { cancelJob, type PostedJob, postJob, type Quote, quoteJob } from "../../sdk/jobs.ts";
import { closeJob, startJob } from "../../sdk/moveJob.ts";
import { fetchEvidence, fetchModel } from "../../sdk/results.ts";
import { parseStartProofs } from "../../sdk/startProofs.ts";
import { jobId } from "../arguments.ts";
import { jobLines, jobSummary } from "../jobSummary.ts";
import { tableLines } from "../output.ts";
import { expectWritable, writePrivate } from "../privateFile.ts";
import { withSession } from "../withSession.ts";
import { institutionCommands } from "./inbox.ts";

/** farshore job …: the buyer's, the institutions' and anybody's commands on jobs. */
export function jobCommands(root: Command): void {
  const job = root.command("job").description("jobs: post, answer, follow, settle, fetch");
  buyerCommands(job);
  institutionCommands(job);
  anybodyCommands(job);
}

function buyerCommands(job: Command): void {
  job
    .command("quote")
    .description("what a job would cost, and its full specification; nothing is sent")
    .argument("<request>", "request file, JSON")
    .action((file: string, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const { spec, quote } = await quoteJob(session, parseJobRequest(readJsonFile(file)), dirname(resolve(file)));
        output.answer({ quote, spec }, quoteLines(quote));
      }),
    );
  job
    .command("post")
    .description("post a job; run again with the same file to go on where it stopped")
    .argument("<request>", "request file, JSON")
    .option("--follow", "stay: deliver the validation rows and report until the job is closed", false)
    .action((file: string, { follow }: { follow: boolean }, command: Command) =>
      withSession(command, async (session, output) => {
        const posted: PostedJob = await postJob(session, parseJobRequest(readJsonFile(file)), dirname(resolve(file)));
        output.progress(`posted ${posted.jobId}`);
        const closed = follow
          ? await followJob(session, posted.jobId, output.progress)
          : await readJob(session.chain, posted.jobId);
        output.answer(jobSummary(closed), jobLines(closed));
      }),
    );
  job
    .command("cancel")
    .description("withdraw an open job; everything comes back")
    .argument("<job>", "job id", jobId)
    .action((id: Hex, _options, command: Command) =>
      withSession(command, async (session, output) => {
        await cancelJob(session, id);
        output.answer({ job: id, state: "Cancelled" }, [`job ${id} is cancelled`]);
      }),
    );
  job
    .command("result")
    .description("fetch model and evidence of a settled job, checked against the chain")
    .argument("<job>", "job id", jobId)
    .option("--model <file>", "where to write the model")
    .option("--evidence <file>", "where to write the evidence, for farshore audit")
    .action((id: Hex, options: { model?: string; evidence?: string }, command: Command) =>
      withSession(command, async (session, output) => {
        const lines: string[] = [];
        for (const path of [options.evidence, options.model]) if (path !== undefined) expectWritable(path);
        if (options.evidence !== undefined) {
          writePrivate(options.evidence, JSON.stringify(await fetchEvidence(session, id)));
          lines.push(`evidence in ${options.evidence}`);
        }
        if (options.model !== undefined) {
          writePrivate(options.model, `${JSON.stringify(await fetchModel(session, id), null, 2)}\n`);
          lines.push(`model in ${options.model}`);
        }
        const record = await readJob(session.chain, id);
        output.answer(jobSummary(record), [...jobLines(record), ...lines]);
      }),
    );
}

function quoteLines(quote: Quote): string[] {
  const rows = (["base", "performance", "oracleFee", "prices", "deposit", "total", "balance"] as const).map((name) => [
    name,
    formatStable(quote[name]),
  ]);
  return tableLines(rows);
}

function anybodyCommands(job: Command): void {
  job
    .command("start")
    .description(
      "start a job whose acceptances are on the boards (oracles do this by themselves, where no list is asked)",
    )
    .argument("<job>", "job id", jobId)
    .option(
      "--proofs <file>",
      'for listings with allow-lists, JSON: {"ASSET": {"buyer": [...], "jurisdiction": [...], "code": [...]}}, hashes from the leaf up',
    )
    .action((id: Hex, { proofs }: { proofs?: string }, command: Command) =>
      withSession(command, async (session, output) => {
        await startJob(session, id, proofs === undefined ? {} : parseStartProofs(readJsonFile(proofs)));
        output.answer({ job: id, state: "Seating" }, [`job ${id} is started`]);
      }),
    );
  job
    .command("settle")
    .description(
      "close a job the way that is due: settle after the challenge window, expire or fail past the deadline (oracles do this by themselves)",
    )
    .argument("<job>", "job id", jobId)
    .action((id: Hex, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const { way, state } = await closeJob(session, id);
        output.answer({ job: id, way, state }, [`job ${id} is closed (${way}): it is ${state}`]);
      }),
    );
  job
    .command("status")
    .description("where a job stands, from the chain")
    .argument("<job>", "job id", jobId)
    .action((id: Hex, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const record = await readJob(session.chain, id);
        output.answer(jobSummary(record), jobLines(record));
      }),
    );
}
