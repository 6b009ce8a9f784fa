import { nameOf, numberOf } from "./lookup.ts";

/** How a job ended: `IUsageLedger.UsageProof.outcome`. */
export const outcomes = {
  settled: { number: 1, title: "Settled" },
  failed: { number: 2, title: "Failed" },
  settledAfterAbsence: { number: 3, title: "Settled after a contributor was absent" },
} as const;

export type Outcome = keyof typeof outcomes;

/** Number of a outcome; throws `core/unknown-name`. */
export function outcomeNumber(name: string): number {
  return numberOf(outcomes, "outcome", name);
}

/** Name of a outcome's number; throws `core/unknown-number`. */
export function outcomeName(number: number): Outcome {
  return nameOf(outcomes, "outcome", number);
}
