import { nameOf, numberOf } from "./lookup.ts";

/** What seats release of the shares that they hold, each once a job and round: `ShareStatement.kind`. */
export const shareKinds = {
  sum: { number: 0, title: "Sum of the certified set's shares" },
  size: { number: 1, title: "Each contributor's share of H[0,0] at the base-rate state, which shows its rows" },
  norm: { number: 2, title: "Each contributor's masked share of its gradient's squared norm" },
  validationKey: { number: 3, title: "Share of the key of the validation rows" },
} as const;

export type ShareKind = keyof typeof shareKinds;

/** Number of a kind; throws `core/unknown-name`. */
export function shareKindNumber(name: string): number {
  return numberOf(shareKinds, "share kind", name);
}

/** Name of a kind's number; throws `core/unknown-number`. */
export function shareKindName(number: number): ShareKind {
  return nameOf(shareKinds, "share kind", number);
}
