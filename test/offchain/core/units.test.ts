import { expect } from "chai";
import fc from "fast-check";
import {
  formatIncentive,
  formatStable,
  parseIncentive,
  parseStable,
  weightsByRows,
} from "../../../offchain/core/units.ts";
import { failure } from "../failure.ts";

describe("amounts", () => {
  for (const text of ["", "-1", "+1", "1e3", "1.", ".5", "1,000", "0x10", " 1", "1.0000001", "1_0", "٣"]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(failure(() => parseStable(text)).code).to.equal("core/bad-amount");
    });
  }

  it("refuses what the contracts' uint128 cannot hold", () => {
    const largest = formatStable(2n ** 128n - 1n);
    expect(parseStable(largest)).to.equal(2n ** 128n - 1n);
    expect(failure(() => parseStable(formatStable(2n ** 128n))).code).to.equal("core/bad-amount");
  });

  it("the stable token has 6 decimals, the incentive token 18", () => {
    expect(parseStable("1250.50")).to.equal(1_250_500_000n);
    expect(parseStable("0.000001")).to.equal(1n);
    expect(parseIncentive("0.25")).to.equal(250_000_000_000_000_000n);
    expect(failure(() => parseStable("0.0000001")).facts.decimals).to.equal(6);
  });

  it("formats the shortest text", () => {
    expect(formatStable(1_250_500_000n)).to.equal("1250.5");
    expect(formatStable(7_000_000n)).to.equal("7");
    expect(formatStable(0n)).to.equal("0");
    expect(formatStable(-30n)).to.equal("-0.00003");
    expect(formatIncentive(10n ** 18n + 1n)).to.equal("1.000000000000000001");
  });

  it("reads back what it formats", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (amount) => {
        expect(parseStable(formatStable(amount))).to.equal(amount);
        expect(parseIncentive(formatIncentive(amount))).to.equal(amount);
      }),
    );
  });
});

describe("weights by rows", () => {
  for (const rows of [[], [5, 0], [-1, 2], [1.5, 2], [Number.NaN], [2 ** 53]]) {
    it(`refuses ${JSON.stringify(rows)}`, () => {
      expect(failure(() => weightsByRows(rows)).code).to.equal("core/bad-rows");
    });
  }

  it("gives left-over units to the largest remainders, ties to the lower index", () => {
    expect(weightsByRows([1, 1, 1])).to.deep.equal([333_333_334, 333_333_333, 333_333_333]);
    // 1e9 × 2/7 = 285714285.71…, × 2/7, × 3/7 = 428571428.57…: two units are left, and both go to the remainders .71.
    expect(weightsByRows([2, 2, 3])).to.deep.equal([285_714_286, 285_714_286, 428_571_428]);
  });

  it("adds up to 1e9 exactly, keeps the order, and is within one unit of the exact quotient", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 40 }), { minLength: 1, maxLength: 40 }), (rows) => {
        const weights = weightsByRows(rows);
        const total = rows.reduce((a, b) => a + b, 0);
        expect(weights.reduce((a, b) => a + b, 0)).to.equal(1_000_000_000);
        rows.forEach((count, i) => {
          const [low, high] = [BigInt(weights[i] as number) - 1n, BigInt(weights[i] as number) + 1n];
          expect(low * BigInt(total) < BigInt(count) * 1_000_000_000n).to.equal(true);
          expect(high * BigInt(total) > BigInt(count) * 1_000_000_000n).to.equal(true);
          rows.forEach((other, j) => {
            if (count > other) expect(weights[i]).to.be.at.least(weights[j] as number);
          });
        });
      }),
    );
  });
});
