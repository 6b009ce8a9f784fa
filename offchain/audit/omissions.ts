import { type EvidenceFile, isOmitted } from "../protocol/evidence.ts";

/** How many updates this copy of the evidence holds, and how many stand as their hash. */
export function updateCounts({ sections }: EvidenceFile): { held: number; omitted: number } {
  // The dealing of the validation rows' key stands behind the contributors' in round 0, always as its hash.
  const contributors = sections.spec.assets.length;
  const updates = sections.rounds.flatMap((round) => round.updates.slice(0, contributors));
  const omitted = updates.filter(isOmitted).length;
  return { held: updates.length - omitted, omitted };
}

/** True when no update is left out. */
export function hasAllUpdates(file: EvidenceFile): boolean {
  return updateCounts(file).omitted === 0;
}

/** What this copy leaves out, in words; "" for a whole one. */
export function omissions(file: EvidenceFile): string {
  const { omitted } = updateCounts(file);
  const updates = omitted === 0 ? [] : [`${omitted} updates of others`];
  const rows = isOmitted(file.sections.validation) ? ["the validation rows"] : [];
  return [...updates, ...rows].join(" and ");
}
