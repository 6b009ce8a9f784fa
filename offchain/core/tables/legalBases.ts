import { nameOf, numberOf } from "./lookup.ts";

/**
 * On which ground personal data is processed: Regulation (EU) 2016/679 Art. 6(1) and the Personal Information Protection
 * Law of the People's Republic of China, Art. 13. Numbers 7 to 20 are left free.
 */
export const legalBases = {
  gdprConsent: { number: 1, title: "GDPR Art. 6(1)(a): consent" },
  gdprContract: { number: 2, title: "GDPR Art. 6(1)(b): performance of a contract" },
  gdprLegalObligation: { number: 3, title: "GDPR Art. 6(1)(c): legal obligation" },
  gdprVitalInterests: { number: 4, title: "GDPR Art. 6(1)(d): vital interests" },
  gdprPublicTask: { number: 5, title: "GDPR Art. 6(1)(e): task in the public interest" },
  gdprLegitimateInterests: { number: 6, title: "GDPR Art. 6(1)(f): legitimate interests" },
  piplConsent: { number: 21, title: "PIPL Art. 13(1): consent" },
  piplContract: { number: 22, title: "PIPL Art. 13(2): contract or human resources management" },
  piplStatutoryDuty: { number: 23, title: "PIPL Art. 13(3): statutory duty or obligation" },
  piplEmergency: {
    number: 24,
    title: "PIPL Art. 13(4): public health emergency, or protection of life, health and property",
  },
  piplNews: { number: 25, title: "PIPL Art. 13(5): news reporting and public supervision, within reason" },
  piplDisclosed: { number: 26, title: "PIPL Art. 13(6): information lawfully disclosed, within reason" },
  piplOtherLaw: { number: 27, title: "PIPL Art. 13(7): other circumstances in laws and administrative regulations" },
} as const;

export type LegalBasis = keyof typeof legalBases;

/** Number of a legal basis; throws `core/unknown-name`. */
export function legalBasisNumber(name: string): number {
  return numberOf(legalBases, "legal basis", name);
}

/** Name of a legal basis's number; throws `core/unknown-number`. */
export function legalBasisName(number: number): LegalBasis {
  return nameOf(legalBases, "legal basis", number);
}
