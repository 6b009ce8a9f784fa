import { keccakHex, sha256Hex } from "../../core/hash.ts";
import { decodeShares } from "../../crypto/decodeShares.ts";
import { type FieldVector, fieldPrime, innerProduct, toField } from "../../crypto/field61.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import type { ProjectedScoring } from "../../protocol/projectedScoring.ts";
import { readEnvelope } from "../../transport/envelope.ts";
import { packWords } from "../../valuation/shareReconstruction.ts";
import type { NodeContext } from "../context.ts";
import { envelope } from "../envelopes.ts";
import type { JobView } from "../network.ts";
import { recorded } from "../steps.ts";
import type { HeldStatement } from "./attest.ts";
import { certifiedSet, contributions } from "./certifiedSet.ts";
import { bringToSeats } from "./toSeats.ts";

/** Bytes of a word: a field element, big endian, as the contract reads it. */
export const wordBytes = 8;

/**
 * This seat's word for each contributor: the inner product of the public multipliers with its shares, over the scored rounds.
 * Null where it lacks a share of one of them.
 */
export function ownWords(ctx: NodeContext, job: JobView, spec: JobSpec, scoring: ProjectedScoring): Uint8Array | null {
  const totals = spec.assets.map(() => 0n);
  for (const { round, values } of scoring.multipliers) {
    const root = job.sets[round]?.set.dealingsRoot;
    const set = root === undefined ? null : certifiedSet(ctx, job, spec, round, root);
    if (set === null) return null;
    const multiplier = toField(values);
    contributions(set).forEach(({ held }, i) => {
      const product = innerProduct(multiplier, held.share as FieldVector);
      totals[i] = ((totals[i] as bigint) + product) % fieldPrime;
    });
  }
  return packWords(totals);
}

/** Reverse of `packWords`; a word that is no field element makes it null. */
function decodeWords(bytes: Uint8Array): FieldVector | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = BigUint64Array.from({ length: bytes.length / wordBytes }, (_, i) => view.getBigUint64(i * wordBytes));
  return words.some((word) => word >= fieldPrime) ? null : words;
}

/** Keeps this seat's words before they leave. */
export async function keepOwnWords(ctx: NodeContext, job: JobView, words: Uint8Array): Promise<void> {
  const key = { job: job.jobId, kind: "words", round: 0, sender: ctx.me.operator, slot: "" };
  if (ctx.store.message(key) !== undefined) return;
  const bytes = await envelope(ctx, { jobId: job.jobId, kind: "words", round: 0, content: words });
  await recorded(ctx, "oracle.keepWords", () => ctx.store.putMessage({ ...key, hash: sha256Hex(bytes), bytes }));
}

/** Brings this seat's words to the other seats. */
export function spreadWords(ctx: NodeContext, job: JobView): void {
  const key = { job: job.jobId, kind: "words", round: 0, sender: ctx.me.operator, slot: "" };
  const bytes = ctx.store.message(key)?.bytes;
  if (bytes === undefined) return;
  bringToSeats(ctx, job, { about: "words", round: 0, step: "oracle.sendWords", bytesFor: () => bytes });
}

/** Words as the seats sent them, in seat order; undefined for one that sent none here. */
export function wordsBySeat(ctx: NodeContext, job: JobView): (Uint8Array | undefined)[] {
  const messages = ctx.store.messages(job.jobId, "words", 0);
  return job.seats.map(({ operator }) => {
    const message = messages.find((m) => m.sender === operator);
    return message === undefined ? undefined : readEnvelope(message.bytes).content;
  });
}

/** Words of the seats whose JobResult they hash to, by seat. */
function heldWords(ctx: NodeContext, job: JobView, statements: readonly HeldStatement[]): Map<number, Uint8Array> {
  const held = new Map<number, Uint8Array>();
  const sent = wordsBySeat(ctx, job);
  for (const { seat, attestation } of statements) {
    const words = sent[seat];
    if (words === undefined || attestation.kind !== "JobResult") continue;
    if (keccakHex(words) === attestation.message.wordsHash) held.set(seat, words);
  }
  return held;
}

/**
 * Words of seats that said the same otherwise, all on one polynomial, m of them at least: what the contract reconstructs the
 * scores from. A seat whose words are off it is named by decoding and left out; null while too few are consistent.
 */
export function consistentWords(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  statements: readonly HeldStatement[],
): Map<number, Uint8Array> | null {
  const held = heldWords(ctx, job, statements);
  const vectors = new Map<number, FieldVector>();
  for (const [seat, bytes] of held) {
    const words = decodeWords(bytes);
    if (words !== null) vectors.set(seat, words);
  }
  if (vectors.size < spec.committee.m) return null;
  const decoded = decodeShares(vectors, spec.committee);
  if ("inconsistent" in decoded) return null;
  const good = [...vectors.keys()].filter((seat) => !decoded.wrong.includes(seat)).sort((a, b) => a - b);
  // Fewer that agree may be liars and those whom they would frame.
  if (good.length < spec.committee.m) return null;
  for (const seat of decoded.wrong) {
    const operator = job.seats[seat]?.operator ?? "nobody";
    ctx.store.putFault(job.jobId, 0, operator, "words/wrong", "its words are off the polynomial of the others");
  }
  return new Map(good.map((seat) => [seat, held.get(seat) as Uint8Array]));
}
