import type { RandomBytes } from "../core/rng.ts";
import { type Committee, elements, type LeafContent, malformed } from "./dealingProof.ts";
import { encodeField, type FieldVector } from "./field61.ts";
import { evaluate } from "./fieldScalar.ts";
import { expandSeed } from "./fieldStream.ts";

// What one seat gets: seed or share vector ‖ b_1 ‖ b_2 ‖ salt. The vector comes first so that it lies at a multiple of 8 bytes.

/** Length of a seat's seed. */
export const seedBytes = 32;
const saltBytes = 32;
const wordBytes = 8;
const tailBytes = 2 * wordBytes + saltBytes;

/** Memory for a part of a seat for vectors of `length`, not cleared: all of it is written. The first `degree` seats get a seed in place of a vector. */
export function emptyPart(seat: number, degree: number, length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(partBytes(seat, degree, length)).buffer);
}

/** The fields of a part, as views; throws `dealing/malformed` where its size is not the one of the seat. */
export function readPart(
  part: Uint8Array,
  seat: number,
  { k }: Committee,
  length: number,
  degree: number,
): LeafContent {
  if (!Number.isInteger(seat) || seat < 0 || seat >= k) throw malformed("part", { seat, seats: k });
  const needed = partBytes(seat, degree, length);
  if (part.length !== needed) throw malformed("part", { had: part.length, needed });
  const tail = part.subarray(part.length - tailBytes);
  return {
    seat,
    body: part.subarray(0, part.length - tailBytes),
    blindings: [tail.subarray(0, wordBytes), tail.subarray(wordBytes, 2 * wordBytes)],
    salt: tail.subarray(2 * wordBytes),
  };
}

/** Writes the seat's shares of the blinding polynomials and a fresh salt into the part that `content` views. */
export function fillTail(
  { seat, blindings, salt }: LeafContent,
  polynomials: readonly [FieldVector, FieldVector],
  random: RandomBytes,
): void {
  polynomials.forEach((polynomial, a) => {
    blindings[a as 0 | 1].set(encodeField(BigUint64Array.of(evaluate(polynomial, seat + 1))));
  });
  salt.set(random(saltBytes));
}

/** The share of a part: its seed's expansion, or its vector, which stays in the part's memory where that is aligned. */
export function shareOf({ seat, body }: LeafContent, length: number, degree: number): FieldVector {
  if (seat < degree) return expandSeed(body, length);
  if (body.byteOffset % wordBytes === 0) return new BigUint64Array(body.buffer, body.byteOffset, length);
  return new BigUint64Array(body.slice().buffer);
}

/** b_1 and b_2; throws `dealing/malformed` where one is not canonical. */
export function blindingsOf({ blindings }: LeafContent): [bigint, bigint] {
  const [first, second] = blindings.map((bytes) => elements("part", bytes)[0] as bigint);
  return [first as bigint, second as bigint];
}

function partBytes(seat: number, degree: number, length: number): number {
  return (seat < degree ? seedBytes : length * wordBytes) + tailBytes;
}
