import { FarshoreError } from "../core/errors.ts";
import type { Committee } from "./dealingProof.ts";
import { type FieldVector, linearCombination } from "./field61.ts";
import * as kernel from "./field61Kernel.ts";
import { lagrangeWeights, modPrime } from "./fieldScalar.ts";

/** `wrong` are the seats (0 to k - 1, ascending) whose shares are off the polynomials; empty where all agree. */
export type Decoded =
  | { readonly secret: FieldVector; readonly wrong: readonly number[] }
  | { readonly inconsistent: true };

/**
 * Decodes w shares of one vector as a Reed-Solomon code word: the polynomials of degree <= `degree` that agree with all but e whole
 * shares, 2e <= w - degree - 1. Then no other polynomial does, and the e seats lied as long as no more than that many did; more
 * can forge (a listed assumption). Otherwise `inconsistent`, and nobody is named. Throws `shares/too-few` for w < degree + 1,
 * `shares/bad-share` for seats outside the committee or shares of different lengths.
 *
 * The seats to leave out are searched, smallest number first: at most 176 sets for 10 seats, and nearly all of them fail on the
 * few elements at which an earlier set failed.
 */
export function decodeShares(
  shares: ReadonlyMap<number, FieldVector>,
  committee: Committee,
  degree: number = committee.t,
): Decoded {
  expectShares(shares, committee, degree);
  const seats = [...shares.keys()].sort((a, b) => a - b);
  const witnesses: number[] = [];
  for (let errors = 0; 2 * errors <= seats.length - degree - 1; errors++) {
    for (const wrong of subsets(seats, errors)) {
      const kept = seats.filter((seat) => !wrong.includes(seat));
      if (agree(kept, shares, degree, witnesses)) return { secret: secretOf(kept.slice(0, degree + 1), shares), wrong };
    }
  }
  return { inconsistent: true };
}

/** True when the shares of `seats` lie on polynomials of `degree`; where not, the place of a failing element joins `witnesses`. */
function agree(
  seats: readonly number[],
  shares: ReadonlyMap<number, FieldVector>,
  degree: number,
  witnesses: number[],
): boolean {
  const [base, extra] = [seats.slice(0, degree + 1), seats.slice(degree + 1)];
  const weights = extra.map((seat) => lagrangeWeights(base.map(atX), atX(seat)));
  const vectors = vectorsOf(base, shares);
  const holdsAt = (place: number) =>
    vectorsOf(extra, shares).every((share, j) => {
      const terms = vectors.map((vector, i) => (vector[place] as bigint) * (weights[j]?.[i] as bigint));
      return modPrime(terms.reduce((sum, term) => sum + term, 0n)) === share[place];
    });
  if (!witnesses.every(holdsAt)) return false;
  for (const [j, share] of vectorsOf(extra, shares).entries()) {
    const place = firstMismatch(weights[j] as bigint[], vectors, share);
    if (place < 0) continue;
    witnesses.push(place);
    return false;
  }
  return true;
}

/** Place of the first element in which `share` is not the combination of the vectors, or -1. */
function firstMismatch(weights: readonly bigint[], vectors: readonly FieldVector[], share: FieldVector): number {
  for (let start = 0; start < share.length; start += kernel.chunkWords) {
    const count = Math.min(kernel.chunkWords, share.length - start);
    const cut = (vector: FieldVector) => vector.subarray(start, start + count);
    kernel.combineInto(0, 1, weights, vectors.map(cut));
    kernel.load(1, share, start, count);
    const place = kernel.firstDifference(0, 1, count);
    if (place >= 0) return start + place;
  }
  return -1;
}

function secretOf(seats: readonly number[], shares: ReadonlyMap<number, FieldVector>): FieldVector {
  return linearCombination(lagrangeWeights(seats.map(atX), 0), vectorsOf(seats, shares));
}

/** All subsets of `size`, in lexical order. */
function* subsets(seats: readonly number[], size: number): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = 0; i + size <= seats.length; i++) {
    for (const rest of subsets(seats.slice(i + 1), size - 1)) yield [seats[i] as number, ...rest];
  }
}

function expectShares(shares: ReadonlyMap<number, FieldVector>, { k }: Committee, degree: number): void {
  if (shares.size < degree + 1) {
    throw new FarshoreError({
      code: "shares/too-few",
      message: `${shares.size} shares do not determine polynomials of degree ${degree}`,
      facts: { had: shares.size, needed: degree + 1 },
      remedy: "wait for the shares of more seats",
      retryable: true,
    });
  }
  const length = shares.values().next().value?.length;
  for (const [seat, share] of shares) {
    if (Number.isInteger(seat) && seat >= 0 && seat < k && share.length === length) continue;
    throw new FarshoreError({
      code: "shares/bad-share",
      message: `the share of seat ${seat} has ${share.length} elements, others ${length}; seats are 0 to ${k - 1}`,
      facts: { seat, had: share.length, needed: length ?? 0, seats: k },
    });
  }
}

function vectorsOf(seats: readonly number[], shares: ReadonlyMap<number, FieldVector>): FieldVector[] {
  return seats.map((seat) => shares.get(seat) as FieldVector);
}

function atX(seat: number): number {
  return seat + 1;
}
