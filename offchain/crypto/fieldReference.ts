import { createCipheriv } from "node:crypto";
import { fieldPrime, fromRandomWord, modPrime } from "./fieldScalar.ts";

// F_p in plain BigInt, an element at a time: what the kernel must equal. Tests and the baseline of the benchmark use it.

/** Signed integers modulo p, without a check of their range. */
export function toField(values: BigInt64Array): BigUint64Array {
  return BigUint64Array.from(values, modPrime);
}

/** The signed integers closest to zero that the elements stand for. */
export function centred(vector: BigUint64Array): BigInt64Array {
  return BigInt64Array.from(vector, (value) => (value > (fieldPrime - 1n) / 2n ? value - fieldPrime : value));
}

/** Elementwise sum. */
export function addVectors(vectors: readonly BigUint64Array[]): BigUint64Array {
  const [first = new BigUint64Array(), ...others] = vectors;
  return first.map((value, i) => modPrime(others.reduce((sum, other) => sum + (other[i] as bigint), value)));
}

/** Elementwise difference. */
export function subtractVectors(a: BigUint64Array, b: BigUint64Array): BigUint64Array {
  return a.map((value, i) => modPrime(value - (b[i] as bigint)));
}

/** Sum of a[i] * b[i]. */
export function innerProduct(a: BigUint64Array, b: BigUint64Array): bigint {
  return a.reduce((sum, value, i) => modPrime(sum + value * (b[i] as bigint)), 0n);
}

/** Sum of factors[j] * vectors[j]. */
export function linearCombination(factors: readonly bigint[], vectors: readonly BigUint64Array[]): BigUint64Array {
  const scaled = vectors.map((vector, j) => vector.map((value) => modPrime(value * (factors[j] as bigint))));
  return addVectors(scaled);
}

/** The first `length` elements of a seed's expansion. */
export function expandSeed(seed: Uint8Array, length: number): BigUint64Array {
  const bytes = createCipheriv("aes-256-ctr", seed, new Uint8Array(16)).update(new Uint8Array(8 * length));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return BigUint64Array.from({ length }, (_, i) => fromRandomWord(view.getBigUint64(8 * i, true)));
}
