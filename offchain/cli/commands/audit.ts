import type { Command } from "commander";
import { auditJob } from "../../audit/audit.ts";
import { gatherFacts } from "../../audit/gather.ts";
import { auditLines, countsOf } from "../../audit/lines.ts";
import { connectChain } from "../../chain/client.ts";
import { readManifest } from "../../chain/manifest.ts";
import type { Hex } from "../../core/bytes.ts";
import { readJsonFile } from "../../sdk/assets.ts";
import { jobId, serviceUrl } from "../arguments.ts";
import { exitCodes } from "../exitCodes.ts";
import { terminal } from "../output.ts";

interface Options {
  evidence: string;
  rpc: string;
  manifest: string;
}

const exitCodesText = `
Exit codes: 0 no check failed, also where a contributor's copy leaves checks "not in this file" (counted apart); 5 a check
failed; 2 wrong job, file, chain or manifest, or a job without a result; 4 chain not reachable, or job not settled yet.`;

/** farshore audit: needs no key, no folder, and no network but the chain. */
export function auditCommand(root: Command): void {
  root
    .command("audit")
    .description("verify a settled job from the chain and an evidence file")
    .argument("<job>", "job id", jobId)
    .requiredOption("--evidence <file>", "evidence as exported with farshore job result --evidence")
    .requiredOption("--rpc <url>", "JSON-RPC of the chain", process.env.FARSHORE_RPC_URL)
    .requiredOption("--manifest <file>", "manifest of the deployment", process.env.FARSHORE_MANIFEST)
    .addHelpText("after", exitCodesText)
    .action(async (job: Hex, options: Options, command: Command) => {
      const output = terminal(command.optsWithGlobals<{ json: boolean }>().json);
      const file = readJsonFile(options.evidence);
      const chain = await connectChain({
        rpcUrl: serviceUrl(options.rpc),
        manifest: await readManifest(options.manifest),
      });
      const facts = await gatherFacts(chain, job);
      const checks = auditJob(facts, file);
      const counts = countsOf(checks);
      output.answer({ job, ...counts, checks }, auditLines(checks));
      if (counts.failed > 0) process.exitCode = exitCodes.auditFailed;
    });
}
