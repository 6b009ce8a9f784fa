import { nameOf, numberOf } from "./lookup.ts";

/** What a job may be for. A listing allows purposes as a bitmap: bit p stands for purpose p, so p is 1 .. 255; 0 is no purpose. */
export const purposes = {
  creditScoring: { number: 1, title: "Credit scoring" },
  fraud: { number: 2, title: "Fraud detection" },
  moneyLaundering: { number: 3, title: "Prevention of money laundering and terrorist financing" },
  marketing: { number: 4, title: "Marketing" },
  liquidityRisk: { number: 5, title: "Liquidity risk" },
  research: { number: 6, title: "Scientific research" },
  marketRisk: { number: 7, title: "Market risk" },
  operationalRisk: { number: 8, title: "Operational risk" },
  sanctions: { number: 9, title: "Sanctions screening" },
  insurancePricing: { number: 10, title: "Insurance pricing" },
  customerService: { number: 11, title: "Customer service" },
  regulatoryReporting: { number: 12, title: "Regulatory reporting" },
  capitalModels: { number: 13, title: "Regulatory capital models" },
  collections: { number: 14, title: "Collections and early arrears" },
} as const;

export type Purpose = keyof typeof purposes;

/** Number of a purpose; throws `core/unknown-name`. */
export function purposeNumber(name: string): number {
  return numberOf(purposes, "purpose", name);
}

/** Name of a purpose's number; throws `core/unknown-number`. */
export function purposeName(number: number): Purpose {
  return nameOf(purposes, "purpose", number);
}
