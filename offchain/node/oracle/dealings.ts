import type { Hex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/hash.ts";
import type { Accepted } from "../../protocol/aggregation.ts";
import { aggregationOf } from "../../protocol/clearAggregation.ts";
import { dealingLeaf, dealingsRoot } from "../../protocol/dealingsRoot.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { expectedUpdate } from "../../protocol/newtonJob.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import type { StoredMessage } from "../store.ts";

/** One contributor's accepted dealing for a round: exact signed bytes, their leaf, and what this seat holds of it. */
export interface Dealing {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly leaf: Hex;
  readonly accepted: Accepted;
}

/**
 * Checks one contributor's signed envelope for a round and keeps it. The first one stands; a second, different one of the
 * same contributor and round is kept beside it as a proof and refused (`update/second-dealing`), naming the contributor.
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
  const { sender } = openEnvelope(bytes);
  const message = { job: job.jobId, round, sender, hash, bytes };
  const stands = ctx.store.putMessage({ ...message, kind: "dealing", slot: String(dealing.index) });
  if (stands.hash === hash) return dealing;
  keepProof(ctx, job, { ...message, kind: "second-dealing", slot: `${dealing.index}:${hash}` }, dealing.index);
  throw new FarshoreError({
    code: "update/second-dealing",
    message: `contributor ${dealing.index} sent a second, different update for round ${round}`,
    facts: { jobId: job.jobId, round, index: dealing.index },
    remedy: "resend the stored update; never train a round twice",
    party: sender,
  });
}

function keepProof(ctx: NodeContext, job: JobView, second: StoredMessage, index: number): void {
  const known = secondDealings(ctx, job, second.round).filter((m) => m.sender === second.sender);
  // Each seat may hold another one; more prove nothing more.
  if (known.length >= job.seats.length || known.some((m) => m.hash === second.hash)) return;
  ctx.store.putMessage(second);
  if (known.length > 0) return;
  const { jobId, round, sender: operator } = { jobId: job.jobId, ...second };
  ctx.store.putFault(jobId, round, operator, "update/second-dealing", "two different updates for one round");
  const contributor = job.contributors[index]?.account;
  ctx.log.warn({ jobId, round, contributor, operator }, "a contributor signed two different updates for one round");
}

function secondDealings(ctx: NodeContext, job: JobView, round: number): StoredMessage[] {
  return ctx.store.messages(job.jobId, "second-dealing", round);
}

/**
 * The set of a certified root: the one held, or one in which second updates that seats showed each other stand instead of
 * the first; those are then what this seat holds. Null when what it holds does not make this root.
 */
export function certifiedSet(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  round: number,
  root: Hex,
): Dealing[] | null {
  const held = fullSet(ctx, job, spec, round);
  if (held === null) return null;
  const seconds = secondDealings(ctx, job, round).map((m) => ({
    message: m,
    dealing: readDealing(spec, round, m.bytes),
  }));
  for (const set of alternatives(
    held,
    seconds.map(({ dealing }) => dealing),
  )) {
    if (dealingsRoot(set.map(({ leaf }) => leaf)) !== root) continue;
    for (const { message, dealing } of seconds) {
      if (!set.includes(dealing)) continue;
      ctx.store.replaceMessage({ ...message, kind: "dealing", slot: String(dealing.index) });
    }
    return set;
  }
  return null;
}

// Contributors that cheat are few; beyond this many sets the search is given up.
const mostSets = 256;

/** Every set that takes one of each contributor's updates, the one held first. */
function alternatives(held: readonly Dealing[], seconds: readonly Dealing[]): Dealing[][] {
  const choices = held.map((first) => [first, ...seconds.filter(({ index }) => index === first.index)]);
  return choices.reduce<Dealing[][]>(
    (sets, choice) => choice.flatMap((dealing) => sets.map((set) => [...set, dealing])).slice(0, mostSets),
    [[]],
  );
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
