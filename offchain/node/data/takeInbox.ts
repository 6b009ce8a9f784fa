import type { Hex } from "../../core/bytes.ts";
import { takeVerdicts } from "../../party/inbox.ts";
import type { NodeContext } from "../context.ts";
import { recordVerdict } from "./accept.ts";

/** Takes the verdicts that persons left in the inbox: recorded first, then acted on by the job's next step. */
export async function takeInbox(ctx: NodeContext): Promise<void> {
  await takeVerdicts(ctx.config.home, async (verdict) => {
    const job = ctx.network.job(verdict.jobId as Hex);
    if (job === undefined) return;
    const mine = new Set(ctx.config.assets.map((a) => a.assetId));
    for (const [index, use] of job.terms.assets.entries()) {
      if (mine.has(String(use.assetId))) recordVerdict(ctx, job, index, verdict);
    }
    ctx.wake(job.jobId);
  });
}
