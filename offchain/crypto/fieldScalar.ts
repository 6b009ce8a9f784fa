import { FarshoreError } from "../core/errors.ts";
import type { RandomBytes } from "../core/rng.ts";

/** The field's prime, 2^61 - 1. */
export const fieldPrime = 2305843009213693951n;

/** The element of F_p that an integer of any sign stands for, 0 to p - 1. */
export function modPrime(value: bigint): bigint {
  const remainder = value % fieldPrime;
  return remainder < 0n ? remainder + fieldPrime : remainder;
}

/** The element that a word of random bits stands for: its low 61 bits, p as 0. Uniform but for 2^-61. */
export function fromRandomWord(word: bigint): bigint {
  const low = word & fieldPrime;
  return low === fieldPrime ? 0n : low;
}

/** Random elements, 8 random bytes (little endian) for each. */
export function randomElements(count: number, random: RandomBytes): BigUint64Array {
  return new BigUint64Array(random(8 * count).slice().buffer).map(fromRandomWord);
}

/**
 * Inverse of an element by the extended Euclidean algorithm; throws `field/no-inverse` for zero. Its time depends on the element:
 * for public numbers only.
 */
export function invert(value: bigint): bigint {
  let [a, b, x, y] = [fieldPrime, modPrime(value), 0n, 1n];
  if (b === 0n) throw new FarshoreError({ code: "field/no-inverse", message: "zero has no inverse in F_p" });
  while (b > 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return modPrime(x);
}

/**
 * Lagrange weights: the polynomial of degree < points.length through values y_j at the distinct `points` has the value
 * sum of weights[j] * y_j at `x`.
 */
export function lagrangeWeights(points: readonly number[], x: number): bigint[] {
  return points.map((own) => {
    const others = points.filter((point) => point !== own);
    const above = others.reduce((product, point) => modPrime(product * BigInt(x - point)), 1n);
    const below = others.reduce((product, point) => modPrime(product * BigInt(own - point)), 1n);
    return modPrime(above * invert(below));
  });
}

/** Value at `x` of the polynomial with these coefficients, constant term first (Horner). */
export function evaluate(coefficients: Iterable<bigint>, x: number): bigint {
  return [...coefficients].reduceRight((sum, coefficient) => modPrime(sum * BigInt(x) + coefficient), 0n);
}

/** Coefficients, constant term first, of the polynomial of degree < points.length with `values` at the distinct `points`. */
export function interpolate(points: readonly number[], values: readonly bigint[]): bigint[] {
  const sum = points.map(() => 0n);
  points.forEach((own, j) => {
    const others = points.filter((point) => point !== own);
    const below = others.reduce((product, point) => modPrime(product * BigInt(own - point)), 1n);
    const scale = modPrime((values[j] as bigint) * invert(below));
    const basis = others.reduce((product, point) => timesRoot(product, point), [1n]);
    basis.forEach((coefficient, i) => {
      sum[i] = modPrime((sum[i] as bigint) + scale * coefficient);
    });
  });
  return sum;
}

/** The product of a polynomial and (x - root). */
function timesRoot(coefficients: readonly bigint[], root: number): bigint[] {
  return Array.from({ length: coefficients.length + 1 }, (_, i) =>
    modPrime((coefficients[i - 1] ?? 0n) - BigInt(root) * (coefficients[i] ?? 0n)),
  );
}
