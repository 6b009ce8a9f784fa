import { createCipheriv, createHash } from "node:crypto";
import type { RandomBytes } from "../../../offchain/core/rng.ts";
import type { DealingContext, DealingProof } from "../../../offchain/crypto/dealing.ts";
import { merkleRoot } from "../../../offchain/crypto/merkle.ts";

// Section 5 of the protocol a second time, in plain BigInt and without the product's field, kernel or framing: known answers, and
// dealers that lie as well as a dealer can.

export const p = 2n ** 61n - 1n;
export const mod = (value: bigint): bigint => ((value % p) + p) % p;

/** Inverse by Fermat's little theorem: value^(p - 2). Points are few, so inverses are kept. */
export function inverse(value: bigint): bigint {
  const known = inverses.get(mod(value));
  if (known !== undefined) return known;
  let [result, base] = [1n, mod(value)];
  for (let exponent = p - 2n; exponent > 0n; exponent /= 2n) {
    if (exponent % 2n === 1n) result = mod(result * base);
    base = mod(base * base);
  }
  inverses.set(mod(value), result);
  return result;
}

const inverses = new Map<bigint, bigint>();

/** Value at `x` of the polynomial of least degree through the points. */
export function through(points: readonly (readonly [number, bigint])[], x: number): bigint {
  const terms = points.map(([own, y]) =>
    points.reduce(
      (term, [other]) => (other === own ? term : mod(term * BigInt(x - other) * inverse(BigInt(own - other)))),
      y,
    ),
  );
  return mod(terms.reduce((sum, term) => sum + term, 0n));
}

/** Random bytes that depend on the seed alone: tests of statistics must give the same verdict every time. */
export function seededRandom(seed: string): RandomBytes {
  const cipher = createCipheriv(
    "aes-128-ctr",
    createHash("sha256").update(seed).digest().subarray(0, 16),
    Buffer.alloc(16),
  );
  return (n) => new Uint8Array(cipher.update(Buffer.alloc(n)));
}

/** A random element of F_p. */
export function randomElement(random: RandomBytes): bigint {
  return Buffer.from(random(16)).readBigUInt64LE() % p;
}

/** Expansion of a seed, an element at a time. */
export function expansion(seed: Uint8Array, length: number): bigint[] {
  const stream = createCipheriv("aes-256-ctr", seed, Buffer.alloc(16)).update(Buffer.alloc(8 * length));
  return Array.from({ length }, (_, i) => (stream.readBigUInt64LE(8 * i) % 2n ** 61n) % p);
}

/** A word of 8 bytes, little endian. */
export function word(value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

export const words = (values: readonly bigint[]) => Buffer.concat(values.map(word));
const framed = (parts: readonly Uint8Array[]) => Buffer.concat(parts.flatMap((part) => [word(part.length), part]));
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const inner = (a: readonly bigint[], b: readonly bigint[]) =>
  mod(a.reduce((sum, x, i) => sum + x * (b[i] as bigint), 0n));

function bound(tag: string, { chainId, jobId, round, kind, dealer }: DealingContext): Uint8Array[] {
  const job = Buffer.from(jobId.slice(2), "hex");
  return [Buffer.from(tag), word(chainId), job, word(round), Buffer.from(kind), word(dealer)];
}

/** A seat's part as its fields. */
export interface PlainPart {
  readonly body: Uint8Array;
  readonly blindings: readonly [bigint, bigint];
  readonly salt: Uint8Array;
}

export const partBytes = ({ body, blindings, salt }: PlainPart) =>
  new Uint8Array(Buffer.concat([body, ...blindings.map(word), salt]));

export function plainLeaf(context: DealingContext, seat: number, { body, blindings, salt }: PlainPart): Uint8Array {
  const fields = [...bound("farshore/share-leaf/1", context), word(seat), salt, body, ...blindings.map(word)];
  return sha256(framed(fields));
}

/** rho_1 and rho_2 of `length` elements. */
export function plainChallenges(context: DealingContext, leaves: readonly Uint8Array[], length: number): bigint[][] {
  const root = merkleRoot(leaves);
  return [1, 2].map((a) =>
    expansion(sha256(framed([...bound("farshore/share-challenge/1", context), root, word(a)])), length),
  );
}

/** Coefficients, constant term first, of the polynomial of least degree through the points (Newton's form, expanded). */
export function coefficientsThrough(points: readonly (readonly [number, bigint])[]): bigint[] {
  let sum: bigint[] = points.map(() => 0n);
  let basis: bigint[] = [1n];
  points.forEach(([x, y], j) => {
    const at = (c: readonly bigint[]) => mod(c.reduceRight((acc, v) => acc * BigInt(x) + v, 0n));
    const scale = mod((y - at(sum)) * inverse(at(basis)));
    sum = sum.map((value, i) => mod(value + scale * (basis[i] ?? 0n)));
    if (j + 1 < points.length) basis = [0n, ...basis].map((v, i) => mod(v - BigInt(x) * (basis[i] ?? 0n)));
  });
  return sum;
}

/**
 * A dealer that sends any shares it likes and then proves as well as it can: answers through what the first `degree` + 1 seats hold. `parts`
 * carry the bodies; `shares` are what those bodies stand for.
 */
export function plainProof(
  context: DealingContext,
  parts: readonly PlainPart[],
  shares: readonly (readonly bigint[])[],
  degree: number,
): DealingProof {
  const leaves = parts.map((part, seat) => plainLeaf(context, seat, part));
  const length = shares[0]?.length ?? 0;
  const [first, second] = plainChallenges(context, leaves, length).map((challenge, a) => {
    const value = (seat: number) =>
      mod((parts[seat]?.blindings[a] as bigint) + inner(challenge, shares[seat] as bigint[]));
    return BigUint64Array.from(
      coefficientsThrough(Array.from({ length: degree + 1 }, (_, seat) => [seat + 1, value(seat)] as const)),
    );
  });
  return { leaves, answers: [first as BigUint64Array, second as BigUint64Array] };
}

/** All subsets of `size` of 0 .. count - 1. */
export function subsetsOf(count: number, size: number): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: count }, (_, first) => first).flatMap((first) =>
    subsetsOf(count - first - 1, size - 1).map((rest) => [first, ...rest.map((other) => other + first + 1)]),
  );
}
