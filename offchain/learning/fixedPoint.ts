import { FarshoreError } from "../core/errors.ts";

/**
 * round(value * 2^scaleBits) of each value. Throws `learning/out-of-bound` with the index (never the value) for one that is
 * not finite, beyond `bound`, or whose integer could wrap the field when `contributorsMax` of them are summed.
 */
export function quantise(
  values: Float64Array,
  scaleBits: number,
  bound: number,
  contributorsMax: number,
): BigInt64Array {
  const scale = 2 ** scaleBits;
  const most = (2n ** 60n - 1n) / BigInt(contributorsMax);
  const out = new BigInt64Array(values.length);
  values.forEach((value, i) => {
    const scaled = value * scale;
    if (!Number.isFinite(scaled) || Math.abs(value) > bound) throw outOfBound(i, bound);
    // Integers beyond 2^53 are even numbers already: rounding changes nothing there.
    const integer = BigInt(Math.round(scaled));
    if (integer > most || integer < -most) throw outOfBound(i, bound);
    out[i] = integer;
  });
  return out;
}

function outOfBound(index: number, bound: number): FarshoreError {
  return new FarshoreError({
    code: "learning/out-of-bound",
    message: `value ${index} of an update is not finite or beyond its public bound`,
    facts: { index, bound },
    remedy: "check the rows against the declared ranges of their schema",
  });
}

/** integers / 2^scaleBits, each rounded to the nearest float64. */
export function dequantise(integers: BigInt64Array, scaleBits: number): Float64Array {
  const scale = 2 ** scaleBits;
  return Float64Array.from(integers, (integer) => Number(integer) / scale);
}
