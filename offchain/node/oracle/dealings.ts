import type { Hex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/hash.ts";
import type { Accepted } from "../../protocol/aggregation.ts";
import { aggregationOf } from "../../protocol/clearAggregation.ts";
import { dealingLeaf } from "../../protocol/dealingsRoot.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { expectedUpdate } from "../../protocol/newtonJob.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";

/** One contributor's accepted dealing for a round: exact signed bytes, their leaf, and what this seat holds of it. */
export interface Dealing {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly leaf: Hex;
  readonly accepted: Accepted;
}

/**
 * Checks one contributor's signed envelope for a round and keeps it. The first one stands; a second, different one of the
 * same contributor and round is refused (`update/second-dealing`), naming the contributor.
 */
export function acceptDealing(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  round: number,
  bytes: Uint8Array,
): Dealing {
  const dealing = readDealing(spec, round, bytes);
  const hash = sha256Hex(bytes);
  const sender = openEnvelope(bytes).sender;
  const stands = ctx.store.putMessage({
    job: job.jobId,
    kind: "dealing",
    round,
    sender,
    slot: String(dealing.index),
    hash,
    bytes,
  });
  if (stands.hash !== hash) {
    ctx.store.putFault(job.jobId, round, sender, "update/second-dealing", "two different updates for one round");
    throw new FarshoreError({
      code: "update/second-dealing",
      message: `contributor ${dealing.index} sent a second, different update for round ${round}`,
      facts: { jobId: job.jobId, round, index: dealing.index },
      remedy: "resend the stored update; never train a round twice",
      party: sender,
    });
  }
  return dealing;
}

function readDealing(spec: JobSpec, round: number, bytes: Uint8Array): Dealing {
  const { assetIndex, content } = decodeUpdate(openEnvelope(bytes).content);
  const accepted = aggregationOf(spec.aggregation).accept(content, expectedUpdate(spec, round));
  return { index: assetIndex, bytes, leaf: dealingLeaf(bytes), accepted };
}

/** Dealings of one round that this seat holds, by contributor index. */
export function heldDealings(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): Map<number, Dealing> {
  const held = new Map<number, Dealing>();
  for (const message of ctx.store.messages(job.jobId, "dealing", round)) {
    const known = ctx.dealings.get(message.hash) ?? readDealing(spec, round, message.bytes);
    ctx.dealings.set(message.hash, known);
    held.set(known.index, known);
  }
  return held;
}

/** The full accepted set in the contributors' order, or null while one is missing. */
export function fullSet(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): Dealing[] | null {
  const held = heldDealings(ctx, job, spec, round);
  const all = spec.assets.map((_, index) => held.get(index));
  return all.every((dealing) => dealing !== undefined) ? (all as Dealing[]) : null;
}
