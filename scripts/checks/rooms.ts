/** Rooms of offchain/ in tiers: a room imports itself and rooms of earlier tiers, never its neighbours. */
export const tiers: readonly (readonly string[])[] = [
  ["core"],
  ["crypto", "privacy"],
  ["learning", "valuation", "alignment"],
  ["protocol"],
  ["chain", "transport", "data"],
  // Configuration, keys and inbox of one party: what its daemon and its command line share.
  ["party"],
  ["node"],
  ["sdk", "audit", "indexer"],
  ["cli", "portal"],
];

/** Rooms that take clock and randomness as arguments and open neither file nor socket. */
export const pureRooms: readonly string[] = [
  "core",
  "crypto",
  "privacy",
  "learning",
  "valuation",
  "alignment",
  "protocol",
];

/** The two files of a pure room in which a composition root finds the computer's own clock and randomness. */
export const seams: readonly string[] = ["offchain/core/clock.ts", "offchain/core/rng.ts"];

/** True where `room` may import from `other`. The daemon is the outermost program: only the command line starts it. */
export function mayImport(room: string, other: string): boolean {
  if (room === other) return true;
  if (other === "node") return room === "cli";
  return tierOf(other) < tierOf(room);
}

/** Index of the tier; -1 for a folder that is no room. */
export function tierOf(room: string): number {
  return tiers.findIndex((tier) => tier.includes(room));
}
