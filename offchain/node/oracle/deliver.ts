import type { Address, Hex } from "../../core/bytes.ts";
import { FarshoreError, hasCode } from "../../core/errors.ts";
import { sha256Hex } from "../../core/hash.ts";
import { decodeAcceptance } from "../../protocol/acceptance.ts";
import { type Attestation, decodeAttestation, signerOf } from "../../protocol/attestations.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { openEnvelope, type SignedMessage } from "../../transport/envelope.ts";
import { openSealed } from "../../transport/sealedMessage.ts";
import type { NodeContext } from "../context.ts";
import { lower } from "../envelopes.ts";
import type { JobView } from "../network.ts";
import { specOf } from "../specOf.ts";
import { attestationOf, keep } from "./attest.ts";
import { acceptDealing } from "./dealings.ts";
import { acceptValidation, validator } from "./validation.ts";

/** Takes one delivered message: checks who sent it, to whom, for what, and keeps it. Throws an error the sender can act on. */
export async function deliver(ctx: NodeContext, bytes: Uint8Array): Promise<{ known: boolean }> {
  const message = openEnvelope(bytes);
  expectHere(ctx, message);
  const job = await jobOf(ctx, message.jobId);
  const known = await handlers(message.kind)(ctx, job, message);
  ctx.wake(job.jobId);
  return { known };
}

type Handler = (ctx: NodeContext, job: JobView, message: SignedMessage) => Promise<boolean>;

function handlers(kind: string): Handler {
  const handler = { acceptance, update, dealing, validation, attestation }[kind];
  if (handler !== undefined) return handler;
  throw new FarshoreError({ code: "transport/unknown-kind", message: `no message kind ${JSON.stringify(kind)}` });
}

function expectHere(ctx: NodeContext, message: SignedMessage): void {
  const here = Number(message.chainId) === ctx.domain.chainId && lower(message.market) === lower(ctx.domain.market);
  const mine = message.recipient === undefined || lower(message.recipient) === ctx.me.operator;
  if (here && mine) return;
  throw new FarshoreError({
    code: here ? "transport/wrong-recipient" : "transport/wrong-chain",
    message: here ? "the message is for another party" : "the message is for another chain or market",
    remedy: "check the manifest that the sender uses",
    party: message.sender,
  });
}

async function jobOf(ctx: NodeContext, jobId: Hex): Promise<JobView> {
  if (ctx.network.job(jobId) === undefined) await ctx.network.sync();
  const job = ctx.network.job(jobId);
  if (job !== undefined) return job;
  throw new FarshoreError({
    code: "job/unknown",
    message: `job ${jobId} is not on the chain as this node sees it`,
    facts: { jobId },
    remedy: "try again in a moment; check chain and manifest",
    retryable: true,
  });
}

/** The job again, after a look at the chain when `ok` does not hold yet: the sender may be ahead of this node. */
async function fresh(ctx: NodeContext, job: JobView, ok: (job: JobView) => boolean): Promise<JobView> {
  if (ok(job)) return job;
  await ctx.network.sync();
  return ctx.network.job(job.jobId) ?? job;
}

function notAllowed(message: SignedMessage, why: string): FarshoreError {
  return new FarshoreError({
    code: "transport/not-allowed",
    message: `${message.kind} of ${message.sender} refused: ${why}`,
    facts: { jobId: message.jobId, kind: message.kind, round: message.round },
    party: message.sender,
  });
}

const acceptance: Handler = async (ctx, job, message) => {
  const { message: said } = decodeAcceptance(message.content);
  const use = job.terms.assets[said.assetIndex];
  if (use === undefined) throw notAllowed(message, `the job has no asset ${said.assetIndex}`);
  if (said.jobId !== job.jobId || said.termsHash !== job.termsHash) throw notAllowed(message, "it is for another job");
  if (said.expiry < BigInt(ctx.network.now())) throw notAllowed(message, `it expired at ${said.expiry}`);
  const owner = await ctx.network.party(await ctx.network.ownerOf(use.assetId));
  if (owner.operator !== message.sender) throw notAllowed(message, `asset ${use.assetId} is of another owner`);
  const hash = sha256Hex(message.bytes);
  const stored = {
    job: job.jobId,
    kind: "acceptance",
    round: 0,
    sender: message.sender,
    slot: String(said.assetIndex),
  };
  const held = ctx.store.messages(job.jobId, "acceptance").some((m) => m.hash === hash);
  ctx.store.replaceMessage({ ...stored, hash, bytes: message.bytes });
  return held;
};

const seated = (ctx: NodeContext) => (job: JobView) => job.seats.some((s) => s.operator === ctx.me.operator);

async function expectSeat(ctx: NodeContext, job: JobView, message: SignedMessage): Promise<JobView> {
  const now = await fresh(ctx, job, seated(ctx));
  if (seated(ctx)(now)) return now;
  throw notAllowed(message, "this oracle has no seat in the job");
}

async function unseal(ctx: NodeContext, message: SignedMessage): Promise<Uint8Array> {
  return openSealed({
    privateKey: ctx.keys.encryption.privateKey,
    ...{ jobId: message.jobId, round: message.round, kind: message.kind },
    from: message.sender,
    to: ctx.me.operator,
    sealed: message.content,
  });
}

const update: Handler = async (ctx, job, message) => {
  const mine = await expectSeat(ctx, job, message);
  const inner = await innerUpdate(ctx, mine, message);
  if (inner.sender !== message.sender) throw notAllowed(message, "the sealed update is another's");
  return keepUpdate(ctx, mine, message.round, inner.bytes);
};

// One seat shows another the update that it holds of a contributor: signed by that contributor, whoever brings it.
const dealing: Handler = async (ctx, job, message) => {
  const mine = await expectSeat(ctx, job, message);
  if (!mine.seats.some((s) => s.operator === message.sender)) throw notAllowed(message, "the sender has no seat");
  const inner = await innerUpdate(ctx, mine, message);
  try {
    return await keepUpdate(ctx, mine, message.round, inner.bytes);
  } catch (error) {
    // That it is a second one is what the sender wanted to show, and no fault of the sender's.
    if (hasCode(error, "update/second-dealing")) return false;
    throw error;
  }
};

/** The sealed envelope of an update, checked to be a contributor's own for this job and round. */
async function innerUpdate(ctx: NodeContext, job: JobView, message: SignedMessage): Promise<SignedMessage> {
  if (job.state !== "Running" && job.state !== "Finished") throw notAllowed(message, `the job is ${job.state}`);
  if (message.round >= job.terms.rounds) throw notAllowed(message, "the job has no such round");
  const inner = openEnvelope(await unseal(ctx, message));
  const contributor = job.contributors[decodeUpdate(inner.content).assetIndex];
  const owner = contributor === undefined ? undefined : await ctx.network.party(contributor.account);
  const here = Number(inner.chainId) === ctx.domain.chainId && lower(inner.market) === lower(ctx.domain.market);
  const same = inner.jobId === message.jobId && inner.round === message.round && inner.kind === "update";
  if (here && same && owner?.operator === inner.sender && inner.recipient === undefined) return inner;
  throw notAllowed(message, "the sealed update is no contributor's own for this job and round");
}

async function keepUpdate(ctx: NodeContext, job: JobView, round: number, bytes: Uint8Array): Promise<boolean> {
  if (round > job.sets.length) await ctx.network.sync();
  const spec = await specOf(ctx, job);
  const known = ctx.store.messages(job.jobId, "dealing", round).some((m) => m.hash === sha256Hex(bytes));
  acceptDealing(ctx, job, spec, round, bytes);
  return known;
}

const validation: Handler = async (ctx, job, message) => {
  const mine = await expectSeat(ctx, job, message);
  const sender = await ctx.network.partyOfOperator(message.sender);
  if (sender === undefined || lower(sender.account) !== validator(mine)) {
    throw notAllowed(message, "only the evaluator, or the buyer where none is named, delivers validation rows");
  }
  const known = ctx.store.messages(mine.jobId, "validation", 0).length > 0;
  if (!known) acceptValidation(ctx, mine, await specOf(ctx, mine), await unseal(ctx, message));
  return known;
};

const attestation: Handler = async (ctx, job, message) => {
  const isSeat = (j: JobView) => j.seats.some((s) => s.operator === message.sender);
  const said = decodeAttestation(message.content);
  const mine = await fresh(ctx, job, (j) => isSeat(j) && !isAhead(j, said));
  if (!isSeat(mine)) throw notAllowed(message, "the sender has no seat in the job");
  const signer: Address = signerOf(ctx.domain, said);
  if (lower(signer) !== message.sender || said.message.jobId !== message.jobId) {
    throw notAllowed(message, "the statement is signed by another key or for another job");
  }
  const round = "round" in said.message ? said.message.round : 0;
  if (round !== message.round) throw notAllowed(message, "the statement is for another round");
  ctx.attestations.set(sha256Hex(message.bytes), said);
  if (keep(ctx, mine.jobId, said.kind, round, message.sender, message.bytes)) return false;
  const stands = attestationOf(ctx, mine.jobId, said.kind, round, message.sender);
  noteEquivocation(ctx, mine, said.kind, round, message, stands?.bytes);
  return true;
};

// A sender that saw a round certified, or training finished, saw a block that this node has yet to look at.
function isAhead(job: JobView, { kind, message }: Attestation): boolean {
  if (kind === "StateAttestation") return message.round > job.sets.length;
  return kind === "JobResult" && job.state === "Running";
}

// The first statement stands; a second one with another digest is kept beside it: that pair costs the signer its stake.
function noteEquivocation(
  ctx: NodeContext,
  job: JobView,
  kind: string,
  round: number,
  message: SignedMessage,
  first?: Uint8Array,
): void {
  if (first === undefined) return;
  const a = decodeAttestation(openEnvelope(first).content);
  const b = decodeAttestation(message.content);
  if (kind === "RoundSet" || JSON.stringify(plain(a.message)) === JSON.stringify(plain(b.message))) return;
  ctx.store.putFault(job.jobId, round, message.sender, "attestation/equivocation", `two different ${kind}`);
  const slot = `${kind}:second`;
  const hash = sha256Hex(message.bytes);
  ctx.store.putMessage({
    job: job.jobId,
    kind: "equivocation",
    round,
    sender: message.sender,
    slot,
    hash,
    bytes: message.bytes,
  });
}

function plain(message: object): unknown {
  return Object.entries(message).map(([key, value]) => [key, String(value)]);
}
