import type { Hex } from "../core/bytes.ts";
import type { JobSpec } from "./jobSpec.ts";
import { parametersOf } from "./newtonJob.ts";

/** One asset of a job's cohort, as its listing commits to it. */
export interface CohortMember {
  readonly assetId: string;
  readonly version: number;
  readonly datasetRoot: Hex;
  readonly rows: number;
}

const leastRows = 1000;
const rowsPerParameter = 20;

/** Rows that a contributor to sums without noise has at least: max(1 000, 20 × parameters) (protocol, section 3 (c)). */
export function minimumRows(spec: Pick<JobSpec, "features">): number {
  return Math.max(leastRows, rowsPerParameter * parametersOf(spec));
}

/**
 * Why a cohort differs from one that sums without noise were made over before; undefined when it does not (protocol,
 * section 3 (a)). Two jobs whose cohorts differ by one bank give that bank's sums; a version with one row more gives the
 * row. A newer version is the same asset when its root is the same, or when its number of rows differs by `least`: then
 * that many rows at least changed, which is all that a reader of the chain can know.
 */
export function cohortDifference(
  earlier: readonly CohortMember[],
  now: readonly CohortMember[],
  least: number,
): string | undefined {
  const added = now.find((a) => earlier.every((b) => b.assetId !== a.assetId));
  if (added !== undefined) return `asset ${added.assetId} was not in it`;
  for (const before of earlier) {
    const after = now.find((a) => a.assetId === before.assetId);
    if (after === undefined) return `asset ${before.assetId} was in it`;
    if (after.datasetRoot === before.datasetRoot || Math.abs(after.rows - before.rows) >= least) continue;
    return `asset ${before.assetId} changed from version ${before.version} to ${after.version} by rows that may be fewer than ${least}`;
  }
  return undefined;
}
