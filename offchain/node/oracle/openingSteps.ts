import { acceptancePlaces, decodeAcceptance } from "../../protocol/acceptance.ts";
import { readEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import type { AcceptanceCall, JobView } from "../network.ts";
import { stepBeacon } from "./beaconSteps.ts";
import { inTurn, oraclePlace } from "./turn.ts";

/** Open: start once this board holds every acceptance; past the deadline, expire. */
export async function stepOpen(ctx: NodeContext, job: JobView): Promise<void> {
  if (await expireWhenOverdue(ctx, job)) return;
  const acceptances = heldAcceptances(ctx, job);
  if (acceptances === null) return;
  await inTurn(ctx, job.jobId, "start", await oraclePlace(ctx), () => ctx.network.start(job, acceptances));
}

/** Seating: bring this oracle's part to the beacon, draw as soon as it has spoken; past the deadline, expire. */
export async function stepSeating(ctx: NodeContext, job: JobView): Promise<void> {
  if (await expireWhenOverdue(ctx, job)) return;
  if (!(await stepBeacon(ctx, job))) return;
  await inTurn(ctx, job.jobId, "seat", await oraclePlace(ctx), () => ctx.network.seat(job));
}

async function expireWhenOverdue(ctx: NodeContext, job: JobView): Promise<boolean> {
  if (ctx.network.now() <= job.deadline + ctx.network.grace) return false;
  await inTurn(ctx, job.jobId, `expire:${job.state}`, await oraclePlace(ctx), () => ctx.network.expire(job));
  return true;
}

function heldAcceptances(ctx: NodeContext, job: JobView): AcceptanceCall[] | null {
  const bySlot = new Map(ctx.store.messages(job.jobId, "acceptance").map((m) => [m.slot, m.bytes]));
  const calls = acceptancePlaces(job.terms).map((place) => {
    const bytes = bySlot.get(String(place));
    if (bytes === undefined) return null;
    const { message, signature } = decodeAcceptance(readEnvelope(bytes).content);
    return { consents: message.consents, nonce: message.nonce, expiry: message.expiry, signature };
  });
  return calls.every((call) => call !== null) ? (calls as AcceptanceCall[]) : null;
}
