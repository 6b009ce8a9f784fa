import type { Hex } from "../../core/bytes.ts";
import type { NodeContext } from "../context.ts";
import { sealedEnvelope } from "../envelopes.ts";
import type { JobView, Seat } from "../network.ts";
import { timeoutFor } from "../peerCalls.ts";
import { heldStatements, ownStatement } from "./attest.ts";

// Marks in the store that a seat was shown what differs.
const compared = "dealings-compared";

/**
 * A contributor that signed different updates for different seats is seen by none of them alone: their RoundSets differ,
 * and the round would end as if somebody were absent. So a seat whose full set differs from another's shows that seat the
 * updates that it holds otherwise; two envelopes of one contributor for one round are the proof, at both. In this release's
 * aggregation every seat holds the same bytes, so a seat learns nothing that it was not to know.
 */
export function compareDealings(ctx: NodeContext, job: JobView, round: number): void {
  const own = ownStatement(ctx, job, "RoundSet", round);
  if (own?.kind !== "RoundSet") return;
  for (const { seat, attestation } of heldStatements(ctx, job, "RoundSet", round)) {
    const other = job.seats[seat] as Seat;
    if (attestation.kind !== "RoundSet" || attestation.message.dealingsRoot === own.message.dealingsRoot) continue;
    if (ctx.store.wasSent(job.jobId, compared, round, other.account)) continue;
    const run = (signal: AbortSignal, patience: number) => show(ctx, job.jobId, round, other, signal, patience);
    ctx.calls.start({ jobId: job.jobId, about: `${compared}:${round}`, party: other.account, run });
  }
}

async function show(
  ctx: NodeContext,
  jobId: Hex,
  round: number,
  seat: Seat,
  signal: AbortSignal,
  patience: number,
): Promise<void> {
  const { endpoint, encryptionKey } = await ctx.network.party(seat.account);
  const board = ctx.board(endpoint);
  const held = new Set(
    (await board.inventory(jobId, { signal, timeoutMs: patience * timeoutFor(0) })).map(({ hash }) => hash),
  );
  for (const { hash, bytes: plaintext } of ctx.store.messages(jobId, "dealing", round)) {
    if (held.has(hash)) continue;
    const to = { operator: seat.operator, encryptionKey };
    const bytes = await sealedEnvelope(ctx, to, { jobId, kind: "dealing", round, plaintext });
    await board.deliver(bytes, { signal, timeoutMs: patience * timeoutFor(bytes.length) });
  }
  ctx.store.markSent(jobId, compared, round, seat.account);
}
