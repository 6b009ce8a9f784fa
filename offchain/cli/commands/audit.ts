import type { Command } from "commander";
import { auditJob } from "../../audit/audit.ts";
import type { CheckResult } from "../../audit/check.ts";
import { gatherAudit } from "../../audit/gather.ts";
import { connectChain } from "../../chain/client.ts";
import { readManifest } from "../../chain/manifest.ts";
import type { Hex } from "../../core/bytes.ts";
import { parseEvidence } from "../../protocol/evidence.ts";
import { readJsonFile } from "../../sdk/assets.ts";
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
    .argument("<job>")
    .requiredOption("--evidence <file>", "evidence as exported with farshore job result --evidence")
    .requiredOption("--rpc <url>", "JSON-RPC of the chain", process.env.FARSHORE_RPC_URL)
    .requiredOption("--manifest <file>", "manifest of the deployment", process.env.FARSHORE_MANIFEST)
    .action(async (job: Hex, options: Options, command: Command) => {
      const output = terminal(command.optsWithGlobals<{ json: boolean }>().json);
      const evidence = parseEvidence(readJsonFile(options.evidence));
      const chain = await connectChain({ rpcUrl: options.rpc, manifest: await readManifest(options.manifest) });
      const input = await gatherAudit(chain, job, evidence);
      const checks = auditJob(input);
      const passed = checks.filter((c) => c.passed).length;
      const failed = checks.length - passed;
      const { m, k } = input.record.terms;
      output.answer({ job, passed, failed, checks }, [
        ...checks.map((c) => line(c, m, k)),
        `${passed} passed, ${failed} failed`,
      ]);
      if (failed > 0) process.exitCode = exitCodes.auditFailed;
    });
}

function line({ name, grade, passed, detail }: CheckResult, m: number, k: number): string {
  const how = grade === "verified" ? "verified" : `attested by ${m} of ${k}`;
  return `${passed ? "ok  " : "FAIL"}  ${name.padEnd(24)} ${how.padEnd(20)} ${detail}`;
}
