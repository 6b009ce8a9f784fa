/**
 * Positive numbers m · 2^(e − 127) with 2^127 <= m < 2^128; every function rounds up. The same steps as contracts/ledger/ScaledMath.sol, to
 * the last bit.
 */
export interface Scaled {
  readonly m: bigint;
  readonly e: number;
}

const oneMantissa = 1n << 127n;
const topOfMantissa = 1n << 128n;
/** ln 2 · 2^127, rounded down and up. */
const ln2Down = 117932881612756647068972071382077242199n;
const ln2Up = ln2Down + 1n;

export const one: Scaled = { m: oneMantissa, e: 0 };

export function mulUp(a: Scaled, b: Scaled): Scaled {
  const product = a.m * b.m;
  const wide = product >> 255n !== 0n;
  return carried(shiftUp(product, wide ? 128n : 127n), a.e + b.e + (wide ? 1 : 0));
}

export function addUp(a: Scaled, b: Scaled): Scaled {
  const [larger, smaller] = b.e > a.e ? [b, a] : [a, b];
  const apart = larger.e - smaller.e;
  const sum = larger.m + (apart > 127 ? 1n : shiftUp(smaller.m, BigInt(apart)));
  return sum < topOfMantissa ? { m: sum, e: larger.e } : { m: shiftUp(sum, 1n), e: larger.e + 1 };
}

/** numerator / denominator, both from 1 to 2^100. */
export function ratioUp(numerator: bigint, denominator: bigint): Scaled {
  const shift = 128 + log2(denominator) - log2(numerator);
  const quotient = divUp(numerator << BigInt(shift), denominator);
  const e = 127 - shift;
  return quotient < topOfMantissa ? { m: quotient, e } : carried(shiftUp(quotient, 1n), e + 1);
}

/** e^x for x = `fixedX` · 2^-127. */
export function expUp(fixedX: bigint): Scaled {
  const doublings = fixedX / ln2Down;
  const rest = fixedX - doublings * ln2Down;
  let [sum, term] = [oneMantissa + 2n, oneMantissa];
  for (let i = 1n; term > 1n; i++) {
    term = divUp(shiftUp(term * rest, 127n), i);
    sum += term;
  }
  const e = Number(doublings);
  return sum < topOfMantissa ? { m: sum, e } : { m: shiftUp(sum, 1n), e: e + 1 };
}

/** ln of a number from 1 on, times 2^127. */
export function lnUp({ m, e }: Scaled): bigint {
  const y = divUp((m - oneMantissa) << 127n, m + oneMantissa);
  const square = shiftUp(y * y, 127n);
  let [sum, power] = [2n, y];
  for (let i = 1n; power > 1n; i += 2n) {
    sum += divUp(power, i);
    power = shiftUp(power * square, 127n);
  }
  return BigInt(e) * ln2Up + 2n * sum;
}

/** Quotient of non-negative integers, rounded up. */
export function divUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

function shiftUp(value: bigint, bits: bigint): bigint {
  return divUp(value, 1n << bits);
}

function log2(value: bigint): number {
  return value.toString(2).length - 1;
}

function carried(m: bigint, e: number): Scaled {
  return m < topOfMantissa ? { m, e } : { m: oneMantissa, e: e + 1 };
}
