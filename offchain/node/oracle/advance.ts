import { FarshoreError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/hash.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import {
  decodeState,
  encodeState,
  expectFinite,
  initialState,
  type ModelState,
  nextState,
} from "../../protocol/newtonJob.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { recorded } from "../steps.ts";
import { attest, ownAttestation } from "./attest.ts";
import { releaseLate, sumOf } from "./sums.ts";

/** theta_round as this seat computed it, or null when it could not yet. */
export function stateAt(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): ModelState | null {
  if (round === 0) return initialState(spec);
  const bytes = ctx.store.state(job.jobId, round);
  return bytes === undefined ? null : decodeState(spec, bytes);
}

/**
 * Computes and attests the state after every certified round, in order, from the certified set alone. Stops at the first
 * round whose sum this seat cannot know yet: their contributors send the same bytes again, and so do the other seats.
 * A round attested from the others' shares is done once this seat released its own.
 */
export async function advance(ctx: NodeContext, job: JobView, spec: JobSpec): Promise<void> {
  for (const certified of job.sets) {
    const { set, digest } = certified;
    const key = `${job.jobId}:attested:${set.round}`;
    if (ctx.done.has(key)) continue;
    if (ownAttestation(ctx, job.jobId, "StateAttestation", set.round + 1) !== undefined) {
      if (await releaseLate(ctx, job, spec, certified)) ctx.done.add(key);
      continue;
    }
    const state = stateAt(ctx, job, spec, set.round);
    const sum = state === null ? null : await sumOf(ctx, job, spec, certified, state);
    const bytes = state === null || sum === null ? null : followingState(ctx, job, spec, set.round, state, sum);
    if (bytes === null) return;
    await recorded(ctx, "oracle.keepState", () => ctx.store.putState(job.jobId, set.round + 1, bytes));
    await attest(ctx, "StateAttestation", set.round + 1, {
      jobId: job.jobId,
      round: set.round + 1,
      stateHash: sha256Hex(bytes),
      roundsDigest: digest,
    });
  }
}

/**
 * Bytes of the state that follows from a sum, or null where none does: moments of one class, a Hessian that is not positive definite.
 * Some dealer's numbers were no honest sums, and nobody can say whose: the round is void, like one without sums.
 */
function followingState(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  round: number,
  state: ModelState,
  sum: BigInt64Array,
): Uint8Array | null {
  try {
    return encodeState(expectFinite(nextState(spec, round, state, sum)));
  } catch (error) {
    if (!(error instanceof FarshoreError)) throw error;
    ctx.store.putFault(job.jobId, round, "nobody", "round/no-state", `no state follows from the sum: ${error.code}`);
    return null;
  }
}
