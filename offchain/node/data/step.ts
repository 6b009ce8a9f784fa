import type { NodeContext } from "../context.ts";
import { lower } from "../envelopes.ts";
import { takesDealings } from "../jobView.ts";
import type { JobView } from "../network.ts";
import { specOf } from "../specOf.ts";
import { answerJob } from "./accept.ts";
import type { Datasets } from "./datasets.ts";
import { trainRounds } from "./train.ts";

/**
 * What an institution's node does for one job now: answer it while it is open, train while it runs, and bring what a seat
 * still lacks until the job is closed, for that seat is to serve the evidence too.
 */
export async function stepData(ctx: NodeContext, datasets: Datasets, job: JobView): Promise<void> {
  if (job.state === "Open") {
    for (const index of ownedAssets(ctx, job)) await answerJob(ctx, datasets, job, index);
    return;
  }
  if (!takesDealings(job)) return;
  const spec = await specOf(ctx, job);
  for (const [index, contributor] of job.contributors.entries()) {
    if (lower(contributor.account) === ctx.me.account) await trainRounds(ctx, datasets, job, spec, index);
  }
}

function ownedAssets(ctx: NodeContext, job: JobView): number[] {
  const mine = new Set(ctx.config.assets.map((a) => a.assetId));
  return job.terms.assets.flatMap((use, index) => (mine.has(String(use.assetId)) ? [index] : []));
}
