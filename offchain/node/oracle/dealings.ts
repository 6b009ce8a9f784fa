import type { Hex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/hash.ts";
import { type Held, validatorIndex } from "../../protocol/aggregation.ts";
import { aggregationOf } from "../../protocol/aggregations.ts";
import { dealingLeaf } from "../../protocol/dealingsRoot.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { expectedUpdate } from "../../protocol/newtonJob.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { openValidationShare, validationScope } from "../../protocol/validationDelivery.ts";
import { openEnvelope, readEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import { isClosed } from "../forget.ts";
import type { JobView } from "../network.ts";
import type { StoredMessage } from "../store.ts";

/** One party's accepted dealing for a round: exact signed bytes, their leaf, and what this seat holds of it. */
export interface Dealing {
  /** Place of the asset in the job; `validatorIndex` for the key of the validation rows. */
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly leaf: Hex;
  readonly held: Held;
}

/** What a dealer brings to one seat: the envelope that all seats get, and this seat's part. */
export interface BroughtDealing {
  readonly envelope: Uint8Array;
  readonly part: Uint8Array;
}

/**
 * Checks what one dealer brought for a round and keeps it, part and envelope together. The first envelope stands; a second,
 * different one of the same dealer and round is kept beside it as a proof and refused (`update/second-dealing`). What does
 * not check is a fault of the dealer (`update/refused`): it is left out, and nobody opens a share to argue about it.
 */
export function acceptDealing(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  round: number,
  brought: BroughtDealing,
): Dealing {
  const message = messageOf(job, round, brought.envelope);
  const { assetIndex } = decodeUpdate(readEnvelope(brought.envelope).content);
  const stands = standing(ctx, message, assetIndex);
  // As many as there are seats prove all that there is to prove; more would only fill the store.
  const seconds = secondsOf(ctx, job, round, message.sender);
  // One that another seat showed is among them already, and only lacks its part.
  const isNew = stands !== undefined && [stands, ...seconds].every(({ hash }) => hash !== message.hash);
  if (isNew && seconds.length >= job.seats.length) throw second(job, round, assetIndex, message.sender);
  const dealing = readOrBlame(ctx, job, spec, round, brought);
  expectOpen(ctx, job);
  const hash = sha256Hex(brought.part);
  // Part first: an envelope without its part is nothing that this seat may sign for.
  ctx.store.putTogether([
    { ...message, kind: "part", slot: partSlot(dealing.index, message.hash), hash, bytes: brought.part },
    { ...message, kind: "dealing", slot: String(dealing.index) },
  ]);
  if (standing(ctx, message, dealing.index)?.hash === message.hash) return dealing;
  keepSecond(ctx, job, message, dealing.index);
  throw second(job, round, dealing.index, message.sender);
}

function second(job: JobView, round: number, index: number, party: Hex): FarshoreError {
  return new FarshoreError({
    code: "update/second-dealing",
    message: `dealer ${index} sent a second, different dealing for round ${round}`,
    facts: { jobId: job.jobId, round, index },
    remedy: "resend the stored dealing; never deal a round twice",
    party,
  });
}

// Asked again right before the write: what is kept after a job's shares were erased would stay for good.
function expectOpen(ctx: NodeContext, { jobId }: JobView): void {
  const now = ctx.network.job(jobId);
  if (!ctx.store.isErased(jobId) && (now === undefined || !isClosed(now))) return;
  throw new FarshoreError({
    code: "job/closed",
    message: `job ${jobId} is closed: its shares are erased, and no more are taken`,
    facts: { jobId },
    remedy: "nothing is left to send",
  });
}

/** Another seat showed the envelope that it holds of a dealer: where this seat holds another one, both are the proof. */
export function seeDealing(ctx: NodeContext, job: JobView, round: number, envelope: Uint8Array): boolean {
  const message = messageOf(job, round, envelope);
  const { assetIndex } = decodeUpdate(openEnvelope(envelope).content);
  const stands = standing(ctx, message, assetIndex);
  if (stands !== undefined && stands.hash !== message.hash) keepSecond(ctx, job, message, assetIndex);
  return stands?.hash === message.hash;
}

function messageOf(job: JobView, round: number, envelope: Uint8Array) {
  const { sender } = openEnvelope(envelope);
  return { job: job.jobId, round, sender, hash: sha256Hex(envelope), bytes: envelope };
}

function standing(ctx: NodeContext, { job, round, sender }: { job: Hex; round: number; sender: Hex }, index: number) {
  return ctx.store.message({ job, kind: "dealing", round, sender, slot: String(index) });
}

function partSlot(index: number, envelopeHash: Hex): string {
  return `${index}:${envelopeHash}`;
}

function readOrBlame(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  round: number,
  { envelope, part }: BroughtDealing,
): Dealing {
  try {
    return readDealing(ctx, job, spec, round, envelope, part);
  } catch (cause) {
    const { sender } = openEnvelope(envelope);
    const code = cause instanceof FarshoreError ? cause.code : "update/malformed";
    ctx.store.putFault(job.jobId, round, sender, "update/refused", code);
    throw new FarshoreError({
      code: "update/refused",
      message: `a dealing of round ${round} does not check: ${code}`,
      facts: { jobId: job.jobId, round, reason: code },
      remedy: "the dealer is left out of the round; it must run the release that the job names",
      party: sender,
      cause,
    });
  }
}

/** What an envelope and this seat's part say; throws what is wrong with them. */
export function readDealing(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  round: number,
  envelope: Uint8Array,
  part: Uint8Array,
): Dealing {
  const { assetIndex: index, content: common } = decodeUpdate(readEnvelope(envelope).content);
  const seat = job.seats.findIndex((s) => s.operator === ctx.me.operator);
  const received = { common, part, seat };
  const scope = { chainId: ctx.domain.chainId, jobId: job.jobId, round, kind: "update", dealer: index };
  const leaf = dealingLeaf(envelope);
  if (index === validatorIndex) {
    const share = openValidationShare(validationScope(scope.chainId, job.jobId), received, spec.committee);
    return { index, bytes: envelope, leaf, held: { integers: null, share, mask: null } };
  }
  const expected = expectedUpdate(spec, round);
  return {
    index,
    bytes: envelope,
    leaf,
    held: aggregationOf(spec.aggregation).open(scope, received, spec.committee, expected),
  };
}

function keepSecond(ctx: NodeContext, job: JobView, second: Omit<StoredMessage, "kind" | "slot">, index: number): void {
  const known = secondsOf(ctx, job, second.round, second.sender);
  // Each seat may hold another one; more prove nothing more.
  if (known.length >= job.seats.length || known.some((m) => m.hash === second.hash)) return;
  ctx.store.putMessage({ ...second, kind: "second-dealing", slot: `${index}:${second.hash}` });
  if (known.length > 0) return;
  const { jobId, round, sender: operator } = { jobId: job.jobId, ...second };
  ctx.store.putFault(jobId, round, operator, "update/second-dealing", "two different dealings for one round");
  ctx.log.warn({ jobId, round, dealer: index, operator }, "a party signed two different dealings for one round");
}

function secondsOf(ctx: NodeContext, job: JobView, round: number, sender: Hex): StoredMessage[] {
  return secondDealings(ctx, job, round).filter((m) => m.sender === sender);
}

/** Second, different envelopes of a round that this seat got or was shown. */
export function secondDealings(ctx: NodeContext, job: JobView, round: number): readonly StoredMessage[] {
  return ctx.store.messages(job.jobId, "second-dealing", round);
}

/** What this seat holds for an envelope, from memory or from the store; null while it has no part for it. */
export function dealingOf(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  message: Pick<StoredMessage, "round" | "sender" | "hash" | "bytes">,
): Dealing | null {
  const known = ctx.dealings.get(message.hash);
  if (known !== undefined) return known;
  const { assetIndex } = decodeUpdate(readEnvelope(message.bytes).content);
  const slot = partSlot(assetIndex, message.hash);
  const part = ctx.store.message({ ...message, job: job.jobId, kind: "part", slot })?.bytes ?? noPart(spec, assetIndex);
  if (part === undefined) return null;
  const dealing = readDealing(ctx, job, spec, message.round, message.bytes, part);
  ctx.dealings.set(message.hash, dealing);
  return dealing;
}

// In `clear` all is in the envelope, so that one which another seat showed is enough.
function noPart(spec: JobSpec, index: number): Uint8Array | undefined {
  return spec.aggregation === "clear" && index !== validatorIndex ? new Uint8Array() : undefined;
}

/** Who deals in a round: every contributor, and in round 0 whoever delivers the validation rows, last. */
export function dealersOf(spec: JobSpec, round: number): number[] {
  const contributors = spec.assets.map((_, index) => index);
  return round === 0 ? [...contributors, validatorIndex] : contributors;
}

/** The full accepted set in the dealers' order, or null while this seat lacks one. */
export function fullSet(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): Dealing[] | null {
  const held = new Map<number, Dealing>();
  for (const message of ctx.store.messages(job.jobId, "dealing", round)) {
    const dealing = dealingOf(ctx, job, spec, message);
    if (dealing !== null) held.set(dealing.index, dealing);
  }
  const all = dealersOf(spec, round).map((index) => held.get(index));
  return all.every((dealing) => dealing !== undefined) ? (all as Dealing[]) : null;
}
