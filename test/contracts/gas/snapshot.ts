import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Gas } from "./entryPoints.ts";

const file = join(import.meta.dirname, "snapshot.json");

/** A change by more than this is one that somebody should have meant. */
export const tolerance = 0.01;

/** What was measured last, by name. */
export function snapshot(): Readonly<Record<string, number>> {
  return JSON.parse(readFileSync(file, "utf8"));
}

export function writeSnapshot(gas: Gas): void {
  const sorted = [...gas].sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}

/** What differs from the snapshot by more than the tolerance, a line each. */
export function gasProblems(gas: Gas, before: Readonly<Record<string, number>>): readonly string[] {
  const changes = [...gas].flatMap(([name, used]) => {
    const had = before[name];
    if (had === undefined) return [`${name}: ${used}, which the snapshot lacks`];
    const change = used / had - 1;
    if (Math.abs(used - had) <= tolerance * had) return [];
    return [`${name}: ${used} where it was ${had} (${change > 0 ? "+" : ""}${(100 * change).toFixed(1)}%)`];
  });
  const gone = Object.keys(before).filter((name) => !gas.has(name));
  return [...changes, ...gone.map((name) => `${name}: in the snapshot, and not measured any more`)];
}
