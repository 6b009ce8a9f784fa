import { readFileSync } from "node:fs";
import { expect } from "chai";
import { sha256Hex } from "../../../offchain/core/hash.ts";
import { exactExp, exactLog, logLossOf } from "../../../offchain/learning/exactMath.ts";
import { seeded } from "../../../scripts/portfolio/random.ts";
import { bigExp, bigLog, fixed, fractionBits, ulps } from "./bigMath.ts";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const random = seeded(20261121);
const between = (low: number, high: number, count = 200) =>
  Array.from({ length: count }, () => low + (high - low) * random());
const worst = (errors: readonly number[]) => errors.reduce((a, b) => Math.max(a, b), 0);

describe("the exponential of the oracle path", () => {
  it("has the values of IEEE 754 at the ends", () => {
    const ends: [number, number][] = [
      ...[
        [nan, nan],
        [infinity, infinity],
        [-infinity, 0],
        [0, 1],
        [-0, 1],
        [5e-324, 1],
        [-5e-324, 1],
      ],
      ...[
        [709.7827128933841, infinity],
        [710, infinity],
        [1e308, infinity],
        [-745.1332191019412, 0],
        [-1e308, 0],
      ],
    ] as [number, number][];
    for (const [x, value] of ends) expect(Object.is(exactExp(x), value), `exp(${x})`).to.equal(true);
  });

  it("is within 1 ulp of the true value over its whole range", () => {
    const xs = [...between(-708, 709), ...between(-40, 40), ...between(-1, 1), ...between(-1e-3, 1e-3)];
    expect(worst(xs.map((x) => ulps(exactExp(x), bigExp(x))))).to.be.below(1);
  });

  it("is within 1 unit of 2^-1074 where results are subnormal, and right next to the ends", () => {
    const xs = [...between(-745.1, -708.4, 60), 709.782712893384, -745.1332191019411, -708.3964185322641];
    expect(worst(xs.map((x) => ulps(exactExp(x), bigExp(x))))).to.be.below(1);
  });

  it("is measured by a reference that tells neighbours apart", () => {
    expect(ulps(Math.E, bigExp(1))).to.be.below(0.5);
    expect(ulps(Math.E + Number.EPSILON * 2, bigExp(1))).to.be.within(0.5, 1.5);
    expect(Number(bigLog(10) >> (fractionBits - 80n)) / 2 ** 80).to.equal(Math.LN10);
    expect(fixed(-0.75)).to.equal(-3n << (fractionBits - 2n));
  });
});

describe("the logarithm of the oracle path", () => {
  it("has the values of IEEE 754 at the ends", () => {
    const ends: [number, number][] = [
      ...[
        [nan, nan],
        [-1, nan],
        [-infinity, nan],
        [-5e-324, nan],
        [0, -infinity],
        [-0, -infinity],
      ],
      ...[
        [infinity, infinity],
        [1, 0],
      ],
    ] as [number, number][];
    for (const [x, value] of ends) expect(exactLog(x), `log(${x})`).to.deep.equal(value);
  });

  it("is within 1 ulp of the true value: near 1, over all magnitudes, at the edges of its reduction", () => {
    const magnitudes = between(-1020, 1020).map((k) => 2 ** k);
    const edges = [Math.SQRT2, Math.SQRT1_2, 1 - 2 ** -53, 1 + 2 ** -52, Number.MAX_VALUE, 2 ** -1022];
    const xs = [...magnitudes, ...between(0.5, 2), ...between(0.999, 1.001), ...edges];
    expect(worst(xs.map((x) => ulps(exactLog(x), bigLog(x))))).to.be.below(1);
  });

  it("takes subnormal numbers", () => {
    const xs = [5e-324, 1e-323, 1e-310, 2.225073858507201e-308];
    expect(worst(xs.map((x) => ulps(exactLog(x), bigLog(x))))).to.be.below(1);
  });
});

describe("the log-loss of a margin", () => {
  it("is log 2 at 0, the margin itself far on the wrong side, and 0 far on the right one", () => {
    expect([logLossOf(0, 0), logLossOf(0, 1)]).to.deep.equal([Math.LN2, Math.LN2]);
    expect([logLossOf(1e6, 0), logLossOf(-1e6, 1), logLossOf(1e6, 1)]).to.deep.equal([1e6, 1e6, 0]);
    expect(logLossOf(-infinity, 0)).to.equal(0);
  });

  it("keeps the small losses of confident rows: e^-40, not 0", () => {
    expect(logLossOf(40, 1) / 4.248354255291589e-18).to.be.closeTo(1, 1e-12);
    expect(Math.log(1 + Math.exp(-40)), "the formula as written").to.equal(0);
  });

  it("is the same for a margin and label as for both turned round", () => {
    for (const m of between(-50, 50, 50)) expect(logLossOf(m, 1)).to.equal(logLossOf(-m, 0));
  });

  it("is ln(1 + e^-m) to 4 ulp", () => {
    const reference = (m: number) => bigLogOfSum(m);
    const margins = between(-30, 30);
    expect(worst(margins.map((m) => ulps(logLossOf(m, 1), reference(m))))).to.be.below(4);
  });
});

describe("the oracle path", () => {
  it("gives the bits that another runtime gave", () => {
    // Recorded once; the same operations in CPython give this digest too.
    const spread = Float64Array.from({ length: 4_096 }, (_, i) => (i - 2_048) / 3 + i / 7_919);
    const values = [
      ...spread.map(exactExp),
      ...spread.map((x) => exactLog(Math.abs(x))),
      ...spread.map((x) => logLossOf(x, 1)),
    ];
    expect(sha256Hex(new Uint8Array(Float64Array.from(values).buffer))).to.equal(
      "0xb734a9471ada7983aaac8208fd7f63f44906095d002aaab86bd9b720260f8537",
    );
  });

  for (const file of ["exactMath", "cholesky", "newton", "utility", "scoredRounds", "fixedPoint"]) {
    it(`of ${file}.ts calls no function whose last bits differ between machines`, () => {
      const source = readFileSync(new URL(`../../../offchain/learning/${file}.ts`, import.meta.url), "utf8");
      const code = source.replace(/^import .*$|\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      const exact = ["abs", "ceil", "floor", "max", "min", "round", "sqrt", "SQRT2"];
      const called = [...code.matchAll(/\bMath\.(\w+)/g)].map((match) => match[1] as string);
      expect(called.filter((name) => !exact.includes(name))).to.deep.equal([]);
    });
  }
});

/** ln(1 + e^-m) by the reference: the sum is rounded to a float64 in two parts, ln(a + b) = ln a + ln(1 + b / a). */
function bigLogOfSum(m: number): bigint {
  const sum = (1n << fractionBits) + bigExp(-m);
  const high = Number(sum >> (fractionBits - 900n)) / 2 ** 900;
  const rest = ((sum - fixed(high)) << fractionBits) / fixed(high);
  // |rest| < 2^-52: three terms of ln(1 + rest) leave 2^-208.
  const square = (rest * rest) >> fractionBits;
  return bigLog(high) + rest - square / 2n + ((square * rest) >> fractionBits) / 3n;
}
