import type { AttestationKind } from "../../protocol/attestations.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { timeoutFor } from "../peerCalls.ts";
import { recorded } from "../steps.ts";
import { ownAttestation } from "./attest.ts";

/**
 * Brings this seat's own statement to the other seats' boards without waiting for any of them; one that is down is tried
 * again at later steps.
 */
export function spread(ctx: NodeContext, job: JobView, kind: AttestationKind, round: number): void {
  const bytes = ownAttestation(ctx, job.jobId, kind, round);
  if (bytes === undefined) return;
  for (const { account, operator } of job.seats) {
    if (operator === ctx.me.operator || ctx.store.wasSent(job.jobId, kind, round, account)) continue;
    const run = async (signal: AbortSignal, patience: number) => {
      const { endpoint } = await ctx.network.party(account);
      await recorded(ctx, "oracle.sendStatement", async () => {
        await ctx.board(endpoint).deliver(bytes, { signal, timeoutMs: patience * timeoutFor(bytes.length) });
        ctx.store.markSent(job.jobId, kind, round, account);
      });
    };
    ctx.calls.start({ jobId: job.jobId, about: `${kind}:${round}`, party: account, run });
  }
}

/** The same for the state after every certified round: a seat that was away serves the whole job once it has caught up. */
export function spreadStates(ctx: NodeContext, job: JobView): void {
  for (const { set } of job.sets) spread(ctx, job, "StateAttestation", set.round + 1);
}
