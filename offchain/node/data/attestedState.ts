import type { Hex } from "../../core/bytes.ts";
import { sha256Hex } from "../../core/hash.ts";
import { type Attestation, decodeAttestation, signerOf } from "../../protocol/attestations.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { decodeState, initialState, type ModelState } from "../../protocol/newtonJob.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import { lower } from "../envelopes.ts";
import type { JobView } from "../network.ts";

// How long one oracle may hold a request open while the next state does not exist.
const waitMs = 2000;

/** theta_round once m seats attested it, from the store or from a board; null when there is none yet. Round 0 needs nobody. */
export async function attestedState(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  round: number,
): Promise<ModelState | null> {
  if (round === 0) return initialState(spec);
  const kept = ctx.store.state(job.jobId, round);
  if (kept !== undefined) return decodeState(spec, kept);
  const seats = job.seats.length;
  const first = Number.parseInt(ctx.me.operator.slice(-4), 16) % seats;
  for (let i = 0; i < seats; i++) {
    const seat = job.seats[(first + i) % seats];
    if (seat === undefined || !ctx.retry.due(`state:${seat.account}`)) continue;
    const bytes = await askSeat(ctx, job, seat.account, round);
    if (bytes === "none") return null;
    if (bytes === "down") continue;
    ctx.store.putState(job.jobId, round, bytes);
    return decodeState(spec, bytes);
  }
  return null;
}

async function askSeat(
  ctx: NodeContext,
  job: JobView,
  account: Hex,
  round: number,
): Promise<Uint8Array | "none" | "down"> {
  try {
    const { endpoint } = await ctx.network.party(account);
    const held = await ctx.board(endpoint).awaitState({ jobId: job.jobId, round, waitMs });
    ctx.retry.succeeded(`state:${account}`);
    if (held.state.length === 0) return "none";
    if (attestedBy(ctx, job, round, held.state, held.attestations) >= job.terms.m) return held.state;
    ctx.store.putFault(job.jobId, round, account, "state/not-attested", "served a state without m signatures");
    return "down";
  } catch (cause) {
    ctx.retry.failed(`state:${account}`);
    ctx.log.debug({ jobId: job.jobId, round, from: account, cause: String(cause) }, "no state from this oracle");
    return "down";
  }
}

/** Number of distinct seats whose valid signature is on exactly these bytes. */
function attestedBy(
  ctx: NodeContext,
  job: JobView,
  round: number,
  state: Uint8Array,
  envelopes: readonly Uint8Array[],
): number {
  const hash = sha256Hex(state);
  const seats = new Set(job.seats.map((s) => s.operator));
  const signers = new Set<string>();
  const digests = new Set<string>();
  for (const bytes of envelopes) {
    const said: Attestation = decodeAttestation(openEnvelope(bytes).content);
    if (said.kind !== "StateAttestation") continue;
    const { message } = said;
    const signer = lower(signerOf(ctx.domain, said));
    if (message.jobId !== job.jobId || message.round !== round || message.stateHash !== hash || !seats.has(signer))
      continue;
    signers.add(signer);
    digests.add(message.roundsDigest);
  }
  return digests.size === 1 ? signers.size : 0;
}
