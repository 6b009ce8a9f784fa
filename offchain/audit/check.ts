import { FarshoreError } from "../core/errors.ts";

/**
 * How far a check goes.
 * - `verified`: this audit recomputed it from the chain's storage and events and the evidence file.
 * - `attested by n of k`: it rests on signatures of n of the k seats; the market checked each one, nobody outside can recompute
 *   what they say. With several statements, n is the fewest that signed one of them.
 * - `contributor's own word`: no seat could know it either.
 * - `not in this file`: the check needs a part that this copy of the evidence leaves out. What is there was compared.
 */
export type Grade = "verified" | `attested by ${number} of ${number}` | "contributor's own word" | typeof notInFile;
export const notInFile = "not in this file";

/** One line of an audit. */
export interface CheckResult {
  readonly name: string;
  readonly grade: Grade;
  /** False when something differs. A check that is not in this file passes while nothing that is in it differs. */
  readonly passed: boolean;
  /** What was compared, or what failed. */
  readonly detail: string;
  /** Of a failed check: the error's code, and what to do now. */
  readonly code?: string;
  readonly remedy?: string;
}

const defaultRemedy =
  "fetch the evidence again from another oracle, and ask another node of the chain; if the check fails again, do not rely on the result";

/** Throws `audit/differs` unless `condition` holds: inside a check that is a failed line. */
export function expectThat(condition: boolean, detail: string, remedy = defaultRemedy): asserts condition {
  if (!condition) throw new FarshoreError({ code: "audit/differs", message: detail, remedy });
}

/** Runs one check; whatever it throws is a failure of that check, never of the audit. */
export function runCheck(name: string, grade: Grade, check: () => string): CheckResult {
  try {
    return { name, grade, passed: true, detail: check() };
  } catch (error) {
    return { name, grade, passed: false, ...failureOf(error) };
  }
}

function failureOf(error: unknown): { detail: string; code: string; remedy: string } {
  if (error instanceof FarshoreError) {
    return { detail: error.message, code: error.code, remedy: error.remedy ?? defaultRemedy };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { detail, code: "audit/cannot-read", remedy: defaultRemedy };
}
