/**
 * How far a check goes. `verified`: recomputed or proven from the chain and the evidence. `attested`: nobody outside can
 * recompute it; it rests on the signatures of m of the k oracles. `stated`: it rests on each contributor's own signature.
 */
export type Grade = "verified" | "attested" | "stated";

/** One line of an audit. */
export interface CheckResult {
  readonly name: string;
  readonly grade: Grade;
  readonly passed: boolean;
  /** What was compared, or what failed. */
  readonly detail: string;
}

/** Raised inside a check: becomes a failed line. */
export class CheckFailure extends Error {}

/** Throws a CheckFailure unless `condition` holds. */
export function expectThat(condition: boolean, detail: string): asserts condition {
  if (!condition) throw new CheckFailure(detail);
}

/** Runs one check; whatever it throws is a failure of that check, never of the audit. */
export function runCheck(name: string, grade: Grade, check: () => string): CheckResult {
  try {
    return { name, grade, passed: true, detail: check() };
  } catch (error) {
    return { name, grade, passed: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
