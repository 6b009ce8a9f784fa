import { nameOf, numberOf } from "./lookup.ts";

/** Why an asset, a participant or a job was frozen. */
export const freezeReasons = {
  courtOrder: { number: 1, title: "Order of a court" },
  regulatorOrder: { number: 2, title: "Order of a supervisory authority" },
  dataSubjectRequest: { number: 3, title: "Request of data subjects" },
  securityIncident: { number: 4, title: "Security incident" },
  sanctions: { number: 5, title: "Sanctions or anti-money-laundering measure" },
  disputedOwnership: { number: 6, title: "Disputed ownership of the data" },
  rulesViolation: { number: 7, title: "Violation of the marketplace rules" },
  consentWithdrawn: { number: 8, title: "Consent withdrawn" },
  keyCompromise: { number: 9, title: "Compromise of a key" },
} as const;

export type FreezeReason = keyof typeof freezeReasons;

/** Number of a reason of freeze; throws `core/unknown-name`. */
export function freezeReasonNumber(name: string): number {
  return numberOf(freezeReasons, "reason of freeze", name);
}

/** Name of a reason of freeze's number; throws `core/unknown-number`. */
export function freezeReasonName(number: number): FreezeReason {
  return nameOf(freezeReasons, "reason of freeze", number);
}
