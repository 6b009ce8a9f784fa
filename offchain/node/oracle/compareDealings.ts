import type { Hex } from "../../core/bytes.ts";
import { encodeFrames } from "../../protocol/frames.ts";
import type { NodeContext } from "../context.ts";
import { sealedEnvelope } from "../envelopes.ts";
import type { JobView, Seat } from "../network.ts";
import { timeoutFor } from "../peerCalls.ts";
import { heldStatements, ownStatement } from "./attest.ts";

const nothing = new Uint8Array();
// Marks in the store that a seat was shown what differs.
const compared = "dealings-compared";

/**
 * A contributor that signed different updates for different seats is seen by none of them alone: their RoundSets differ,
 * and the round would end as if somebody were absent. So a seat whose full set differs from another's shows that seat the
 * envelopes that it holds otherwise; two envelopes of one dealer for one round are the proof, at both. All seats get the same
 * envelope, so a seat learns nothing that it was not to know; the part of its own that this seat holds stays here.
 */
export function compareDealings(ctx: NodeContext, job: JobView, round: number): void {
  const own = ownStatement(ctx, job, "RoundSet", round);
  if (own?.kind !== "RoundSet") return;
  for (const { seat, attestation } of heldStatements(ctx, job, "RoundSet", round)) {
    if (attestation.kind !== "RoundSet" || attestation.message.dealingsRoot === own.message.dealingsRoot) continue;
    showDealings(ctx, job, round, job.seats[seat] as Seat);
  }
}

/**
 * Shows one seat, once a round, the envelopes that it does not hold: to whom a statement says that it holds others, who showed others itself, and
 * everybody when the round was certified over others than this seat holds before it said anything.
 */
export function showDealings(ctx: NodeContext, { jobId }: JobView, round: number, other: Seat): void {
  if (other.operator === ctx.me.operator || ctx.store.wasSent(jobId, compared, round, other.account)) return;
  const run = (signal: AbortSignal, patience: number) => show(ctx, jobId, round, other, signal, patience);
  ctx.calls.start({ jobId, about: `${compared}:${round}`, party: other.account, run });
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
  for (const { hash, bytes: shown } of ctx.store.messages(jobId, "dealing", round)) {
    if (held.has(hash)) continue;
    const plaintext = encodeFrames([shown, nothing]);
    const to = { operator: seat.operator, encryptionKey };
    const bytes = await sealedEnvelope(ctx, to, { jobId, kind: "dealing", round, plaintext });
    await board.deliver(bytes, { signal, timeoutMs: patience * timeoutFor(bytes.length) });
  }
  ctx.store.markSent(jobId, compared, round, seat.account);
}
