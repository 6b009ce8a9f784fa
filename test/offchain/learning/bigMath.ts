// exp and log in fixed point on integers of any length: the reference that float64 results are measured against.

/** Fraction bits: enough for the smallest positive float64 (2^-1074) with 200 bits to spare. */
export const fractionBits = 1300n;

const one = 1n << fractionBits;

/** A float64 exactly, in units of 2^-1300. */
export function fixed(value: number): bigint {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0] as bigint;
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & ((1n << 52n) - 1n);
  const mantissa = exponent === 0n ? fraction : fraction | (1n << 52n);
  const magnitude = mantissa << (fractionBits - 1074n + (exponent === 0n ? 0n : exponent - 1n));
  return bits >> 63n ? -magnitude : magnitude;
}

/** e^x to about 1 200 bits after the point: Taylor's series of x / 2^20, squared 20 times. */
export function bigExp(x: number): bigint {
  const r = fixed(x) >> 20n;
  let sum = one;
  let term = one;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = (term * r) / (one * n);
    sum += term;
  }
  for (let i = 0; i < 20; i++) sum = (sum * sum) >> fractionBits;
  return sum;
}

/** ln x for x > 0: ln m + e ln 2 with ln m = 2 atanh((m - 1) / (m + 1)), m in [1, 2). */
export function bigLog(x: number): bigint {
  let m = fixed(x);
  let exponent = 0n;
  for (; m >= 2n * one; m >>= 1n) exponent++;
  for (; m < one; m <<= 1n) exponent--;
  return logOfMantissa(m) + exponent * ln2;
}

function logOfMantissa(m: bigint): bigint {
  const t = ((m - one) * one) / (m + one);
  const square = (t * t) >> fractionBits;
  let sum = 0n;
  let power = t;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = (power * square) >> fractionBits;
  }
  return 2n * sum;
}

const ln2 = logOfMantissa(2n * one - 1n);

/** Distance of a float64 from an exact value, in units in the last place of the float64 (never below 2^-1074). */
export function ulps(actual: number, exact: bigint): number {
  const ulp = fixed(nextUp(Math.abs(actual))) - fixed(Math.abs(actual));
  const distance = fixed(actual) - exact;
  return Number(((distance < 0n ? -distance : distance) * 1_000_000n) / ulp) / 1e6;
}

function nextUp(positive: number): number {
  const bits = new BigUint64Array(Float64Array.of(positive).buffer);
  bits[0] = (bits[0] as bigint) + 1n;
  return new Float64Array(bits.buffer)[0] as number;
}
