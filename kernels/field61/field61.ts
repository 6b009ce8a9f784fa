// Arithmetic of F_p, p = 2^61 - 1, on arrays of 64-bit words in linear memory: AssemblyScript, compiled by
// scripts/generate/kernels.ts. `count` is a multiple of 4: callers pad with zeros, which every function here maps to zeros. Elements are
// canonical (< p) unless said. No branch depends on a secret, but where a vector is refused or two are compared.

const prime: u64 = 0x1fffffffffffffff;
const largestMagnitude: i64 = 0x0fffffffffffffff;
const wordBytes: usize = 8;
/** 2 kB: all arrays of an `extend` together stay in a cache of 32 kB. A multiple of 4. */
const pieceWords: i32 = 256;

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

/**
 * Values at x = d + 1, d + 2, ... of the polynomials of degree d with the values in `known` at x = 0 to d: array x starts at
 * known + x * stride, output j at out + j * stride. `known` is overwritten by differences. In pieces that stay in the first cache.
 */
export function extend(known: usize, degree: i32, out: usize, outputs: i32, stride: usize, count: i32): void {
  const top = known + <usize>degree * stride;
  for (let done = 0; done < count; done += pieceWords) {
    const words = min(pieceWords, count - done);
    const at = <usize>done * wordBytes;
    for (let order = 1; order <= degree; order++) {
      for (let i = 0; i <= degree - order; i++) {
        const lower = known + <usize>i * stride + at;
        subtract(lower, lower + stride, lower, words);
      }
    }
    // Array i holds the difference of order d - i that ends at the last x, and `last` the value there.
    let last = top + at;
    for (let j = 0; j < outputs; j++) {
      for (let i = 1; i < degree; i++) {
        const difference = known + <usize>i * stride + at;
        add(difference, difference, difference - stride, words);
      }
      const next = out + <usize>j * stride + at;
      if (degree > 0) add(next, last, top - stride + at, words);
      else memory.copy(next, last, <usize>words * wordBytes);
      last = next;
    }
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
 * Writes the sums of r[i] * a[i] and s[i] * a[i] modulo p, as two words, to `dst`. Of r and s the low 61 bits count, and p counts as 0 by
 * itself: they may be a key stream. Products of limbs are summed as they are: ll', hh' and (l - h)(h' - l'), which with the first
 * two gives lh' + hl' without a fourth product. A sum is folded before it can pass 2^64.
 */
export function innerProducts(dst: usize, r: usize, s: usize, a: usize, count: i32): void {
  let rLow = i64x2.splat(0);
  let rHigh = i64x2.splat(0);
  let rMixed = i64x2.splat(0);
  let sLow = i64x2.splat(0);
  let sHigh = i64x2.splat(0);
  let sMixed = i64x2.splat(0);
  for (let at: usize = 0, end = <usize>count * wordBytes; at < end; at += 32) {
    const first = v128.load(a + at);
    const second = v128.load(a + at, 16);
    const low = lowLimbs(first, second);
    const high = highLimbs(first, second);
    const difference = i32x4.sub(low, high);
    let first2 = v128.load(r + at);
    let second2 = v128.load(r + at, 16);
    let low2 = lowLimbs(first2, second2);
    let high2 = highLimbsOf61(first2, second2);
    rLow = folded(i64x2.add(rLow, products(low, low2)));
    rHigh = folded(i64x2.add(rHigh, products(high, high2)));
    rMixed = folded(i64x2.add(rMixed, biasedProducts(difference, i32x4.sub(high2, low2))));
    first2 = v128.load(s + at);
    second2 = v128.load(s + at, 16);
    low2 = lowLimbs(first2, second2);
    high2 = highLimbsOf61(first2, second2);
    sLow = folded(i64x2.add(sLow, products(low, low2)));
    sHigh = folded(i64x2.add(sHigh, products(high, high2)));
    sMixed = folded(i64x2.add(sMixed, biasedProducts(difference, i32x4.sub(high2, low2))));
  }
  store<u64>(dst, fromLimbSums(lanes(rLow), lanes(rHigh), lanes(rMixed)));
  store<u64>(dst + wordBytes, fromLimbSums(lanes(sLow), lanes(sHigh), lanes(sMixed)));
}

/** low + 2^31 (mixed + low + high) + 2^62 high. */
function fromLimbSums(low: u64, high: u64, mixed: u64): u64 {
  const cross = reduced(mixed + low + high);
  // 2^31 cross is a rotation of 61 bits.
  const shifted = ((cross << 31) & prime) + (cross >> 30);
  return reduced(low + shifted + high + high);
}

/**
 * As `products`, of signed lanes, plus 4p so that the sum is never negative: a product lies between -2^62 + 2^32 and 2^61, hence
 * the two with 4p between 0 and 2^63 + 2^62, to which a folded sum can be added below 2^64.
 */
function biasedProducts(a: v128, b: v128): v128 {
  const sum = i64x2.add(i64x2.extmul_low_i32x4_s(a, b), i64x2.extmul_high_i32x4_s(a, b));
  return i64x2.add(sum, i64x2.splat(<i64>0x7ffffffffffffffc));
}

/** Sums of the products of lanes 0 and 2, and of lanes 1 and 3. */
function products(a: v128, b: v128): v128 {
  return i64x2.add(i64x2.extmul_low_i32x4_u(a, b), i64x2.extmul_high_i32x4_u(a, b));
}

/** x mod 2^61 + floor(x / 2^61): the same modulo p, below 2^61 + 8. */
function folded(sum: v128): v128 {
  return i64x2.add(v128.and(sum, i64x2.splat(prime)), i64x2.shr_u(sum, 61));
}

function lowLimbs(first: v128, second: v128): v128 {
  return v128.and(v128.shuffle<i32>(first, second, 0, 2, 4, 6), i32x4.splat(0x7fffffff));
}

function highLimbs(first: v128, second: v128): v128 {
  return v128.shuffle<i32>(i64x2.shr_u(first, 31), i64x2.shr_u(second, 31), 0, 2, 4, 6);
}

/** As `highLimbs`, of words whose upper three bits do not count. */
function highLimbsOf61(first: v128, second: v128): v128 {
  return v128.and(highLimbs(first, second), i32x4.splat(0x3fffffff));
}

/** ll + 2^31 cross + 2^62 hh for ll < 2^62, cross < 2^62, hh < 2^60: below 2^63. */
function combined(ll: v128, cross: v128, hh: v128): v128 {
  const moved = i64x2.add(i64x2.shl(v128.and(cross, i64x2.splat(0x3fffffff)), 31), i64x2.shr_u(cross, 30));
  return i64x2.add(i64x2.add(ll, moved), i64x2.shl(hh, 1));
}

/** Each lane modulo p. */
function canonical(sum: v128): v128 {
  const once = folded(sum);
  return i64x2.sub(once, v128.and(i64x2.gt_s(once, i64x2.splat(prime - 1)), i64x2.splat(prime)));
}

/** Sum of two folded lanes, canonical. */
function lanes(sum: v128): u64 {
  return reduced(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1));
}

function reduced(value: u64): u64 {
  const once = (value & prime) + (value >> 61);
  return once >= prime ? once - prime : once;
}
