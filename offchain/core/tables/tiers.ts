import { nameOf, numberOf } from "./lookup.ts";

/** Progressive participation, raised by incentive tokens earned: `IParticipantRegistry.Tier`. */
export const tiers = {
  lite: { number: 0, title: "Lite" },
  member: { number: 1, title: "Member" },
  core: { number: 2, title: "Core" },
} as const;

export type Tier = keyof typeof tiers;

/** Number of a tier; throws `core/unknown-name`. */
export function tierNumber(name: string): number {
  return numberOf(tiers, "tier", name);
}

/** Name of a tier's number; throws `core/unknown-number`. */
export function tierName(number: number): Tier {
  return nameOf(tiers, "tier", number);
}
