import { sha256Hex } from "../../core/hash.ts";
import { aggregationOf } from "../../protocol/clearAggregation.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { decodeState, encodeState, initialState, type ModelState, nextState } from "../../protocol/newtonJob.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { attest, ownAttestation } from "./attest.ts";
import { certifiedSet, fullSet } from "./dealings.ts";

/** theta_round as this seat computed it, or null when it could not yet. */
export function stateAt(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): ModelState | null {
  if (round === 0) return initialState(spec);
  const bytes = ctx.store.state(job.jobId, round);
  return bytes === undefined ? null : decodeState(spec, bytes);
}

/**
 * Computes and attests the state after every certified round, in order, from the certified set alone. Stops at the first
 * round whose dealings this seat does not hold: their contributors send the same bytes again until every seat has them.
 */
export async function advance(ctx: NodeContext, job: JobView, spec: JobSpec): Promise<void> {
  for (const { set, digest } of job.sets) {
    if (ownAttestation(ctx, job.jobId, "StateAttestation", set.round + 1) !== undefined) continue;
    const state = stateAt(ctx, job, spec, set.round);
    if (state === null || fullSet(ctx, job, spec, set.round) === null) return;
    const dealings = certifiedSet(ctx, job, spec, set.round, set.dealingsRoot);
    if (dealings === null) {
      // m seats certified other bytes than this one holds: it cannot follow until they have shown it theirs.
      const detail = "certified dealings differ from those held";
      ctx.store.putFault(job.jobId, set.round, "nobody", "round/other-dealings", detail);
      return;
    }
    if (ctx.store.state(job.jobId, set.round + 1) === undefined) {
      const sum = aggregationOf(spec.aggregation).combine(
        dealings.map((d) => d.accepted),
        new Map(),
      );
      if (sum === null) return;
      ctx.store.putState(job.jobId, set.round + 1, encodeState(nextState(spec, set.round, state, sum)));
    }
    const bytes = ctx.store.state(job.jobId, set.round + 1) as Uint8Array;
    await attest(ctx, "StateAttestation", set.round + 1, {
      jobId: job.jobId,
      round: set.round + 1,
      stateHash: sha256Hex(bytes),
      roundsDigest: digest,
    });
  }
}
