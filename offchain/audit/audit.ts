import { type EvidenceFile, parseEvidence } from "../protocol/evidence.ts";
import { type CheckResult, runCheck } from "./check.ts";
import { evidenceChecks, headerCheck } from "./checks/evidenceChecks.ts";
import { escrowCheck, payoutCheck, settlementCheck } from "./checks/moneyChecks.ts";
import { recordCheck } from "./checks/recordCheck.ts";
import { roundChecks } from "./checks/roundChecks.ts";
import { signatureChecks } from "./checks/signatureChecks.ts";
import { stateCheck } from "./checks/stateCheck.ts";
import { sumChecks } from "./checks/sumCheck.ts";
import { usageChecks } from "./checks/usageChecks.ts";
import { valuationChecks } from "./checks/valuationChecks.ts";
import type { ChainFacts } from "./input.ts";

/**
 * Every check of a settled job, each with its own line; a failed one never hides another. Pure, and never throws for what a
 * file holds.
 * @param file JSON of an evidence file, as anybody may have brought it; without the right form, or of another job, only the
 *   chain is checked
 */
export function auditJob(chain: ChainFacts, file: unknown): CheckResult[] {
  return [
    recordCheck(chain),
    ...usageChecks(chain),
    ...signatureChecks(chain),
    ...fileChecks(chain, file),
    settlementCheck(chain),
    escrowCheck(chain),
  ];
}

function fileChecks(chain: ChainFacts, file: unknown): CheckResult[] {
  let evidence: EvidenceFile | null = null;
  const form = runCheck("evidence form", "verified", () => {
    evidence = parseEvidence(file);
    return "every field that the format has, and no other";
  });
  if (evidence === null) return [form];
  const input = { ...chain, evidence };
  const header = headerCheck(input);
  if (!header.passed) return [form, header];
  return [
    ...[form, header, ...evidenceChecks(input), ...roundChecks(input), ...sumChecks(input), stateCheck(input)],
    ...[...valuationChecks(input), payoutCheck(input)],
  ];
}
