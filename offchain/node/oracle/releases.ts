import type { Hex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/hash.ts";
import { type ShareKind, shareKindNumber, shareKinds } from "../../core/tables/shareKinds.ts";
import { decodeField, encodeField, type FieldVector } from "../../crypto/field61.ts";
import { attestationDigest, decodeAttestation } from "../../protocol/attestations.ts";
import type { ShareStatement } from "../../protocol/chainStructs.ts";
import { decodeFrames, encodeFrames } from "../../protocol/frames.ts";
import { readEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import { envelope, type Recipient, sealedEnvelope } from "../envelopes.ts";
import type { JobView } from "../network.ts";
import { recorded } from "../steps.ts";
import { recordStatement, signedStatement } from "./attest.ts";
import { allHave, bringToSeats } from "./toSeats.ts";

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
  await recorded(ctx, "oracle.recordShare", () =>
    recordStatement(ctx, job.jobId, `ShareStatement:${kind}`, round, digest),
  );
  const content = encodeFrames([signedStatement(ctx, "ShareStatement", message, digest), bytes]);
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

/** The envelope in which this seat released its shares of a kind and round; undefined before. */
export function ownRelease(ctx: NodeContext, job: JobView, kind: ShareKind, round: number): Uint8Array | undefined {
  const key = { job: job.jobId, kind: shareMessage, round, sender: ctx.me.operator, slot: kind };
  return ctx.store.message(key)?.bytes;
}

/** The statement and values in a release's envelope, which was opened before; throws `message/malformed`, `attestation/malformed` or field/*. */
export function readRelease(bytes: Uint8Array): { statement: ShareStatement; signature: Hex; values: FieldVector } {
  const [said, values] = decodeFrames(readEnvelope(bytes).content, 2) as [Uint8Array, Uint8Array];
  const attestation = decodeAttestation(said);
  if (attestation.kind !== "ShareStatement") throw noShares(attestation.kind);
  const { message: statement, signature } = attestation;
  return { statement, signature, values: decodeField(values, values.length / 8) };
}

function noShares(kind: string): FarshoreError {
  return new FarshoreError({
    code: "attestation/malformed",
    message: `a ${kind} stands where a statement of shares was expected`,
    facts: { had: kind, needed: "ShareStatement" },
    remedy: "the sender must run the release that the job names",
  });
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

/** Brings what this seat released to the other seats, sealed to each. */
export function spreadReleases(ctx: NodeContext, job: JobView): void {
  const { jobId } = job;
  for (const { round, slot } of ctx.store.sentBy(jobId, shareMessage, ctx.me.operator)) {
    const about = `${shareMessage}:${slot}`;
    if (!isShareKind(slot) || allHave(ctx, jobId, about, round)) continue;
    const plaintext = ownRelease(ctx, job, slot, round);
    if (plaintext === undefined) continue;
    const bytesFor = (seat: Recipient) => sealedEnvelope(ctx, seat, { jobId, kind: shareMessage, round, plaintext });
    bringToSeats(ctx, job, { about, round, step: "oracle.sendShare", bytesFor });
  }
}

function isShareKind(slot: string): slot is ShareKind {
  return Object.hasOwn(shareKinds, slot);
}
