import { type CheckResult, notInFile } from "./check.ts";

/** How many checks passed, how many failed, and how many a partial file cannot answer. Each check is counted once. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly notInFile: number;
}

export function countsOf(checks: readonly CheckResult[]): Counts {
  const failed = checks.filter((check) => !check.passed).length;
  const open = checks.filter((check) => check.passed && check.grade === notInFile).length;
  return { passed: checks.length - failed - open, failed, notInFile: open };
}

/** An audit as people read it: a line for each check, what to do about those that failed, and the counts. */
export function auditLines(checks: readonly CheckResult[]): string[] {
  const counts = countsOf(checks);
  const remedies = new Set(checks.flatMap(({ remedy }) => (remedy === undefined ? [] : [`what to do: ${remedy}`])));
  const open = counts.notInFile === 0 ? "" : `, ${counts.notInFile} not in this file`;
  return [...checks.map(lineOf), ...remedies, `${counts.passed} passed, ${counts.failed} failed${open}`];
}

function lineOf(check: CheckResult): string {
  const { name, grade, detail } = check;
  return `${markOf(check)}  ${name.padEnd(24)} ${grade.padEnd(22)} ${detail}`;
}

function markOf({ passed, grade }: CheckResult): string {
  if (!passed) return "FAIL";
  return grade === notInFile ? "--  " : "ok  ";
}
