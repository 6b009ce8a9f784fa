import type { NodeContext } from "./context.ts";
import type { JobView } from "./network.ts";
import { recorded } from "./steps.ts";

/** True when nothing can happen to a job any more. */
export function isClosed(job: JobView): boolean {
  return ["Settled", "Failed", "Cancelled"].includes(job.state);
}

// Parts and dealings open a contributor's update to whoever holds t + 1 of them; the evidence keeps envelopes, sums and words.
const secretKinds = ["part", "own-dealing", "second-dealing"];

/**
 * Erases the shares of a job whose challenge window has closed, or that ended without a result: t + 1 keys that are stolen
 * later open nothing then (protocol, section 5). What the evidence of an `clear` job holds stays in the evidence.
 */
export async function eraseShares(ctx: NodeContext, { jobId }: JobView): Promise<void> {
  if (ctx.store.isErased(jobId)) return;
  await recorded(ctx, "node.erase", () => ctx.store.erase(jobId, secretKinds));
}

/** Drops what a node holds in memory of a job that is closed, and ends its calls; the store keeps what it serves. */
export function forgetJob(ctx: NodeContext, { jobId }: JobView): void {
  ctx.calls.forget(jobId);
  ctx.retry.forget(jobId);
  ctx.specs.delete(jobId);
  ctx.scorings.delete(jobId);
  for (const key of ctx.certified.keys()) if (key.startsWith(jobId)) ctx.certified.delete(key);
  for (const key of ctx.done) if (key.startsWith(jobId)) ctx.done.delete(key);
  for (const key of ctx.turns.keys()) if (key.startsWith(jobId)) ctx.turns.delete(key);
  for (const { hash } of ctx.store.inventory(jobId)) {
    ctx.dealings.delete(hash);
    ctx.attestations.delete(hash);
  }
}
