import { readFileSync } from "node:fs";
import { join } from "node:path";
import { auditJob } from "../../../../offchain/audit/audit.ts";
import type { CheckResult } from "../../../../offchain/audit/check.ts";
import type { ChainFacts } from "../../../../offchain/audit/input.ts";
import type { Hex } from "../../../../offchain/core/bytes.ts";
import type { EvidenceFile } from "../../../../offchain/protocol/evidence.ts";
import { farshore } from "../../../../scripts/demo/processes.ts";
import type { Marketplace } from "../marketplace.ts";

/** How long one test may take that asks other processes (ms). */
export const patient = 150_000;

/** A settled job, what the chain says about it, and its whole evidence as a regulator got it. */
export interface Audited {
  readonly m: Marketplace;
  readonly jobId: Hex;
  readonly facts: ChainFacts;
  readonly file: string;
  readonly evidence: EvidenceFile;
}

/** Fetches the evidence with a party's key into a file; returns its path. */
export async function fetchEvidence(m: Marketplace, name: string, jobId: Hex): Promise<string> {
  const path = join(m.folder, `evidence-${name}.json`);
  await farshore(m.party(name).home, "job", "result", jobId, "--evidence", path);
  return path;
}

export function readEvidence(path: string): EvidenceFile {
  return JSON.parse(readFileSync(path, "utf8")) as EvidenceFile;
}

/** The failed checks of an audit, by name. */
export function failedIn(facts: ChainFacts, file: unknown): string[] {
  return failuresOf(auditJob(facts, file)).map(({ name }) => name);
}

export function failuresOf(checks: readonly CheckResult[]): CheckResult[] {
  return checks.filter((check) => !check.passed);
}
