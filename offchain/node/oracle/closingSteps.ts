import type { Hex } from "../../core/bytes.ts";
import { keccakHex } from "../../core/hash.ts";
import { attestationDigest } from "../../protocol/attestations.ts";
import type { JobResult } from "../../protocol/chainStructs.ts";
import { evidenceRoot } from "../../protocol/evidence.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { deliveryRoot, modelRoot } from "../../protocol/model.ts";
import { packTable } from "../../valuation/shapley.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { advance } from "./advance.ts";
import { agreed, attest, ownStatement } from "./attest.ts";
import { deliveryOf, evidenceOf } from "./evidence.ts";
import { spread } from "./spread.ts";
import { inTurn } from "./turn.ts";

// JobResult is one statement a job.
const onlyRound = 0;

/** Finished: value the rounds, sign the result, propose it when it is this seat's turn. */
export async function stepFinished(ctx: NodeContext, job: JobView, spec: JobSpec, seat: number): Promise<void> {
  await advance(ctx, job, spec);
  if (job.finished !== null) await spread(ctx, job, "StateAttestation", job.finished.completed);
  const sections = evidenceOf(ctx, job, spec);
  if (sections === null) return;
  const words = packTable(sections.valuation.table.map(BigInt));
  const { utilities, scored } = sections.valuation;
  const utilityStart = BigInt(utilities[0] as string);
  const utilityEnd = BigInt(utilities[scored] as string);
  const result: JobResult = {
    jobId: job.jobId,
    termsHash: job.termsHash,
    kind: 0,
    roundsDigest: job.sets.at(-1)?.digest ?? `0x${"00".repeat(32)}`,
    modelRoot: modelRoot(sections.model),
    evidenceRoot: evidenceRoot(sections),
    deliveryRoot: deliveryRoot(deliveryOf(sections)),
    ...{ utilityStart, utilityEnd, scoreTotal: utilityEnd - utilityStart },
    wordsHash: keccakHex(words),
  };
  await attest(ctx, "JobResult", onlyRound, result);
  await spread(ctx, job, "JobResult", onlyRound);
  const held = agreed(ctx, job, "JobResult", onlyRound);
  if (held === undefined) return;
  const place = { position: seat, count: job.seats.length };
  await inTurn(ctx, job.jobId, "propose", place, () => ctx.network.propose(job, held.message, words, held.call));
}

/** Proposed: settle once the challenge window is over. */
export async function stepProposed(ctx: NodeContext, job: JobView, seat: number): Promise<void> {
  if (ctx.network.now() <= job.deadline) return;
  const place = { position: seat, count: job.seats.length };
  await inTurn(ctx, job.jobId, "settle", place, () => ctx.network.settle(job));
}

/**
 * A seat that did its part says so on the chain before the deadline, so that it is not counted among the silent when
 * others let the step lapse; past the deadline and grace anyone closes the job.
 */
export async function stepOverdue(ctx: NodeContext, job: JobView, seat: number): Promise<void> {
  const now = ctx.network.now();
  const place = { position: seat, count: job.seats.length };
  const step = job.state === "Finished" ? "JobResult" : "RoundSet";
  const round = job.state === "Finished" ? onlyRound : job.sets.length;
  if (now > job.deadline + ctx.network.grace) {
    await inTurn(ctx, job.jobId, "fail", place, () => ctx.network.fail(job));
    return;
  }
  const statement = ownStatement(ctx, job, step, round) ?? ownStatement(ctx, job, "Finish", round);
  const window = job.state === "Finished" ? job.terms.proposeSeconds : job.terms.roundSeconds;
  if (now < job.deadline - window / 4) return;
  const digest =
    statement === undefined ? idleDigest(job) : attestationDigest(ctx.domain, statement.kind, statement.message);
  await inTurn(ctx, job.jobId, `ready:${step}:${round}`, { position: 0, count: 1 }, () =>
    ctx.network.ready(job, digest),
  );
}

// There, but with nothing to sign: a contributor's update is missing.
function idleDigest(job: JobView): Hex {
  return keccakHex(new TextEncoder().encode(`idle:${job.jobId}:${job.sets.length}`));
}
