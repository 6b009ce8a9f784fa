import { concatBytes, type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { sha256 } from "../core/hash.ts";
import { decodeField, encodeField, type FieldVector } from "./field61.ts";
import { merkleRoot } from "./merkle.ts";

/** What a dealing is bound to: a part is accepted under the same context only. */
export interface DealingContext {
  readonly chainId: number;
  readonly jobId: Hex;
  readonly round: number;
  /** What is dealt, such as "update" or "validation-key"; two dealings of one dealer and round differ in it. */
  readonly kind: string;
  /** Index of the dealer's asset in the job, 255 for the validator. */
  readonly dealer: number;
}

/** k seats, of which any t together learn nothing. Seat r (0 to k - 1) sits at x = r + 1. */
export interface Committee {
  readonly k: number;
  readonly t: number;
}

/** What every seat gets of a dealing: k leaves of 32 bytes and the coefficients of T_1 and T_2, constant term first. */
export interface DealingProof {
  readonly leaves: readonly Uint8Array[];
  readonly answers: readonly [FieldVector, FieldVector];
}

const leafBytes = 32;
const wordBytes = 8;
const leafTag = "farshore/share-leaf/1";
const challengeTag = "farshore/share-challenge/1";

/** Leaves, then T_1 and T_2 with 8 bytes a coefficient, little endian. */
export function encodeProof({ leaves, answers }: DealingProof): Uint8Array {
  return concatBytes(...leaves, ...answers.map(encodeField));
}

/** Reverse of `encodeProof` for a dealing of this degree; throws `dealing/malformed`. */
export function decodeProof(bytes: Uint8Array, { k, t }: Committee, degree = t): DealingProof {
  const answerBytes = (degree + 1) * wordBytes;
  const needed = k * leafBytes + 2 * answerBytes;
  if (bytes.length !== needed) throw malformed("proof", { had: bytes.length, needed });
  const leaves = Array.from({ length: k }, (_, i) => bytes.slice(i * leafBytes, (i + 1) * leafBytes));
  const answer = (start: number) => elements("proof", bytes.subarray(start, start + answerBytes));
  return { leaves, answers: [answer(k * leafBytes), answer(k * leafBytes + answerBytes)] };
}

/** Throws `dealing/malformed` for a proof that has not k leaves and answers of `degree` + 1 words. */
export function expectProof({ leaves, answers }: DealingProof, { k }: Committee, degree: number): void {
  if (leaves.length !== k || leaves.some((leaf) => leaf.length !== leafBytes)) {
    throw malformed("proof", { leaves: leaves.length, needed: k });
  }
  const bad = answers.find((answer) => answer.length !== degree + 1);
  if (bad !== undefined) throw malformed("proof", { coefficients: bad.length, needed: degree + 1 });
}

/** What a leaf commits to beside the context. */
export interface LeafContent {
  readonly seat: number;
  readonly salt: Uint8Array;
  /** The seat's seed, or its share vector as bytes. */
  readonly body: Uint8Array;
  /** b_1 and b_2, 8 bytes each. */
  readonly blindings: readonly [Uint8Array, Uint8Array];
}

/** h_r: SHA-256 over the context, the seat, the salt, the seed or vector, and the two blindings, each with its length before it. */
export function shareLeaf(context: DealingContext, { seat, salt, body, blindings }: LeafContent): Uint8Array {
  return sha256(...framed([...contextFields(leafTag, context), uint(seat), salt, body, ...blindings]));
}

/**
 * Seeds of rho_1 and rho_2, from the root of the leaves and the context: whoever deals commits to all shares before they exist.
 * One challenge alone could be ground: a dealer tries salts at about 2^61 hashes until a wrong share passes.
 */
export function challengeSeeds(context: DealingContext, leaves: readonly Uint8Array[]): [Uint8Array, Uint8Array] {
  const root = merkleRoot(leaves);
  const seed = (a: number) => sha256(...framed([...contextFields(challengeTag, context), root, uint(a)]));
  return [seed(1), seed(2)];
}

/** Field elements of a part or proof; throws `dealing/malformed` where one is not canonical. */
export function elements(what: string, bytes: Uint8Array): FieldVector {
  try {
    return decodeField(bytes, bytes.length / wordBytes);
  } catch {
    throw malformed(what, { reason: "an element is not below p" });
  }
}

/** `dealing/malformed`: sizes or encodings that no honest dealer sends. */
export function malformed(what: string, facts: Readonly<Record<string, string | number>>): FarshoreError {
  return new FarshoreError({
    code: "dealing/malformed",
    message: `the ${what} of a dealing is malformed: ${JSON.stringify(facts)}`,
    facts: { what, ...facts },
    remedy: "leave the dealer out of this round; it deals again in the next",
    party: "dealer",
  });
}

function contextFields(tag: string, { chainId, jobId, round, kind, dealer }: DealingContext): Uint8Array[] {
  const text = new TextEncoder();
  return [text.encode(tag), uint(chainId), hexToBytes(jobId), uint(round), text.encode(kind), uint(dealer)];
}

/** Each part after its length: without lengths a byte could move from one field to the next. */
function framed(parts: readonly Uint8Array[]): Uint8Array[] {
  return parts.flatMap((part) => [uint(part.length), part]);
}

/** 8 bytes, little endian, of a safe integer. */
function uint(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, value % 2 ** 32, true);
  view.setUint32(4, Math.floor(value / 2 ** 32), true);
  return bytes;
}
