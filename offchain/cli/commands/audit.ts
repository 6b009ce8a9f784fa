import type { Command } from "commander";
import { auditJob } from "../../audit/audit.ts";
import type { CheckResult, Grade } from "../../audit/check.ts";
import { gatherFacts } from "../../audit/gather.ts";
import { connectChain } from "../../chain/client.ts";
import { readManifest } from "../../chain/manifest.ts";
import type { Hex } from "../../core/bytes.ts";
import { readJsonFile } from "../../sdk/assets.ts";
import { jobId } from "../arguments.ts";
import { exitCodes } from "../exitCodes.ts";
import { terminal } from "../output.ts";

interface Options {
  evidence: string;
  rpc: string;
  manifest: string;
}

/** farshore audit: needs no key, no folder, and no network but the chain. */
export function auditCommand(root: Command): void {
  root
    .command("audit")
    .description("verify a settled job from the chain and an evidence file")
    .argument("<job>", "job id", jobId)
    .requiredOption("--evidence <file>", "evidence as exported with farshore job result --evidence")
    .requiredOption("--rpc <url>", "JSON-RPC of the chain", process.env.FARSHORE_RPC_URL)
    .requiredOption("--manifest <file>", "manifest of the deployment", process.env.FARSHORE_MANIFEST)
    .action(async (job: Hex, options: Options, command: Command) => {
      const output = terminal(command.optsWithGlobals<{ json: boolean }>().json);
      const file = readJsonFile(options.evidence);
      const chain = await connectChain({ rpcUrl: options.rpc, manifest: await readManifest(options.manifest) });
      const facts = await gatherFacts(chain, job);
      const checks = auditJob(facts, file);
      const passed = checks.filter((c) => c.passed).length;
      const failed = checks.length - passed;
      const { m, k } = facts.record.terms;
      const grades = { verified: "verified", attested: `attested by ${m} of ${k}`, stated: "contributor's own word" };
      output.answer({ job, passed, failed, checks }, [
        ...checks.map((check) => line(check, grades)),
        `${passed} passed, ${failed} failed`,
      ]);
      if (failed > 0) process.exitCode = exitCodes.auditFailed;
    });
}

function line({ name, grade, passed, detail }: CheckResult, grades: Record<Grade, string>): string {
  return `${passed ? "ok  " : "FAIL"}  ${name.padEnd(24)} ${grades[grade].padEnd(22)} ${detail}`;
}
