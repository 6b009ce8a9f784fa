import type { NodeContext } from "./context.ts";
import type { JobView } from "./network.ts";

/** True when nothing can happen to a job any more. */
export function isClosed(job: JobView): boolean {
  return ["Settled", "Failed", "Cancelled"].includes(job.state);
}

/** Drops what a node holds in memory of a job that is closed, and ends its calls; the store keeps what it serves. */
export function forgetJob(ctx: NodeContext, { jobId }: JobView): void {
  ctx.calls.forget(jobId);
  ctx.retry.forget(jobId);
  ctx.specs.delete(jobId);
  for (const key of ctx.turns.keys()) if (key.startsWith(jobId)) ctx.turns.delete(key);
  for (const { hash } of ctx.store.inventory(jobId)) {
    ctx.dealings.delete(hash);
    ctx.attestations.delete(hash);
  }
}
