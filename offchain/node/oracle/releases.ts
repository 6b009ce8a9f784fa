import { bytesToHex, type Hex, hexToBytes } from "../../core/bytes.ts";
import { sha256Hex } from "../../core/hash.ts";
import { type ShareKind, shareKindNumber, shareKinds } from "../../core/tables/shareKinds.ts";
import { decodeField, encodeField, type FieldVector } from "../../crypto/field61.ts";
import { signDigest } from "../../crypto/secp256k1.ts";
import { attestationDigest, decodeAttestation, encodeAttestation } from "../../protocol/attestations.ts";
import type { ShareStatement } from "../../protocol/chainStructs.ts";
import { decodeFrames, encodeFrames } from "../../protocol/frames.ts";
import { readEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import { envelope, sealedEnvelope } from "../envelopes.ts";
import type { JobView } from "../network.ts";
import { timeoutFor } from "../peerCalls.ts";
import { recorded } from "../steps.ts";
import { equivocation } from "./attest.ts";

/** Kind of the messages in which seats release shares to each other. */
export const shareMessage = "share";

/** What one seat released: field elements that lie on a polynomial with those of the other seats. */
export interface Release {
  readonly kind: ShareKind;
  readonly round: number;
  /** Digest of the certified rounds that it is released for. */
  readonly roundsDigest: Hex;
  readonly values: FieldVector;
}

/**
 * Signs and keeps what this seat releases, once a job, round and kind: the statement's digest is recorded before the signature
 * exists, and other values for the same round are refused (`guard/equivocation`), also after a restart. A second sum, over other
 * contributors, would give away the one that differs (protocol, section 5).
 */
export async function release(ctx: NodeContext, job: JobView, said: Release): Promise<void> {
  const { kind, round } = said;
  if (ownRelease(ctx, job, kind, round) !== undefined) return;
  const bytes = encodeField(said.values);
  const message: ShareStatement = {
    ...{ jobId: job.jobId, round, kind: shareKindNumber(kind), roundsDigest: said.roundsDigest },
    valuesHash: sha256Hex(bytes),
  };
  const digest = attestationDigest(ctx.domain, "ShareStatement", message);
  await recorded(ctx, "oracle.recordShare", () => {
    const stands = ctx.store.recordSigned(job.jobId, `ShareStatement:${kind}`, round, digest);
    if (stands !== digest) throw equivocation(job.jobId, `ShareStatement:${kind}`, round, stands, digest);
  });
  const signature = bytesToHex(signDigest(ctx.keys.operator, hexToBytes(digest)));
  const statement = encodeAttestation({ kind: "ShareStatement", message, signature });
  const content = encodeFrames([statement, bytes]);
  const signed = await envelope(ctx, { jobId: job.jobId, kind: shareMessage, round, content });
  await recorded(ctx, "oracle.keepShare", () => keepRelease(ctx, job, kind, round, ctx.me.operator, signed));
}

/** Keeps the first release of a seat; false when it released other values before. */
export function keepRelease(
  ctx: NodeContext,
  job: JobView,
  kind: ShareKind,
  round: number,
  sender: Hex,
  bytes: Uint8Array,
): boolean {
  const hash = sha256Hex(bytes);
  const key = { job: job.jobId, kind: shareMessage, round, sender, slot: kind };
  return ctx.store.putMessage({ ...key, hash, bytes }).hash === hash;
}

function ownRelease(ctx: NodeContext, job: JobView, kind: ShareKind, round: number): Uint8Array | undefined {
  const key = { job: job.jobId, kind: shareMessage, round, sender: ctx.me.operator, slot: kind };
  return ctx.store.message(key)?.bytes;
}

/** The statement and values in a release's envelope, which was opened before; throws `message/malformed`, `attestation/malformed` or field/*. */
export function readRelease(bytes: Uint8Array): { statement: ShareStatement; signature: Hex; values: FieldVector } {
  const [said, values] = decodeFrames(readEnvelope(bytes).content, 2) as [Uint8Array, Uint8Array];
  const attestation = decodeAttestation(said);
  if (attestation.kind !== "ShareStatement") throw new Error("not a statement of shares");
  const { message: statement, signature } = attestation;
  return { statement, signature, values: decodeField(values, values.length / 8) };
}

/**
 * Values that seats released for one digest, by seat; those of another length than `length` are no part of it. Nobody's while fewer
 * than m seats released anything: each is read and its signature checked again at every look.
 */
export function releasedValues(
  ctx: NodeContext,
  job: JobView,
  said: Omit<Release, "values">,
  length: number,
): Map<number, FieldVector> {
  const held = ctx.store.messages(job.jobId, shareMessage, said.round).filter((m) => m.slot === said.kind);
  const bySeat = new Map<number, FieldVector>();
  if (held.length < job.terms.m) return bySeat;
  job.seats.forEach(({ operator }, seat) => {
    const message = held.find((m) => m.sender === operator);
    if (message === undefined) return;
    const { statement, values } = readRelease(message.bytes);
    if (statement.roundsDigest === said.roundsDigest && values.length === length) bySeat.set(seat, values);
  });
  return bySeat;
}

/** Brings what this seat released to the other seats, sealed to each; one that is down gets it later. */
export function spreadReleases(ctx: NodeContext, job: JobView): void {
  for (const { round, slot, sender, bytes } of ctx.store.messages(job.jobId, shareMessage)) {
    if (!Object.hasOwn(shareKinds, slot) || sender !== ctx.me.operator) continue;
    for (const seat of job.seats) bring(ctx, job, seat, `${shareMessage}:${slot}`, round, bytes);
  }
}

function bring(
  ctx: NodeContext,
  job: JobView,
  seat: JobView["seats"][number],
  about: string,
  round: number,
  plaintext: Uint8Array,
): void {
  const { jobId } = job;
  if (seat.operator === ctx.me.operator || ctx.store.wasSent(jobId, about, round, seat.account)) return;
  const run = async (signal: AbortSignal, patience: number) => {
    const { endpoint, encryptionKey } = await ctx.network.party(seat.account);
    const to = { operator: seat.operator, encryptionKey };
    const bytes = await sealedEnvelope(ctx, to, { jobId, kind: shareMessage, round, plaintext });
    await recorded(ctx, "oracle.sendShare", async () => {
      await ctx.board(endpoint).deliver(bytes, { signal, timeoutMs: patience * timeoutFor(bytes.length) });
      ctx.store.markSent(jobId, about, round, seat.account);
    });
  };
  ctx.calls.start({ jobId, about: `${about}:${round}`, party: seat.account, run });
}
