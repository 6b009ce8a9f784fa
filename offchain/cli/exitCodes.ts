import { FarshoreError } from "../core/errors.ts";

/** Exit codes that a script can rely on. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  /** Wrong arguments, configuration, file or data: correct it and try again. */
  badInput: 2,
  /** The chain, a policy or another party said no. */
  refused: 3,
  /** Chain or boards did not answer: the same command may succeed later. */
  unreachable: 4,
  /** An audit found a failed check. */
  auditFailed: 5,
} as const;

const refusedRooms = ["board", "guard", "ledger", "money", "result", "update", "validation"];
const refusedCodes = [
  "job/balance-too-small",
  "job/not-evaluator",
  "job/closed",
  "job/terms-differ",
  "job/spec-mismatch",
  "chain/revert",
  "inbox/decided",
  "inbox/not-authorised",
];

/** The exit code that says what kind of failure this was. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof FarshoreError)) return exitCodes.unexpected;
  if (error.retryable || error.code.endsWith("/unreachable")) return exitCodes.unreachable;
  const room = error.code.split("/")[0] ?? "";
  if (refusedCodes.includes(error.code) || refusedRooms.includes(room)) return exitCodes.refused;
  return exitCodes.badInput;
}
