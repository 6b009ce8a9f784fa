import { expect } from "chai";
import fc from "fast-check";
import { dequantise, quantise } from "../../../offchain/learning/fixedPoint.ts";
import { failure } from "../failure.ts";

describe("rounding to integers", () => {
  it("refuses what is not finite, naming the place and never the value", () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300]) {
      const error = failure(() => quantise(Float64Array.of(0, 1, bad), 16, 1e6, 3));
      expect([error.code, error.facts]).to.deep.equal(["learning/out-of-bound", { index: 2, bound: 1e6 }]);
      expect(error.message).to.not.include(String(bad));
    }
  });

  it("refuses beyond the bound on both sides, and takes the bound itself", () => {
    for (const bad of [64.5, -64.5]) {
      expect(failure(() => quantise(Float64Array.of(bad), 24, 64, 3)).code).to.equal("learning/out-of-bound");
    }
    expect(quantise(Float64Array.of(64, -64), 24, 64, 3)).to.deep.equal(BigInt64Array.of(2n ** 30n, -(2n ** 30n)));
  });

  it("refuses an integer of which as many as there may be contributors would wrap the field", () => {
    const most = 2 ** 54;
    const fits = quantise(Float64Array.of(most - 4, 4 - most), 0, 2 ** 60, 63);
    expect(fits).to.deep.equal(BigInt64Array.of(2n ** 54n - 4n, 4n - 2n ** 54n));
    expect(failure(() => quantise(Float64Array.of(most), 0, 2 ** 60, 64)).code).to.equal("learning/out-of-bound");
    expect(failure(() => quantise(Float64Array.of(-most), 0, 2 ** 60, 64)).code).to.equal("learning/out-of-bound");
  });

  it("rounds to the nearest unit of 2^-scaleBits", () => {
    expect(quantise(Float64Array.of(0.3, -0.3, 1.75, 0), 1, 10, 3)).to.deep.equal(BigInt64Array.of(1n, -1n, 4n, 0n));
    const property = fc.property(fc.double({ min: -60, max: 60, noNaN: true }), (value) => {
      const back = dequantise(quantise(Float64Array.of(value), 16, 64, 3), 16)[0] as number;
      expect(Math.abs(back - value)).to.be.at.most(2 ** -17);
    });
    fc.assert(property);
  });

  it("is read back exactly up to 2^53 units, so that a sum of integers is the sum of what was read", () => {
    const units = fc.bigInt({ min: -(2n ** 50n), max: 2n ** 50n });
    const property = fc.property(units, units, (a, b) => {
      const [x, y, sum] = dequantise(BigInt64Array.of(a, b, a + b), 16) as unknown as [number, number, number];
      expect(x + y).to.equal(sum);
      expect(quantise(Float64Array.of(x), 16, 2 ** 40, 64)[0]).to.equal(a);
    });
    fc.assert(property);
  });
});
