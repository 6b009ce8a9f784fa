// Arithmetic of F_p, p = 2^61 - 1, on arrays of 64-bit words in linear memory: AssemblyScript, compiled by
// scripts/generate/kernels.ts. `count` is a multiple of 4: callers pad with zeros, which every function here maps to zeros. Elements are
// canonical (< p) unless said. No branch depends on a secret, but where a vector is refused or two are compared.

const prime: u64 = 0x1fffffffffffffff;
const largestMagnitude: i64 = 0x0fffffffffffffff;
const wordBytes: usize = 8;

/** dst = a + b. */
export function add(dst: usize, a: usize, b: usize, count: i32): void {
  const last = i64x2.splat(prime - 1);
  const p = i64x2.splat(prime);
  for (let at: usize = 0, end = <usize>count * wordBytes; at < end; at += 16) {
    const sum = i64x2.add(v128.load(a + at), v128.load(b + at));
    v128.store(dst + at, i64x2.sub(sum, v128.and(i64x2.gt_s(sum, last), p)));
  }
}

/** dst = a - b. */
export function subtract(dst: usize, a: usize, b: usize, count: i32): void {
  const zero = i64x2.splat(0);
  const p = i64x2.splat(prime);
  for (let at: usize = 0, end = <usize>count * wordBytes; at < end; at += 16) {
    const difference = i64x2.sub(v128.load(a + at), v128.load(b + at));
    v128.store(dst + at, i64x2.add(difference, v128.and(i64x2.lt_s(difference, zero), p)));
  }
}

/** dst = the low 61 bits of each word, p as 0: what a key stream becomes. */
export function lowBits(dst: usize, src: usize, count: i32): void {
  const p = i64x2.splat(prime);
  for (let at: usize = 0, end = <usize>count * wordBytes; at < end; at += 16) {
    const low = v128.and(v128.load(src + at), p);
    v128.store(dst + at, v128.andnot(low, i64x2.eq(low, p)));
  }
}

/** True when every word is below p. */
export function isCanonical(src: usize, count: i32): bool {
  const p = i64x2.splat(prime);
  let bad = i64x2.splat(0);
  for (let at: usize = 0, end = <usize>count * wordBytes; at < end; at += 16) {
    const word = v128.load(src + at);
    bad = v128.or(bad, v128.or(i64x2.shr_u(word, 61), i64x2.eq(word, p)));
  }
  return !v128.any_true(bad);
}

/** Place of the first word in which a and b differ, or -1. */
export function firstDifference(a: usize, b: usize, count: i32): i32 {
  for (let i = 0; i < count; i++) {
    const at = <usize>i * wordBytes;
    if (load<u64>(a + at) != load<u64>(b + at)) return i;
  }
  return -1;
}

/** dst = signed words modulo p; the place of the first beyond +-(p - 1)/2, or -1 when there is none. */
export function fromSigned(dst: usize, src: usize, count: i32): i32 {
  for (let i = 0; i < count; i++) {
    const at = <usize>i * wordBytes;
    const value = load<i64>(src + at);
    if (value > largestMagnitude || value < -largestMagnitude) return i;
    store<i64>(dst + at, value + (<i64>prime & (value >> 63)));
  }
  return -1;
}

/** dst = signed words from -(p - 1)/2 to (p - 1)/2. */
export function toSigned(dst: usize, src: usize, count: i32): void {
  const largest = i64x2.splat(largestMagnitude);
  const p = i64x2.splat(prime);
  for (let at: usize = 0, end = <usize>count * wordBytes; at < end; at += 16) {
    const word = v128.load(src + at);
    v128.store(dst + at, i64x2.sub(word, v128.and(i64x2.gt_s(word, largest), p)));
  }
}

/**
 * dst = dst + factor * src. Limbs of 31 and 30 bits, x = l + h 2^31: factor * x = ll + 2^31 (lh + hl) + 2^62 hh, where 2^62 = 2
 * and c 2^31 = (c mod 2^30) 2^31 + floor(c / 2^30) modulo p.
 */
export function addMultiple(dst: usize, src: usize, factor: u64, count: i32): void {
  const low = i32x4.splat(<i32>(factor & 0x7fffffff));
  const high = i32x4.splat(<i32>(factor >> 31));
  for (let at: usize = 0, end = <usize>count * wordBytes; at < end; at += 32) {
    const first = v128.load(src + at);
    const second = v128.load(src + at, 16);
    const l = lowLimbs(first, second);
    const h = highLimbs(first, second);
    const crossLow = i64x2.add(i64x2.extmul_low_i32x4_u(l, high), i64x2.extmul_low_i32x4_u(h, low));
    const crossHigh = i64x2.add(i64x2.extmul_high_i32x4_u(l, high), i64x2.extmul_high_i32x4_u(h, low));
    const firstSum = combined(i64x2.extmul_low_i32x4_u(l, low), crossLow, i64x2.extmul_low_i32x4_u(h, high));
    const secondSum = combined(i64x2.extmul_high_i32x4_u(l, low), crossHigh, i64x2.extmul_high_i32x4_u(h, high));
    v128.store(dst + at, canonical(i64x2.add(firstSum, v128.load(dst + at))));
    v128.store(dst + at, canonical(i64x2.add(secondSum, v128.load(dst + at, 16))), 16);
  }
}

/**
 * Sum of a[i] * b[i] modulo p. The products of limbs are summed as they are: ll, hh and (l + h)(l' + h'), which gives
 * lh + hl without a fourth product. A sum is folded (x mod 2^61 + floor(x / 2^61)) before it can pass 2^64.
 */
export function innerProduct(a: usize, b: usize, count: i32): u64 {
  const p = i64x2.splat(prime);
  let ll = i64x2.splat(0);
  let hh = i64x2.splat(0);
  let firstAll = i64x2.splat(0);
  let secondAll = i64x2.splat(0);
  for (let at: usize = 0, end = <usize>count * wordBytes; at < end; at += 32) {
    const a0 = v128.load(a + at);
    const a1 = v128.load(a + at, 16);
    const b0 = v128.load(b + at);
    const b1 = v128.load(b + at, 16);
    const al = lowLimbs(a0, a1);
    const ah = highLimbs(a0, a1);
    const bl = lowLimbs(b0, b1);
    const bh = highLimbs(b0, b1);
    const aa = i32x4.add(al, ah);
    const bb = i32x4.add(bl, bh);
    ll = i64x2.add(ll, i64x2.add(i64x2.extmul_low_i32x4_u(al, bl), i64x2.extmul_high_i32x4_u(al, bl)));
    hh = i64x2.add(hh, i64x2.add(i64x2.extmul_low_i32x4_u(ah, bh), i64x2.extmul_high_i32x4_u(ah, bh)));
    firstAll = i64x2.add(firstAll, i64x2.extmul_low_i32x4_u(aa, bb));
    secondAll = i64x2.add(secondAll, i64x2.extmul_high_i32x4_u(aa, bb));
    ll = i64x2.add(v128.and(ll, p), i64x2.shr_u(ll, 61));
    hh = i64x2.add(v128.and(hh, p), i64x2.shr_u(hh, 61));
    firstAll = i64x2.add(v128.and(firstAll, p), i64x2.shr_u(firstAll, 61));
    secondAll = i64x2.add(v128.and(secondAll, p), i64x2.shr_u(secondAll, 61));
  }
  const low = lanes(ll);
  const high = lanes(hh);
  const all = reduced(lanes(firstAll) + lanes(secondAll));
  const cross = reduced(all + prime + prime - low - high);
  // 2^31 c by rotation of 61 bits.
  const shifted = ((cross << 31) & prime) + (cross >> 30);
  return reduced(low + shifted + high + high);
}

function lowLimbs(first: v128, second: v128): v128 {
  return v128.and(v128.shuffle<i32>(first, second, 0, 2, 4, 6), i32x4.splat(0x7fffffff));
}

function highLimbs(first: v128, second: v128): v128 {
  return v128.shuffle<i32>(i64x2.shr_u(first, 31), i64x2.shr_u(second, 31), 0, 2, 4, 6);
}

/** ll + 2^31 cross + 2^62 hh for ll < 2^62, cross < 2^62, hh < 2^60: below 2^63. */
function combined(ll: v128, cross: v128, hh: v128): v128 {
  const moved = i64x2.add(i64x2.shl(v128.and(cross, i64x2.splat(0x3fffffff)), 31), i64x2.shr_u(cross, 30));
  return i64x2.add(i64x2.add(ll, moved), i64x2.shl(hh, 1));
}

/** Each lane modulo p. */
function canonical(sum: v128): v128 {
  const p = i64x2.splat(prime);
  const folded = i64x2.add(v128.and(sum, p), i64x2.shr_u(sum, 61));
  return i64x2.sub(folded, v128.and(i64x2.gt_s(folded, i64x2.splat(prime - 1)), p));
}

/** Sum of two folded lanes, canonical. */
function lanes(sum: v128): u64 {
  return reduced(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1));
}

function reduced(value: u64): u64 {
  const folded = (value & prime) + (value >> 61);
  return folded >= prime ? folded - prime : folded;
}
