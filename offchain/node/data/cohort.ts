import { type CohortMember, cohortDifference, minimumRows } from "../../protocol/cohort.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";

/** The assets of a job as their listings commit to them. */
export async function cohortOf(ctx: NodeContext, job: JobView): Promise<CohortMember[]> {
  return Promise.all(
    job.terms.assets.map(async ({ assetId, version }) => {
      const { datasetRoot, rows } = await ctx.network.versionOf(assetId, version);
      return { assetId: String(assetId), version, datasetRoot, rows };
    }),
  );
}

/**
 * Why a job without noise may not use an asset: another cohort than that of its first use, by this node's own record
 * (protocol, section 3 (a)). Jobs that were cancelled used nothing. Undefined when it may.
 */
export function cohortRefusal(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  cohort: readonly CohortMember[],
  index: number,
): string | undefined {
  if (spec.noiseMilli > 0) return undefined;
  for (const earlier of ctx.store.cohorts(assetOf(job, index))) {
    const unused = earlier.job === job.jobId || ctx.network.job(earlier.job)?.state === "Cancelled";
    const difference = unused ? undefined : cohortDifference(earlier.members, cohort, minimumRows(spec));
    if (difference !== undefined) {
      return `without noise an asset is used only with the cohort of its first use, job ${earlier.job}: ${difference}`;
    }
  }
  return undefined;
}

/** Records the cohort before the acceptance is signed; what stands then counts for every later job. */
export function recordCohort(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  cohort: readonly CohortMember[],
  index: number,
): void {
  if (spec.noiseMilli === 0) ctx.store.putCohort(assetOf(job, index), job.jobId, cohort);
}

function assetOf(job: JobView, index: number): string {
  return String(job.terms.assets[index]?.assetId);
}
