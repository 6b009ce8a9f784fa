import { sha256Hex } from "../../core/hash.ts";
import type { FinishReason } from "../../protocol/chainStructs.ts";
import { finishReasons } from "../../protocol/chainStructs.ts";
import { dealingsRoot } from "../../protocol/dealingsRoot.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { encodeState, reachedPlateau, stateHash } from "../../protocol/newtonJob.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { advance, stateAt } from "./advance.ts";
import { agreed, attest } from "./attest.ts";
import { holdsAllBefore } from "./certifiedSet.ts";
import { compareDealings } from "./compareDealings.ts";
import { fullSet } from "./dealings.ts";
import { spreadReleases } from "./releases.ts";
import { spread, spreadStates } from "./spread.ts";
import { inTurn, seatPlace } from "./turn.ts";

/** One step of a running job on one seat: follow what the chain certified, say what this seat holds, call when it is its turn. */
export async function stepRunning(ctx: NodeContext, job: JobView, spec: JobSpec, seat: number): Promise<void> {
  await advance(ctx, job, spec);
  const round = job.sets.length;
  spreadReleases(ctx, job);
  spreadStates(ctx, job);
  const end = endOf(ctx, job, spec, round);
  if (end !== null) await attestFinish(ctx, job, spec, end);
  else if (round < job.terms.rounds) await attestSet(ctx, job, spec, round);
  spread(ctx, job, "RoundSet", round);
  for (const last of lastRounds(round)) spread(ctx, job, "Finish", last);
  // Also of the round before: most seats may have certified what one of them does not hold.
  for (const disputed of [round, round - 1]) compareDealings(ctx, job, disputed);
  await callCertify(ctx, job, round, seat);
  await callFinish(ctx, job, round, seat);
}

interface End {
  /** Rounds completed = index of the last state. */
  readonly round: number;
  readonly reason: FinishReason;
}

/** Where training ends as this seat sees it now; null while it goes on. */
function endOf(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): End | null {
  // Past the deadline in block time somebody is absent.
  const late = ctx.network.now() > job.deadline;
  const after = stateAt(ctx, job, spec, round);
  if (after === null) {
    // The last certified round has no sum: it is void, and training ends at the state before.
    const before = round < 2 ? null : stateAt(ctx, job, spec, round - 1);
    return late && before !== null ? { round: round - 1, reason: "absent" } : null;
  }
  if (round === job.terms.rounds) return { round, reason: "complete" };
  const before = round < 1 ? null : stateAt(ctx, job, spec, round - 1);
  if (before === null) return null;
  if (reachedPlateau(spec, round - 1, before, after)) return { round, reason: "plateau" };
  return late ? { round, reason: "absent" } : null;
}

/** Rounds at which training may end after `certified` rounds: the last one may be void. */
function lastRounds(certified: number): number[] {
  return [certified, certified - 1].filter((round) => round > 0);
}

async function attestFinish(ctx: NodeContext, job: JobView, spec: JobSpec, { round, reason }: End): Promise<void> {
  const state = stateAt(ctx, job, spec, round);
  if (state === null) return;
  const message = { jobId: job.jobId, round, stateHash: stateHash(state), reason: finishReasons.indexOf(reason) };
  await attest(ctx, "Finish", round, message);
}

async function attestSet(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): Promise<void> {
  const state = stateAt(ctx, job, spec, round);
  const dealings = fullSet(ctx, job, spec, round);
  // A seat that lacks a part of an earlier round could not score: a dealer who skips another seat each round would leave nobody who can.
  if (state === null || dealings === null || !holdsAllBefore(ctx, job, spec, round)) return;
  await attest(ctx, "RoundSet", round, {
    jobId: job.jobId,
    round,
    stateHash: sha256Hex(encodeState(state)),
    bitmap: (1n << BigInt(spec.assets.length)) - 1n,
    dealingsRoot: dealingsRoot(dealings.map(({ leaf }) => leaf)),
  });
}

async function callCertify(ctx: NodeContext, job: JobView, round: number, seat: number): Promise<void> {
  const held = agreed(ctx, job, "RoundSet", round);
  if (held === undefined) return;
  const place = seatPlace(job, seat);
  await inTurn(ctx, job.jobId, `certify:${round}`, place, () => ctx.network.certify(job, held.message, held.call));
}

async function callFinish(ctx: NodeContext, job: JobView, certified: number, seat: number): Promise<void> {
  for (const round of lastRounds(certified)) {
    const held = agreed(ctx, job, "Finish", round);
    if (held === undefined) continue;
    const place = seatPlace(job, seat);
    await inTurn(ctx, job.jobId, `finish:${round}`, place, () => ctx.network.finish(job, held.message, held.call));
    return;
  }
}
