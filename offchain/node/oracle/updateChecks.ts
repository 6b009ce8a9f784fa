import type { Hex } from "../../core/bytes.ts";
import { normBoundAllowed } from "../../crypto/committee.ts";
import { centred, type FieldVector } from "../../crypto/field61.ts";
import { normShare } from "../../crypto/normOpening.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { gradientSlice, type ModelState } from "../../protocol/newtonJob.ts";
import { medianOf, normIsWithin } from "../../protocol/normBound.ts";
import { sizeIndex, sizeIsHonest } from "../../protocol/sizeGuard.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import type { Dealing } from "./dealings.ts";
import { opened } from "./opened.ts";
import { release } from "./releases.ts";

/** A certified round whose updates are looked at before its sum leaves. `dealings`: null for a seat that lacks one. */
export interface CheckedRound {
  readonly round: number;
  readonly roundsDigest: Hex;
  readonly state: ModelState;
  readonly dealings: readonly Dealing[] | null;
}

// The base-rate state is where H[0,0] says how many rows an update was made of.
const sizeRound = 1;

/**
 * Opens what the guards of protocol section 6 allow of single updates, and judges it: in the first scored round H[0,0], which
 * is n_i r (1 - r) for honest rows and so tells nothing new; where the committee is large enough, each gradient's norm. False while
 * too few seats opened, and for good when somebody failed: then no sum of this round leaves, the round is void and
 * training ends at the state before. The party is in the faults.
 */
export async function checkUpdates(ctx: NodeContext, job: JobView, spec: JobSpec, r: CheckedRound): Promise<boolean> {
  if (r.round === sizeRound && !(await sizesHold(ctx, job, spec, r))) return false;
  if (r.round === 0 || !normBoundAllowed(spec.committee)) return true;
  return normsHold(ctx, job, spec, r);
}

async function sizesHold(ctx: NodeContext, job: JobView, spec: JobSpec, r: CheckedRound): Promise<boolean> {
  const { round, roundsDigest, state, dealings } = r;
  const said = { kind: "size", round, roundsDigest } as const;
  const at = sizeIndex(spec);
  if (dealings !== null) {
    const values = BigUint64Array.from(dealings, ({ held }) => (held.share as FieldVector)[at] as bigint);
    await release(ctx, job, { ...said, values });
  }
  const sizes = opened(ctx, job, spec, said, spec.assets.length);
  if (sizes === null || state.transform === null) return false;
  const { labelRate } = state.transform;
  const rows = await committedRowsOf(ctx, job);
  const honest = [...centred(sizes)].map((size, i) => sizeIsHonest(size, rows[i] ?? 0, labelRate));
  return noneToBlame(ctx, job, round, honest, "update/size", "H[0,0] is not that of the committed rows");
}

function committedRowsOf(ctx: NodeContext, { terms }: JobView): Promise<number[]> {
  return Promise.all(
    terms.assets.map(async ({ assetId, version }) => (await ctx.network.versionOf(assetId, version)).rows),
  );
}

async function normsHold(ctx: NodeContext, job: JobView, spec: JobSpec, r: CheckedRound): Promise<boolean> {
  const { round, roundsDigest, dealings } = r;
  if (dealings !== null) {
    const { from, to } = gradientSlice(spec);
    const seat = job.seats.findIndex((s) => s.operator === ctx.me.operator);
    const values = BigUint64Array.from(dealings, ({ held }) =>
      normShare(held.share as FieldVector, held.mask as FieldVector, seat, from, to),
    );
    await release(ctx, job, { kind: "norm", round, roundsDigest, values });
  }
  const norms = openedNorms(ctx, job, spec, round, roundsDigest);
  if (norms === null) return false;
  const before = job.sets[round - 1];
  const previous = round < 2 || before === undefined ? null : openedNorms(ctx, job, spec, round - 1, before.digest);
  if (previous === null) return true;
  const squaredMedian = medianOf([...previous]);
  const rows = await committedRowsOf(ctx, job);
  const medianRows = Number(medianOf(rows.map(BigInt)));
  const honest = [...norms].map((norm, i) =>
    normIsWithin(norm, { squaredMedian, squaredOwn: previous[i] as bigint }, rows[i] ?? 0, medianRows),
  );
  return noneToBlame(
    ctx,
    job,
    round,
    honest,
    "update/norm",
    "the gradient is longer than 1.5 times the last median, by its rows",
  );
}

function openedNorms(ctx: NodeContext, job: JobView, spec: JobSpec, round: number, roundsDigest: Hex) {
  const said = { kind: "norm", round, roundsDigest } as const;
  return opened(ctx, job, spec, said, spec.assets.length, 2 * spec.committee.t);
}

function noneToBlame(
  ctx: NodeContext,
  job: JobView,
  round: number,
  honest: readonly boolean[],
  code: string,
  detail: string,
): boolean {
  honest.forEach((fine, i) => {
    const contributor = job.contributors[i]?.account;
    if (fine || contributor === undefined) return;
    ctx.store.putFault(job.jobId, round, contributor, code, detail);
    ctx.log.warn({ jobId: job.jobId, round, contributor, code }, `${detail}: the round is void`);
  });
  return honest.every(Boolean);
}
