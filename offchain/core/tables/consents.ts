import { bitsOf, nameOf, namesOf, numberOf } from "./lookup.ts";

/** What an institution agrees to in its acceptance beyond the terms, one bit each. */
export const consents = {
  fewRows: { number: 1, title: "Contributes with fewer rows than the minimum for sums without noise" },
  clear: { number: 2, title: "Lets the committee read its updates" },
  sumsWithoutNoise: { number: 4, title: "Knows that sums without noise disclose statistics of the cohort" },
} as const;

export type Consent = keyof typeof consents;

/** Number of a consent; throws `core/unknown-name`. */
export function consentNumber(name: string): number {
  return numberOf(consents, "consent", name);
}

/** Name of a consent's number; throws `core/unknown-number`. */
export function consentName(number: number): Consent {
  return nameOf(consents, "consent", number);
}

/** Bitmap of several names; throws `core/unknown-name`. */
export function consentBits(names: readonly string[]): number {
  return bitsOf(consents, "consent", names);
}

/** Names of the bits that are set; throws `core/unknown-number`. */
export function consentsOfBits(bits: number): Consent[] {
  return namesOf(consents, "consent", bits);
}
