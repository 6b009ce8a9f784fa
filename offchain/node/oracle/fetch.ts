import { z } from "zod/v4";
import { bytesToHex, type Hex, hexToBytes } from "../../core/bytes.ts";
import { canonicalJson } from "../../core/canonicalJson.ts";
import { FarshoreError } from "../../core/errors.ts";
import { roles } from "../../core/tables/roles.ts";
import { attestationJson, decodeAttestation } from "../../protocol/attestations.ts";
import { type EvidenceFile, type EvidenceSections, partOf } from "../../protocol/evidence.ts";
import { modelBytes } from "../../protocol/model.ts";
import { expectMessage, openEnvelope, type SignedMessage } from "../../transport/envelope.ts";
import { sealTo } from "../../transport/sealedMessage.ts";
import type { NodeContext } from "../context.ts";
import { lower } from "../envelopes.ts";
import type { JobView, Party } from "../network.ts";
import { specOf } from "../specOf.ts";
import { agreed } from "./attest.ts";
import { evidenceOf } from "./evidence.ts";
import { readRelease, shareMessage } from "./releases.ts";
import { wordsBySeat } from "./words.ts";

// A request is good for this long, so that a recorded one cannot be replayed for ever (its answer is sealed all the same).
const requestSeconds = 300n;
const requestSchema = z.strictObject({ what: z.enum(["model", "evidence"]) });

/**
 * Serves model or evidence of a settled job, sealed to the asker, to those entitled to it: everything to the buyer, a regulator
 * and the committee, its own part to a contributor. Throws transport/* for a request of another chain, market, time or for
 * another oracle, `board/bad-request`, `board/not-settled`, `board/not-entitled` and `board/no-evidence`.
 */
export async function serveFetch(ctx: NodeContext, message: SignedMessage): Promise<Uint8Array> {
  expectRequest(ctx, message);
  const what = askedFor(message);
  const job = await settledJob(ctx, message.jobId);
  const asker = await entitled(ctx, job, message, what);
  const sections = await evidenceOf(ctx, job, await specOf(ctx, job));
  if (sections === null)
    throw refused("board/no-evidence", "this oracle does not hold the job's evidence", message.sender);
  const served = asker.own === "all" ? sections : partOf(sections, asker.own);
  return sealTo({
    recipientKey: hexToBytes(asker.party.encryptionKey),
    ...{ jobId: job.jobId, round: 0, kind: `fetched:${what}` },
    from: ctx.me.operator,
    to: message.sender,
    plaintext: what === "model" ? modelBytes(sections.model) : fileOf(ctx, job, served),
  });
}

// A request names its oracle: one for everybody could be sent on to each board by whoever saw it.
function expectRequest(ctx: NodeContext, message: SignedMessage): void {
  expectMessage(message, {
    ...ctx.domain,
    recipient: ctx.me.operator,
    kinds: ["fetch"],
    age: { now: ctx.clock.nowSeconds(), most: requestSeconds },
  });
  if (message.recipient !== undefined) return;
  throw refused("board/bad-request", "the request does not say which oracle it is for", message.sender);
}

function askedFor(message: SignedMessage): "model" | "evidence" {
  try {
    return requestSchema.parse(JSON.parse(new TextDecoder().decode(message.content))).what;
  } catch {
    throw refused("board/bad-request", "the request asks for neither model nor evidence", message.sender);
  }
}

async function settledJob(ctx: NodeContext, jobId: Hex): Promise<JobView> {
  if (ctx.network.job(jobId)?.state !== "Settled") await ctx.network.sync();
  const job = ctx.network.job(jobId);
  if (job?.state === "Settled") return job;
  const state = job?.state ?? "unknown";
  const closed = state === "Failed" || state === "Cancelled";
  throw new FarshoreError({
    code: "board/not-settled",
    message: `job ${jobId} is ${state}: model and evidence are served once it is settled`,
    facts: { jobId, state },
    remedy: closed ? "this job has no result: post it again" : "wait until farshore job status says Settled",
    retryable: !closed,
  });
}

/** The asker, and whose updates it may read: `own` holds the places of a contributor's assets in the job. */
interface Asker {
  readonly party: Party;
  readonly own: "all" | ReadonlySet<number>;
}

async function entitled(ctx: NodeContext, job: JobView, message: SignedMessage, what: string): Promise<Asker> {
  const party = await ctx.network.partyOfOperator(message.sender);
  if (party === undefined || !party.active) {
    throw refused("board/not-entitled", "the sender is not admitted", message.sender);
  }
  const isAsker = ({ account }: { account: Hex }) => lower(account) === lower(party.account);
  const regulator = (party.roles & roles.regulator.number) !== 0;
  if (isAsker({ account: job.buyer }) || regulator || job.seats.some(isAsker)) return { party, own: "all" };
  const own = new Set(job.contributors.flatMap((c, i) => (isAsker(c) ? [i] : [])));
  if (own.size > 0) return { party, own };
  throw refused("board/not-entitled", `the sender is no party of the job and may not read its ${what}`, message.sender);
}

function refused(code: string, message: string, party: string): FarshoreError {
  return new FarshoreError({ code, message, party, remedy: "ask with the key of a party of the job" });
}

function isOfCertified(job: JobView, round: number, bytes: Uint8Array): boolean {
  return readRelease(bytes).statement.roundsDigest === job.sets[round]?.digest;
}

function fileOf(ctx: NodeContext, job: JobView, sections: EvidenceSections): Uint8Array {
  const states = Array.from({ length: job.finished?.completed ?? 0 }, (_, i) => i + 1).flatMap((round) =>
    (agreed(ctx, job, "StateAttestation", round)?.envelopes ?? []).map((bytes) =>
      attestationJson(decodeAttestation(openEnvelope(bytes).content)),
    ),
  );
  const { chainId, market } = ctx.domain;
  const sums = ctx.store
    .messages(job.jobId, shareMessage)
    .filter(({ slot, round, bytes }) => slot === "sum" && isOfCertified(job, round, bytes))
    .map(({ bytes }) => bytesToHex(bytes));
  const taken = (seat: number) => (job.signers >> BigInt(seat)) % 2n === 1n;
  const words = wordsBySeat(ctx, job).map((bytes, seat) => (bytes && taken(seat) ? bytesToHex(bytes) : null));
  const file: EvidenceFile = {
    version: 1,
    chainId,
    market: lower(market),
    jobId: job.jobId,
    sections,
    states,
    sums,
    words,
  };
  return new TextEncoder().encode(canonicalJson(file));
}
