import type { Address, Hex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/hash.ts";
import { type ShareKind, shareKindName } from "../../core/tables/shareKinds.ts";
import { encodeField } from "../../crypto/field61.ts";
import { decodeAcceptance, namesEvaluator } from "../../protocol/acceptance.ts";
import { validatorIndex } from "../../protocol/aggregation.ts";
import { type Attestation, decodeAttestation, signerOf } from "../../protocol/attestations.ts";
import type { ShareStatement } from "../../protocol/chainStructs.ts";
import { decodeFrames } from "../../protocol/frames.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { openEnvelope, type SignedMessage } from "../../transport/envelope.ts";
import { openSealed } from "../../transport/sealedMessage.ts";
import type { NodeContext } from "../context.ts";
import { lower } from "../envelopes.ts";
import { takesDealings } from "../jobView.ts";
import type { JobView } from "../network.ts";
import { specOf } from "../specOf.ts";
import { recorded } from "../steps.ts";
import { attestationOf, keep } from "./attest.ts";
import { showDealings } from "./compareDealings.ts";
import { acceptDealing, type BroughtDealing, seeDealing } from "./dealings.ts";
import { digestFor, examineLast, releasedLength } from "./opened.ts";
import { keepRelease, readRelease, shareMessage } from "./releases.ts";
import { validator } from "./validation.ts";
import { wordBytes } from "./words.ts";

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
  const handler = { acceptance, update, dealing, validation, attestation, share, words }[kind];
  if (handler !== undefined) return handler;
  throw new FarshoreError({
    code: "transport/unknown-kind",
    message: `no message kind ${JSON.stringify(kind)}`,
    remedy: "run the release that the job names",
  });
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
    remedy: "send only what this party owes the job, at its time and sealed to the seat that it is for",
    party: message.sender,
  });
}

const acceptance: Handler = async (ctx, job, message) => {
  const { message: said } = decodeAcceptance(message.content);
  const account = await whoseAcceptance(ctx, job, said.assetIndex);
  if (account === undefined) throw notAllowed(message, `the job has no asset ${said.assetIndex}`);
  if (said.jobId !== job.jobId || said.termsHash !== job.termsHash) throw notAllowed(message, "it is for another job");
  if (said.expiry < BigInt(ctx.network.now())) throw notAllowed(message, `it expired at ${said.expiry}`);
  const owner = await ctx.network.party(account);
  if (owner.operator !== message.sender) throw notAllowed(message, "it is for another party to give");
  const hash = sha256Hex(message.bytes);
  const stored = {
    job: job.jobId,
    kind: "acceptance",
    round: 0,
    sender: message.sender,
    slot: String(said.assetIndex),
  };
  const held = ctx.store.messages(job.jobId, "acceptance").some((m) => m.hash === hash);
  await recorded(ctx, "oracle.takeAcceptance", () =>
    ctx.store.replaceMessage({ ...stored, hash, bytes: message.bytes }),
  );
  return held;
};

/** Who accepts in a place of a job: the owner of an asset, or the evaluator. */
async function whoseAcceptance(ctx: NodeContext, { terms }: JobView, place: number): Promise<Address | undefined> {
  if (place === validatorIndex) return namesEvaluator(terms) ? terms.evaluator : undefined;
  const use = terms.assets[place];
  return use === undefined ? undefined : ctx.network.ownerOf(use.assetId);
}

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
  const brought = broughtDealing(await unseal(ctx, message));
  const sender = await dealerOf(ctx, mine, message, brought.envelope);
  if (sender !== message.sender) throw notAllowed(message, "the sealed update is another's");
  return keepDealing(ctx, mine, message.round, brought);
};

function broughtDealing(bytes: Uint8Array): BroughtDealing {
  const [signed, part] = decodeFrames(bytes, 2) as [Uint8Array, Uint8Array];
  return { envelope: signed, part };
}

// One seat shows another the envelope that it holds of a dealer: signed by that dealer, whoever brings it.
const dealing: Handler = async (ctx, job, message) => {
  const mine = await expectSeat(ctx, job, message);
  const shower = mine.seats.find((s) => s.operator === message.sender);
  if (shower === undefined) throw notAllowed(message, "the sender has no seat");
  const brought = broughtDealing(await unseal(ctx, message));
  await dealerOf(ctx, mine, message, brought.envelope);
  const same = seeDealing(ctx, mine, message.round, brought.envelope);
  // Who holds another one is to have the proof too.
  if (!same) showDealings(ctx, mine, message.round, shower);
  return same;
};

/** The dealer whose own envelope for this job and round it is: a contributor, or in round 0 the validator. */
async function dealerOf(ctx: NodeContext, job: JobView, message: SignedMessage, bytes: Uint8Array): Promise<Hex> {
  if (!takesDealings(job)) throw notAllowed(message, `the job is ${job.state}`);
  if (message.round >= job.terms.rounds) throw notAllowed(message, "the job has no such round");
  const inner = openEnvelope(bytes);
  const { assetIndex } = decodeUpdate(inner.content);
  const account = assetIndex === validatorIndex ? validator(job) : job.contributors[assetIndex]?.account;
  const owner = account === undefined ? undefined : await ctx.network.party(account);
  const here = Number(inner.chainId) === ctx.domain.chainId && lower(inner.market) === lower(ctx.domain.market);
  const same = inner.jobId === message.jobId && inner.round === message.round;
  const kind = assetIndex === validatorIndex ? "validation" : "update";
  const fits = inner.kind === kind && (kind === "update" || inner.round === 0);
  const own = owner !== undefined && lower(owner.operator) === lower(inner.sender) && inner.recipient === undefined;
  if (here && same && fits && own) return inner.sender;
  throw notAllowed(message, "the sealed dealing is no dealer's own for this job and round");
}

async function keepDealing(ctx: NodeContext, job: JobView, round: number, brought: BroughtDealing): Promise<boolean> {
  if (round > job.sets.length) await ctx.network.sync();
  const spec = await specOf(ctx, job);
  const known = ctx.store.messages(job.jobId, "dealing", round).some((m) => m.hash === sha256Hex(brought.envelope));
  const step = decodeUpdate(openEnvelope(brought.envelope).content).assetIndex === validatorIndex;
  await recorded(ctx, step ? "oracle.keepValidation" : "oracle.keepDealing", () =>
    acceptDealing(ctx, job, spec, round, brought),
  );
  return known;
}

// Rows come encrypted, with this seat's part of their key: a dealing like the others.
const validation: Handler = async (ctx, job, message) => update(ctx, job, message);

// What another seat released of its shares: signed by it, sealed to this one.
const share: Handler = async (ctx, job, message) => {
  const mine = await expectSeat(ctx, job, message);
  if (!mine.seats.some((s) => s.operator === message.sender)) throw notAllowed(message, "the sender has no seat");
  const bytes = await unseal(ctx, message);
  const inner = openEnvelope(bytes);
  const { statement, signature, values } = readRelease(bytes);
  const said = { kind: "ShareStatement", message: statement, signature } as const;
  const signed = lower(signerOf(ctx.domain, said)) === lower(message.sender);
  // Other values under one statement would be a second release that nobody could prove.
  const own = inner.sender === message.sender && signed && statement.valuesHash === sha256Hex(encodeField(values));
  const same = statement.jobId === message.jobId && statement.round === message.round && inner.round === message.round;
  if (!own || !same) throw notAllowed(message, "the shares are another's, or of another job or round");
  const kind = shareKindName(statement.kind);
  const now = await fresh(ctx, mine, (j) => mayBeReleased(j, kind, statement.round));
  if (!mayBeReleased(now, kind, statement.round))
    throw notAllowed(message, "nothing of the kind is to be released yet");
  if (statement.roundsDigest !== digestFor(now, kind, statement.round)) {
    ctx.store.putFault(mine.jobId, statement.round, message.sender, `share/${kind}`, "released for other rounds");
    throw notAllowed(message, "it is for other rounds than the chain certified");
  }
  const spec = await specOf(ctx, now);
  const needed = releasedLength(spec, kind, statement.round);
  if (values.length !== needed) throw notAllowed(message, `it has ${values.length} values, expected ${needed}`);
  const take = () => keepRelease(ctx, now, kind, statement.round, message.sender, bytes);
  if (await recorded(ctx, "oracle.takeShare", take)) {
    examineLast(ctx, now, spec, kind, statement.round);
    return false;
  }
  noteSecondRelease(ctx, now, kind, statement, bytes, message.sender);
  return true;
};

// Who is ahead saw a block that this node has yet to look at; what comes before its time is a share of nothing, and would only fill
// the store.
function mayBeReleased(job: JobView, kind: ShareKind, round: number): boolean {
  return kind === "validationKey" ? job.finished !== null && round === 0 : round < job.sets.length;
}

/** A seat's words for its result: what they must hash to stands in its JobResult. */
const words: Handler = async (ctx, job, message) => {
  const mine = await expectSeat(ctx, job, message);
  if (!mine.seats.some((s) => s.operator === message.sender)) throw notAllowed(message, "the sender has no seat");
  if (message.content.length !== wordBytes * mine.terms.assets.length)
    throw notAllowed(message, "not one word an asset");
  const stored = { job: mine.jobId, kind: "words", round: 0, sender: message.sender, slot: "" };
  const hash = sha256Hex(message.bytes);
  const take = () => ctx.store.putMessage({ ...stored, hash, bytes: message.bytes });
  return (await recorded(ctx, "oracle.takeWords", take)).hash !== hash;
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
  const take = () => keep(ctx, mine.jobId, said.kind, round, message.sender, message.bytes);
  if (await recorded(ctx, "oracle.takeStatement", take)) return false;
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
  keepSecondStatement(ctx, job, kind, round, message.sender, message.bytes);
}

function keepSecondStatement(
  ctx: NodeContext,
  job: JobView,
  kind: string,
  round: number,
  sender: Hex,
  bytes: Uint8Array,
): void {
  const message = { job: job.jobId, kind: "equivocation", round, sender, slot: `${kind}:second` };
  ctx.store.putMessage({ ...message, hash: sha256Hex(bytes), bytes });
}

function noteSecondRelease(
  ctx: NodeContext,
  job: JobView,
  kind: ShareKind,
  second: ShareStatement,
  bytes: Uint8Array,
  sender: Hex,
): void {
  const { round } = second;
  const first = ctx.store.message({ job: job.jobId, kind: shareMessage, round, sender, slot: kind });
  if (
    first === undefined ||
    JSON.stringify(plain(readRelease(first.bytes).statement)) === JSON.stringify(plain(second))
  )
    return;
  ctx.store.putFault(job.jobId, round, sender, "attestation/equivocation", `two different releases of ${kind}`);
  keepSecondStatement(ctx, job, `ShareStatement:${kind}`, round, sender, bytes);
}

function plain(message: object): unknown {
  return Object.entries(message).map(([key, value]) => [key, String(value)]);
}
