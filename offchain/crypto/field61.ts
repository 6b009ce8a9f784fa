import { FarshoreError } from "../core/errors.ts";
import * as kernel from "./field61Kernel.ts";
import { fieldPrime, modPrime } from "./fieldScalar.ts";

export { fieldPrime } from "./fieldScalar.ts";

// F_p with p = 2^61 - 1, vectors in the kernel of kernels/field61. fieldReference.ts says the same in plain BigInt.

/** Elements of F_p, each canonical (0 to p - 1). */
export type FieldVector = BigUint64Array;

const wordBytes = 8;

/**
 * Signed integers modulo p. Throws `field/out-of-range` for one beyond +-(p - 1)/2: it would come back as another integer. The
 * error names its place, not the value, which may be a gradient.
 */
export function toField(values: BigInt64Array): FieldVector {
  const vector = new BigUint64Array(values.length);
  kernel.forEachChunk(values.length, (start, count) => {
    kernel.load(0, values, start, count);
    const bad = kernel.fromSigned(0, count);
    if (bad >= 0) throw outOfRange(start + bad);
    kernel.store(0, vector, start, count);
  });
  return vector;
}

/** The signed integers from -(p - 1)/2 to (p - 1)/2 that the elements stand for. */
export function centred(vector: FieldVector): BigInt64Array {
  const values = new BigInt64Array(vector.length);
  kernel.forEachChunk(vector.length, (start, count) => {
    kernel.load(0, vector, start, count);
    kernel.toSigned(0, count);
    kernel.store(0, values, start, count);
  });
  return values;
}

/** Elementwise sum of one or more vectors; throws `field/bad-length` for none, or for different lengths. */
export function addVectors(vectors: readonly FieldVector[]): FieldVector {
  const length = commonLength(vectors);
  const sum = new BigUint64Array(length);
  kernel.forEachChunk(length, (start, count) => {
    vectors.forEach((vector, i) => {
      kernel.load(i === 0 ? 0 : 1, vector, start, count);
      if (i > 0) kernel.add(0, 0, 1, count);
    });
    kernel.store(0, sum, start, count);
  });
  return sum;
}

/** Sum of a[i] * b[i]; throws `field/bad-length` for different lengths. */
export function innerProduct(a: FieldVector, b: FieldVector): bigint {
  let sum = 0n;
  kernel.forEachChunk(commonLength([a, b]), (start, count) => {
    kernel.load(0, a, start, count);
    kernel.load(1, b, start, count);
    sum += kernel.innerProducts(2, 0, 0, 1, count)[0];
  });
  return modPrime(sum);
}

/** Sum of factors[j] * vectors[j], factors canonical; throws `field/bad-length` as `addVectors` does. */
export function linearCombination(factors: readonly bigint[], vectors: readonly FieldVector[]): FieldVector {
  const length = commonLength(vectors);
  const sum = new BigUint64Array(length);
  kernel.forEachChunk(length, (start, count) => {
    const chunks = vectors.map((vector) => vector.subarray(start, start + count));
    kernel.combineInto(0, 1, factors, chunks);
    kernel.store(0, sum, start, count);
  });
  return sum;
}

/** 8 bytes an element, little endian. */
export function encodeField(vector: FieldVector): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength).slice();
}

/** Reverse of `encodeField` for `length` elements; throws `field/bad-length` or `field/not-canonical`. */
export function decodeField(bytes: Uint8Array, length: number): FieldVector {
  if (bytes.length !== length * wordBytes) throw badLength(bytes.length, length * wordBytes);
  const vector = new BigUint64Array(bytes.slice().buffer);
  if (!isCanonical(vector)) {
    throw new FarshoreError({
      code: "field/not-canonical",
      message: `a vector of ${length} elements has one that is not below ${fieldPrime}`,
      facts: { length },
      remedy: "send elements of F_p reduced to 0 to p - 1: each has one encoding only",
    });
  }
  return vector;
}

/** True when every word is below p. */
export function isCanonical(words: BigUint64Array): boolean {
  let holds = true;
  kernel.forEachChunk(words.length, (start, count) => {
    kernel.load(0, words, start, count);
    holds &&= kernel.isCanonical(0, count);
  });
  return holds;
}

function commonLength(vectors: readonly FieldVector[]): number {
  const length = vectors[0]?.length;
  const other = vectors.find((vector) => vector.length !== length);
  if (length === undefined || other !== undefined) throw badLength(other?.length ?? 0, length ?? 1);
  return length;
}

function badLength(had: number, needed: number): FarshoreError {
  return new FarshoreError({
    code: "field/bad-length",
    message: `a vector of field elements has length ${had}, expected ${needed}`,
    facts: { had, needed },
  });
}

function outOfRange(index: number): FarshoreError {
  return new FarshoreError({
    code: "field/out-of-range",
    message: `value ${index} is beyond (p - 1)/2 = ${(fieldPrime - 1n) / 2n} in magnitude`,
    facts: { index },
    remedy: "lower the scale, or clip the values to the bound that the job declares",
  });
}
