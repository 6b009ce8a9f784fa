import type { CheckResult } from "./check.ts";
import { evidenceChecks } from "./checks/evidenceChecks.ts";
import { moneyChecks } from "./checks/moneyChecks.ts";
import { roundChecks } from "./checks/roundChecks.ts";
import { usageChecks } from "./checks/usageChecks.ts";
import type { AuditInput } from "./input.ts";

/** Every check of a settled job, each with its own line; a failed one never hides another. Pure. */
export function auditJob(input: AuditInput): CheckResult[] {
  return [...usageChecks(input), ...evidenceChecks(input), ...roundChecks(input), ...moneyChecks(input)];
}
