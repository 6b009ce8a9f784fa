// exp and log from + - * / alone in a fixed order: IEEE 754 makes every operation bit-identical on every machine, which
// Math.exp and Math.log are not. The oracle path and the audit use these, never Math's.

// ln 2 in two parts (fdlibm): the high part has trailing zeros, so that k * high is exact for |k| < 2^20.
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
// biome-ignore lint/suspicious/noApproximativeNumericConstant: the bits of fdlibm, which replays depend on, written out
const invLn2 = 1.4426950408889634;

/** e^x to within 2 ulp; 0 below -745.2, Infinity above 709.8. Source of the reduction and polynomial: fdlibm e_exp.c. */
export function exactExp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019411) return 0;
  const k = Math.floor(x * invLn2 + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  return scaleByPowerOfTwo(y, k);
}

/** y * 2^k, in two exact steps where one factor would leave the range. */
function scaleByPowerOfTwo(y: number, k: number): number {
  const half = Math.floor(k / 2);
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

const scratch = new DataView(new ArrayBuffer(8));

// 2^k for -1022 <= k <= 1023, by its bits.
function powerOfTwo(k: number): number {
  scratch.setUint32(0, (k + 1023) * 2 ** 20);
  scratch.setUint32(4, 0);
  return scratch.getFloat64(0);
}

/** Natural logarithm to within 2 ulp; NaN below 0, -Infinity at 0. Source of the reduction and polynomial: fdlibm e_log.c. */
export function exactLog(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  const { mantissa, exponent } = split(x);
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const halfSquare = 0.5 * f * f;
  return exponent * ln2High - (halfSquare - (s * (halfSquare + (odd + even)) + exponent * ln2Low) - f);
}

// x = mantissa * 2^exponent with sqrt(1/2) <= mantissa < sqrt(2).
function split(x: number): { mantissa: number; exponent: number } {
  const subnormal = x < 2.2250738585072014e-308;
  scratch.setFloat64(0, subnormal ? x * 2 ** 54 : x);
  const high = scratch.getUint32(0);
  let exponent = ((high >>> 20) & 0x7ff) - 1023 - (subnormal ? 54 : 0);
  scratch.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  let mantissa = scratch.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa *= 0.5;
    exponent += 1;
  }
  return { mantissa, exponent };
}

/** log(1 + u) for 0 <= u <= 1 without losing small u: the classical correction u * log(w) / (w - 1) with w = 1 + u. */
function log1pExact(u: number): number {
  const w = 1 + u;
  return w === 1 ? u : (exactLog(w) * u) / (w - 1);
}

/**
 * Log-loss in nats of a margin (log-odds) for label 0 or 1: log(1 + e^-m) with m the margin signed by the label; stable
 * for margins of any size.
 */
export function logLossOf(margin: number, label: number): number {
  const m = label === 1 ? margin : -margin;
  return m >= 0 ? log1pExact(exactExp(-m)) : -m + log1pExact(exactExp(m));
}
