import { expect } from "chai";
import { medianOf, normIsWithin } from "../../../offchain/protocol/normBound.ts";

describe("the bound on norms", () => {
  it("refuses what is longer than 1.5 times the median of the round before, to the unit", () => {
    const before = { squaredMedian: 4n * 10n ** 12n, squaredOwn: 10n ** 12n };
    expect(normIsWithin(9n * 10n ** 12n, before, 100, 100)).to.equal(true);
    expect(normIsWithin(9n * 10n ** 12n + 1n, before, 100, 100)).to.equal(false);
  });

  it("lets a bank with more rows be longer in proportion, and gives a smaller one no less", () => {
    const [before, fourTimesAsLong] = [{ squaredMedian: 100n, squaredOwn: 100n }, 1600n];
    expect(normIsWithin(fourTimesAsLong, before, 100, 100)).to.equal(false);
    expect(normIsWithin(fourTimesAsLong, before, 400, 100)).to.equal(true);
    expect(normIsWithin(36n * fourTimesAsLong, before, 400, 100)).to.equal(false);
    expect(normIsWithin(225n, before, 10, 100)).to.equal(true);
  });

  it("lets a bank whose gradient does not vanish with the others' keep its own length, and grow by half", () => {
    const before = { squaredMedian: 4n, squaredOwn: 100n };
    expect(normIsWithin(225n, before, 100, 100)).to.equal(true);
    expect(normIsWithin(226n, before, 100, 100)).to.equal(false);
  });

  it("takes the upper one of two medians, and of none nothing", () => {
    expect(medianOf([30n, 10n, 20n])).to.equal(20n);
    expect(medianOf([40n, 10n, 30n, 20n])).to.equal(30n);
    expect(medianOf([])).to.equal(0n);
  });
});
