import type { Hex } from "../../core/bytes.ts";
import type { AttestationKind } from "../../protocol/attestations.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { ownAttestation } from "./attest.ts";

/**
 * Brings this seat's own statement to the other seats' boards, in parallel; a seat that is down is tried again at the
 * next step. Never throws for one bad party.
 */
export async function spread(ctx: NodeContext, job: JobView, kind: AttestationKind, round: number): Promise<void> {
  const bytes = ownAttestation(ctx, job.jobId, kind, round);
  if (bytes === undefined) return;
  const others = job.seats.filter((seat) => seat.operator !== ctx.me.operator);
  await Promise.all(others.map((seat) => bring(ctx, job.jobId, kind, round, seat.account, bytes)));
}

async function bring(
  ctx: NodeContext,
  jobId: Hex,
  kind: string,
  round: number,
  account: Hex,
  bytes: Uint8Array,
): Promise<void> {
  if (ctx.store.wasSent(jobId, kind, round, account) || !ctx.retry.due(`${kind}:${account}`)) return;
  try {
    const { endpoint } = await ctx.network.party(account);
    await ctx.board(endpoint).deliver(bytes);
    ctx.store.markSent(jobId, kind, round, account);
    ctx.retry.succeeded(`${kind}:${account}`);
  } catch (cause) {
    ctx.retry.failed(`${kind}:${account}`);
    ctx.log.debug({ jobId, kind, round, to: account, cause: String(cause) }, "attestation not delivered");
  }
}
