import { FarshoreError } from "../core/errors.ts";
import type { RandomBytes } from "../core/rng.ts";
import { normBoundAllowed } from "./committee.ts";
import { acceptPart, deal } from "./dealing.ts";
import { type Committee, type DealingContext, type DealingProof, decodeProof } from "./dealingProof.ts";
import { decodeShares } from "./decodeShares.ts";
import { type FieldVector, innerProduct } from "./field61.ts";
import { fieldPrime, modPrime, randomElements } from "./fieldScalar.ts";

// Opens ||u||^2 of a dealt vector u and nothing else of it (protocol, section 6, guards). Seat r's product of shares <u_r, u_r> lies at
// x_r on a polynomial N of degree 2t with N(0) = ||u||^2, whose other coefficients would tell about u. They are hidden by
// z(x) = x * w(x): w is a random polynomial of degree 2t - 1 that the same dealer deals with the same proof. Whatever w is, z(0) = 0: the
// zero needs no proof of its own, and a dealer cannot shift its norm by its mask. N + z is uniform among the polynomials of degree 2t
// with N(0), also for t seats that know their own values.
//
// Assumption: the elements of u are within `largestForNorm` in magnitude. The square is taken in F_p and wraps around beyond it: a dealer that
// takes elements from all of F_p finds some whose squares sum to a small number. The norm bounds what goes wrong by scale, it is no
// proof of range.

/** The sizes of a committee that a norm is opened by. */
export interface NormCommittee extends Committee {
  readonly f: number;
}

/** Deals the share of w: one element on a polynomial of degree 2t - 1. Throws `norm/not-allowed` where k < 2t + 1 + 2f. */
export function dealNormMask(
  context: DealingContext,
  committee: NormCommittee,
  random: RandomBytes,
): { proof: DealingProof; parts: Uint8Array[] } {
  expectAllowed(committee);
  return deal(context, randomElements(1, random), committee, random, maskDegree(committee));
}

/** A seat's share of w from the encoded proof and its part; throws what `decodeProof` and `acceptPart` throw. */
export function acceptNormMask(
  context: DealingContext,
  committee: NormCommittee,
  proof: Uint8Array,
  seat: number,
  part: Uint8Array,
): FieldVector {
  const degree = maskDegree(committee);
  return acceptPart(context, committee, decodeProof(proof, committee, degree), seat, part, 1, degree);
}

/**
 * What a seat gives for the norm of elements `from` to `to` (exclusive) of the vector: <u_r, u_r> + x_r w_r. One mask hides one opening:
 * two slices under the same mask show their difference's polynomial. Throws `norm/bad-slice`.
 */
export function normShare(share: FieldVector, maskShare: FieldVector, seat: number, from: number, to: number): bigint {
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= share.length)) {
    throw new FarshoreError({
      code: "norm/bad-slice",
      message: `no elements ${from} to ${to} in a vector of ${share.length}`,
      facts: { from, to, length: share.length },
    });
  }
  const slice = share.subarray(from, to);
  return modPrime(innerProduct(slice, slice) + BigInt(seat + 1) * (maskShare[0] as bigint));
}

/** The squared norm, or `inconsistent` where more seats lie than w shares can tell. */
export type OpenedNorm =
  | { readonly squared: bigint; readonly wrong: readonly number[] }
  | { readonly inconsistent: true };

/**
 * The squared norm from the seats' values: decoded at degree 2t, so that up to (w - 2t - 1) / 2 liars are named. Throws
 * `norm/not-allowed` for a committee where f liars could not be corrected, `shares/too-few` for fewer than 2t + 1 values.
 */
export function openNorm(shares: ReadonlyMap<number, bigint>, committee: NormCommittee): OpenedNorm {
  expectAllowed(committee);
  const words = new Map([...shares].map(([seat, value]) => [seat, BigUint64Array.of(modPrime(value))]));
  const decoded = decodeShares(words, committee, 2 * committee.t);
  if ("inconsistent" in decoded) return decoded;
  return { squared: decoded.secret[0] as bigint, wrong: decoded.wrong };
}

/** The largest magnitude at which the squared norm of `length` elements cannot wrap around: length * largest^2 < p. */
export function largestForNorm(length: number): bigint {
  const square = (fieldPrime - 1n) / BigInt(Math.max(length, 1));
  let root = BigInt(Math.floor(Math.sqrt(Number(square))));
  while (root * root > square) root--;
  while ((root + 1n) * (root + 1n) <= square) root++;
  return root;
}

function maskDegree({ t }: Committee): number {
  return 2 * t - 1;
}

function expectAllowed({ k, t, f }: NormCommittee): void {
  if (normBoundAllowed({ k, t, f })) return;
  throw new FarshoreError({
    code: "norm/not-allowed",
    message: `${k} seats cannot open a norm at t = ${t} with ${f} liars`,
    facts: { k, t, f, needed: 2 * t + 1 + 2 * f },
    remedy: "take a committee of k >= 2t + 1 + 2f, such as (5,1,4,1) or (9,2,7,2)",
  });
}
