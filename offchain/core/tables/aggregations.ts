import { nameOf, numberOf } from "./lookup.ts";

/** How updates are combined: `IJobMarket.Aggregation`. */
export const aggregations = {
  clear: { number: 0, title: "Updates sealed to the committee, which reads them" },
  shares: { number: 1, title: "Secret shares: the committee sees sums only" },
  encrypted: { number: 2, title: "Threshold homomorphic encryption: the committee sees sums only" },
} as const;

export type Aggregation = keyof typeof aggregations;

/** Number of a kind of aggregation; throws `core/unknown-name`. */
export function aggregationNumber(name: string): number {
  return numberOf(aggregations, "kind of aggregation", name);
}

/** Name of a kind of aggregation's number; throws `core/unknown-number`. */
export function aggregationName(number: number): Aggregation {
  return nameOf(aggregations, "kind of aggregation", number);
}
