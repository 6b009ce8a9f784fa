import type { Address, Hex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/hash.ts";
import { type Attestation, decodeAttestation, signerOf } from "../../protocol/attestations.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { decodeState, initialState, type ModelState } from "../../protocol/newtonJob.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import { lower } from "../envelopes.ts";
import type { JobView } from "../network.ts";
import { timeoutFor } from "../peerCalls.ts";
import { recorded } from "../steps.ts";

// How long an oracle may hold a request open while the next state does not exist.
const waitMs = 2000;

/**
 * theta_round once m seats attested it, from the store; null before. Then every seat is asked at the same time, each by a
 * long poll of its own, and the first answer that bears m signatures wakes the job: one that lags, lies or hangs holds up
 * nobody. Round 0 needs nobody.
 */
export function attestedState(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): ModelState | null {
  if (round === 0) return initialState(spec);
  const kept = ctx.store.state(job.jobId, round);
  if (kept !== undefined) return decodeState(spec, kept);
  for (const { account } of job.seats) {
    const run = (signal: AbortSignal, patience: number) => askSeat(ctx, job, account, round, signal, patience);
    ctx.calls.start({ jobId: job.jobId, about: `state:${round}`, party: account, waits: true, run });
  }
  return null;
}

async function askSeat(
  ctx: NodeContext,
  job: JobView,
  account: Address,
  round: number,
  signal: AbortSignal,
  patience: number,
): Promise<void> {
  const { endpoint } = await ctx.network.party(account);
  const control = { signal, timeoutMs: patience * timeoutFor(0) + waitMs };
  const held = await ctx.board(endpoint).awaitState({ jobId: job.jobId, round, waitMs }, control);
  if (held.state.length === 0 || ctx.store.state(job.jobId, round) !== undefined) return;
  const digest = await certifiedDigest(ctx, job, round);
  if (digest === undefined) return;
  if (attestedBy(ctx, job, round, digest, held.state, held.attestations) < job.terms.m) {
    ctx.store.putFault(job.jobId, round, account, "state/not-attested", "served a state without m signatures");
    throw notAttested(job, round, account);
  }
  await recorded(ctx, "data.keepState", () => ctx.store.putState(job.jobId, round, held.state));
  ctx.wake(job.jobId);
}

function notAttested(job: JobView, round: number, account: Address): FarshoreError {
  return new FarshoreError({
    code: "state/not-attested",
    message: `oracle ${account} served a state of round ${round} without the signatures of ${job.terms.m} seats`,
    facts: { jobId: job.jobId, round },
    remedy: "ask the other seats; nothing was trained on it",
    party: account,
  });
}

/** Digest of the rounds that led to a state, by this node's own look at the chain; undefined while it sees none. */
async function certifiedDigest(ctx: NodeContext, job: JobView, round: number): Promise<Hex | undefined> {
  const seen = () => ctx.network.job(job.jobId)?.sets[round - 1]?.digest;
  if (seen() === undefined) await ctx.network.sync();
  return seen();
}

/**
 * Distinct seats whose valid signatures say that exactly these bytes follow from the rounds that the chain certified; what is no such
 * statement counts nothing.
 */
function attestedBy(
  ctx: NodeContext,
  job: JobView,
  round: number,
  digest: Hex,
  state: Uint8Array,
  envelopes: readonly Uint8Array[],
): number {
  const hash = sha256Hex(state);
  const seats = new Set(job.seats.map((s) => s.operator));
  const signers = new Set<Address>();
  for (const bytes of envelopes) {
    const said = statement(ctx, bytes);
    if (said === null || said.kind !== "StateAttestation") continue;
    const { message, signer } = said;
    const fits = message.jobId === job.jobId && message.round === round && message.stateHash === hash;
    if (fits && message.roundsDigest === digest && seats.has(signer)) signers.add(signer);
  }
  return signers.size;
}

// A board that mixes rubbish into its answer spoils only the rubbish.
function statement(ctx: NodeContext, bytes: Uint8Array): (Attestation & { signer: Address }) | null {
  try {
    const said = decodeAttestation(openEnvelope(bytes).content);
    return { ...said, signer: lower(signerOf(ctx.domain, said)) };
  } catch {
    return null;
  }
}
