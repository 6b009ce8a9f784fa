import { type EvidenceFile, parseEvidence } from "../protocol/evidence.ts";
import { type CheckResult, runCheck } from "./check.ts";
import { evidenceChecks } from "./checks/evidenceChecks.ts";
import { moneyChecks } from "./checks/moneyChecks.ts";
import { roundChecks } from "./checks/roundChecks.ts";
import { usageChecks } from "./checks/usageChecks.ts";
import { valuationChecks } from "./checks/valuationChecks.ts";
import type { ChainFacts } from "./input.ts";

/**
 * Every check of a settled job, each with its own line; a failed one never hides another. Pure.
 * @param file JSON of an evidence file, as anybody may have brought it; without the right form only the chain is checked
 */
export function auditJob(chain: ChainFacts, file: unknown): CheckResult[] {
  let evidence: EvidenceFile | null = null;
  const form = runCheck("evidence form", "verified", () => {
    evidence = parseEvidence(file);
    return "every field that the format has, and no other";
  });
  const input = evidence === null ? null : { ...chain, evidence };
  const compared = input === null ? [] : [...evidenceChecks(input), ...roundChecks(input), ...valuationChecks(input)];
  return [...usageChecks(chain), form, ...compared, ...moneyChecks(chain)];
}
