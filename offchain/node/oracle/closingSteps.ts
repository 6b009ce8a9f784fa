import type { Hex } from "../../core/bytes.ts";
import { keccakHex } from "../../core/hash.ts";
import { attestationDigest } from "../../protocol/attestations.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { specOf } from "../specOf.ts";
import { advance } from "./advance.ts";
import { ownStatement } from "./attest.ts";
import { evidenceOf } from "./evidence.ts";
import { spreadReleases } from "./releases.ts";
import { agreedResult, attestResult } from "./result.ts";
import { spread, spreadStates } from "./spread.ts";
import { bystanderPlace, inTurn, type Place, seatPlace } from "./turn.ts";
import { spreadWords } from "./words.ts";

// JobResult is one statement a job.
const onlyRound = 0;

/** Finished: open the validation rows, value the rounds, sign the result, propose it when it is this seat's turn. */
export async function stepFinished(ctx: NodeContext, job: JobView, spec: JobSpec, seat: number): Promise<void> {
  await advance(ctx, job, spec);
  const sections = await evidenceOf(ctx, job, spec);
  spreadReleases(ctx, job);
  spreadStates(ctx, job);
  if (sections === null) return;
  await attestResult(ctx, job, spec, sections);
  spreadWords(ctx, job);
  spread(ctx, job, "JobResult", onlyRound);
  const held = agreedResult(ctx, job, spec, sections);
  if (held === undefined) return;
  const { result, words, call } = held;
  const place = seatPlace(job, seat);
  await inTurn(ctx, job.jobId, "propose", place, () => ctx.network.propose(job, result, words, call));
}

/** Proposed: settle once the challenge window is over; -1 = no seat, it acts when every seat let its turn pass. */
export async function stepProposed(ctx: NodeContext, job: JobView, seat: number): Promise<void> {
  if (ctx.network.now() <= job.deadline) return seat < 0 ? undefined : catchUp(ctx, job);
  await inTurn(ctx, job.jobId, "settle", await placeOf(ctx, job, seat), () => ctx.network.settle(job));
}

/** A seat that was behind the others when they proposed makes the evidence while it has the shares: it is to serve it too. */
async function catchUp(ctx: NodeContext, job: JobView): Promise<void> {
  const spec = await specOf(ctx, job);
  await advance(ctx, job, spec);
  await evidenceOf(ctx, job, spec);
  spreadReleases(ctx, job);
  spreadStates(ctx, job);
}

/** Running or Finished past deadline and grace: anyone closes the job. Returns false before. */
export async function failWhenOverdue(ctx: NodeContext, job: JobView, seat: number): Promise<boolean> {
  if (ctx.network.now() <= job.deadline + ctx.network.grace) return false;
  await inTurn(ctx, job.jobId, "fail", await placeOf(ctx, job, seat), () => ctx.network.fail(job));
  return true;
}

async function placeOf(ctx: NodeContext, job: JobView, seat: number): Promise<Place> {
  return seat < 0 ? bystanderPlace(ctx, job) : seatPlace(job, seat);
}

/**
 * A seat that did its part says so on the chain before the deadline, so that it is not counted among the silent when
 * others let the step lapse.
 */
export async function sayReady(ctx: NodeContext, job: JobView): Promise<void> {
  const now = ctx.network.now();
  const step = job.state === "Finished" ? "JobResult" : "RoundSet";
  const round = job.state === "Finished" ? onlyRound : job.sets.length;
  const statement = ownStatement(ctx, job, step, round) ?? ownStatement(ctx, job, "Finish", round);
  const window = job.state === "Finished" ? job.terms.proposeSeconds : job.terms.roundSeconds;
  if (now < job.deadline - window / 4) return;
  const digest =
    statement === undefined ? idleDigest(job) : attestationDigest(ctx.domain, statement.kind, statement.message);
  await inTurn(ctx, job.jobId, `ready:${step}:${round}`, atOnce, () => ctx.network.ready(job, digest));
}

// Every seat says it for itself.
const atOnce: Place = { position: 0, callers: [], behind: 0 };

// There, but with nothing to sign: a contributor's update is missing.
function idleDigest(job: JobView): Hex {
  return keccakHex(new TextEncoder().encode(`idle:${job.jobId}:${job.sets.length}`));
}
