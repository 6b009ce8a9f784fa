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
import { compareDealings } from "./compareDealings.ts";
import { fullSet } from "./dealings.ts";
import { spread, spreadStates } from "./spread.ts";
import { inTurn, seatPlace } from "./turn.ts";
import { validationRows } from "./validation.ts";

/** One step of a running job on one seat: follow what the chain certified, say what this seat holds, call when it is its turn. */
export async function stepRunning(ctx: NodeContext, job: JobView, spec: JobSpec, seat: number): Promise<void> {
  await advance(ctx, job, spec);
  const round = job.sets.length;
  spreadStates(ctx, job);
  const reason = finishReason(ctx, job, spec, round);
  if (reason !== null) await attestFinish(ctx, job, spec, round, reason);
  else if (round < job.terms.rounds) await attestSet(ctx, job, spec, round);
  spread(ctx, job, "RoundSet", round);
  spread(ctx, job, "Finish", round);
  // Also of the round before: most seats may have certified what one of them does not hold.
  for (const disputed of [round, round - 1]) compareDealings(ctx, job, disputed);
  await callCertify(ctx, job, round, seat);
  await callFinish(ctx, job, round, seat);
}

function finishReason(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): FinishReason | null {
  if (round === job.terms.rounds) return "complete";
  if (round < 1) return null;
  const before = stateAt(ctx, job, spec, round - 1);
  const after = stateAt(ctx, job, spec, round);
  if (before === null || after === null) return null;
  if (reachedPlateau(spec, round - 1, before, after)) return "plateau";
  // Past the round's deadline in block time: a contributor is absent and training ends at the last state.
  return ctx.network.now() > job.deadline ? "absent" : null;
}

async function attestFinish(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  round: number,
  reason: FinishReason,
): Promise<void> {
  const state = stateAt(ctx, job, spec, round);
  if (state === null) return;
  const message = { jobId: job.jobId, round, stateHash: stateHash(state), reason: finishReasons.indexOf(reason) };
  await attest(ctx, "Finish", round, message);
}

async function attestSet(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): Promise<void> {
  if (round === 0 && validationRows(ctx, job, spec) === null) return;
  const state = stateAt(ctx, job, spec, round);
  const dealings = fullSet(ctx, job, spec, round);
  if (state === null || dealings === null) return;
  await attest(ctx, "RoundSet", round, {
    jobId: job.jobId,
    round,
    stateHash: sha256Hex(encodeState(state)),
    bitmap: (1n << BigInt(dealings.length)) - 1n,
    dealingsRoot: dealingsRoot(dealings.map(({ leaf }) => leaf)),
  });
}

async function callCertify(ctx: NodeContext, job: JobView, round: number, seat: number): Promise<void> {
  const held = agreed(ctx, job, "RoundSet", round);
  if (held === undefined) return;
  const place = seatPlace(job, seat);
  await inTurn(ctx, job.jobId, `certify:${round}`, place, () => ctx.network.certify(job, held.message, held.call));
}

async function callFinish(ctx: NodeContext, job: JobView, round: number, seat: number): Promise<void> {
  const held = agreed(ctx, job, "Finish", round);
  if (held === undefined) return;
  const place = seatPlace(job, seat);
  await inTurn(ctx, job.jobId, "finish", place, () => ctx.network.finish(job, held.message, held.call));
}
