import type { Hex } from "../../core/bytes.ts";
import { sha256Hex } from "../../core/hash.ts";
import { addVectors, centred } from "../../crypto/field61.ts";
import { sumIntegers } from "../../protocol/clearAggregation.ts";
import { decodeIntegers, encodeIntegers } from "../../protocol/integers.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { expectedUpdate, type ModelState, sumBound } from "../../protocol/newtonJob.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { recorded } from "../steps.ts";
import { certifiedSet, contributions, markHeld } from "./certifiedSet.ts";
import { showDealings } from "./compareDealings.ts";
import { type Dealing, fullSet } from "./dealings.ts";
import { opened } from "./opened.ts";
import { ownRelease, release } from "./releases.ts";
import { checkUpdates } from "./updateChecks.ts";

type Certified = JobView["sets"][number];

/** The integers of a certified round's sum as this seat computed them; undefined before. */
export function storedSum(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): BigInt64Array | undefined {
  const bytes = ctx.store.message(sumKey(ctx, job, round))?.bytes;
  return bytes === undefined ? undefined : decodeIntegers(bytes, expectedUpdate(spec, round).length, sumBound(spec));
}

function sumKey(ctx: NodeContext, job: JobView, round: number) {
  return { job: job.jobId, kind: "sum", round, sender: ctx.me.operator, slot: "" };
}

/**
 * The sum over a certified set, kept once it is known; null while this seat cannot know it. In `clear` it is the sum of what
 * this seat read; in `shares` this seat releases the sum of its shares, once, for the certified set alone, and opens the total from
 * m seats' sums. A seat that lacks a dealing releases nothing and may still open.
 */
export async function sumOf(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  certified: Certified,
  state: ModelState,
): Promise<BigInt64Array | null> {
  const { round, dealingsRoot } = certified.set;
  const known = storedSum(ctx, job, spec, round);
  if (known !== undefined) return known;
  const set = certifiedSet(ctx, job, spec, round, dealingsRoot);
  if (set === null) noteOtherDealings(ctx, job, spec, round);
  const sum = spec.aggregation === "clear" ? readSum(set) : await openedSum(ctx, job, spec, certified, state, set);
  if (sum === null || !isWithinBound(ctx, job, spec, round, sum)) return null;
  const bytes = encodeIntegers(sum);
  await recorded(ctx, "oracle.keepSum", () =>
    ctx.store.putMessage({ ...sumKey(ctx, job, round), hash: sha256Hex(bytes), bytes }),
  );
  if (set !== null) markHeld(ctx, job.jobId, round);
  dropFromMemory(ctx, job, round);
  return sum;
}

// Shares of a round are needed again for the words alone: then they are read from the store.
function dropFromMemory(ctx: NodeContext, { jobId }: JobView, round: number): void {
  ctx.certified.delete(`${jobId}:${round}`);
  for (const { hash } of ctx.store.messages(jobId, "dealing", round)) ctx.dealings.delete(hash);
}

// Shares cannot be checked against a dealer's bound: a sum beyond all of theirs is no sum of honest updates, and nobody can say whose.
function isWithinBound(ctx: NodeContext, job: JobView, spec: JobSpec, round: number, sum: BigInt64Array): boolean {
  const most = sumBound(spec);
  if (sum.every((value) => value <= most && value >= -most)) return true;
  ctx.store.putFault(job.jobId, round, "nobody", "round/out-of-bound", "a sum is beyond all dealers' bounds together");
  return false;
}

// m seats certified other bytes than this one holds: it cannot follow until they have shown it theirs.
function noteOtherDealings(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): void {
  if (fullSet(ctx, job, spec, round) === null) return;
  ctx.store.putFault(job.jobId, round, "nobody", "round/other-dealings", "certified dealings differ from those held");
  // They show theirs in turn: the two envelopes of one dealer are the proof, at both.
  for (const seat of job.seats) showDealings(ctx, job, round, seat);
}

function readSum(set: readonly Dealing[] | null): BigInt64Array | null {
  return set === null ? null : sumIntegers(contributions(set).map(({ held }) => held.integers as BigInt64Array));
}

async function openedSum(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  { set: { round }, digest: roundsDigest }: Certified,
  state: ModelState,
  set: readonly Dealing[] | null,
): Promise<BigInt64Array | null> {
  const dealings = set === null ? null : contributions(set);
  if (!(await checkUpdates(ctx, job, spec, { round, roundsDigest, state, dealings }))) return null;
  if (dealings !== null) await releaseSum(ctx, job, round, roundsDigest, dealings);
  const { length } = expectedUpdate(spec, round);
  const total = opened(ctx, job, spec, { kind: "sum", round, roundsDigest }, length);
  return total === null ? null : centred(total);
}

function releaseSum(ctx: NodeContext, job: JobView, round: number, roundsDigest: Hex, dealings: readonly Dealing[]) {
  const values = addVectors(dealings.map(({ held }) => held.share as BigUint64Array));
  return release(ctx, job, { kind: "sum", round, roundsDigest, values });
}

/**
 * Releases this seat's share of a sum that it opened from the others' before it held all dealings: a seat that died meanwhile may have
 * brought its share to this one alone, and the others lack one for m. False while a dealing is still missing.
 */
export async function releaseLate(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  certified: Certified,
): Promise<boolean> {
  const { round, dealingsRoot } = certified.set;
  if (spec.aggregation === "clear" || ownRelease(ctx, job, "sum", round) !== undefined) return true;
  const set = certifiedSet(ctx, job, spec, round, dealingsRoot);
  if (set === null) return false;
  await releaseSum(ctx, job, round, certified.digest, contributions(set));
  dropFromMemory(ctx, job, round);
  return true;
}
