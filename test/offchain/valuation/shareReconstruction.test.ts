import { expect } from "chai";
import fc from "fast-check";
import {
  addsUp,
  isNearGain,
  packWords,
  projectedScores,
  reconstructShares,
} from "../../../offchain/valuation/shareReconstruction.ts";
import { failure } from "../failure.ts";

const prime = 2n ** 61n - 1n;
const largest = (prime - 1n) / 2n;
const modulo = (value: bigint) => ((value % prime) + prime) % prime;

/** Words of k seats of one sharing: coefficients, the secret first. */
function wordsOf(coefficients: readonly bigint[], k: number): Map<number, Uint8Array> {
  const at = (x: bigint) => coefficients.reduceRight((value, c) => modulo(value * x + c), 0n);
  return new Map(Array.from({ length: k }, (_, seat) => [seat, packWords([at(BigInt(seat + 1))])]));
}

describe("reconstruction of shares", () => {
  it("refuses t seats, words of another length and words that are no elements of the field", () => {
    const words = wordsOf([5n, 1n, 2n], 5);
    const two = new Map([...words].slice(0, 2));
    expect(failure(() => reconstructShares(two, 2, 1)).code).to.equal("valuation/bad-words");
    for (const bytes of [new Uint8Array(7), new Uint8Array(16), new Uint8Array(8).fill(255)]) {
      const error = failure(() => reconstructShares(new Map(words).set(3, bytes), 2, 1));
      expect([error.code, error.facts.seat]).to.deep.equal(["valuation/bad-words", 3]);
    }
    expect(() => packWords([prime])).to.throw(RangeError);
  });

  it("names the first seat that is off the polynomial of the lowest ones", () => {
    const words = wordsOf([5n, 1n, 2n], 5).set(4, packWords([99n]));
    const error = failure(() => reconstructShares(words, 2, 1));
    expect([error.code, error.facts.seat, error.facts.contributor]).to.deep.equal([
      "valuation/inconsistent-words",
      4,
      0,
    ]);
  });

  it("gives the secret by hand: 3 + 2x at x = 1 and 2", () => {
    const words = new Map([5n, 7n].map((word, seat) => [seat, packWords([word])] as const));
    expect(reconstructShares(words, 1, 1)).to.deep.equal([3n]);
    expect(reconstructShares(new Map([...words].reverse()), 1, 1)).to.deep.equal([3n]);
  });

  it("gives every secret back, whoever brings words in whatever order", () => {
    const secret = fc.oneof(fc.bigInt({ min: -largest, max: largest }), fc.constantFrom(0n, -1n, largest, -largest));
    const coefficient = fc.bigInt({ min: 0n, max: prime - 1n });
    const seats = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 5 });
    fc.assert(
      fc.property(secret, coefficient, coefficient, seats, (own, first, second, brought) => {
        const all = wordsOf([own, first, second], 7);
        const words = new Map(brought.map((seat) => [seat, all.get(seat) as Uint8Array]));
        expect(reconstructShares(words, 2, 1)).to.deep.equal([own]);
      }),
    );
  });
});

describe("projected scores", () => {
  it("take each its part of the ridge term", () => {
    expect(projectedScores([7n, -2n], [600_000_000, 400_000_000], 5n)).to.deep.equal([4_000_000_000n, -4_000_000_000n]);
  });

  it("add up within one unit of 1e-9 nat, what was removed taken off", () => {
    const unit = 2n ** 58n;
    expect(addsUp([70n * unit, 30n * unit], 100n, 0n)).to.equal(true);
    expect(addsUp([70n * unit, 31n * unit], 100n, 0n)).to.equal(true);
    expect(addsUp([70n * unit, 31n * unit + 1n], 100n, 0n)).to.equal(false);
    expect(addsUp([70n * unit, 20n * unit], 100n, 10n)).to.equal(true);
  });

  it("add up as numbers of the field: a score that wrapped around it does not refuse the others", () => {
    const unit = 2n ** 58n;
    const whole = 1_000_000_000n * (2n ** 61n - 1n);
    expect(addsUp([70n * unit + whole, 30n * unit], 100n, 0n)).to.equal(true);
    expect(addsUp([70n * unit - whole, 31n * unit], 100n, 0n)).to.equal(true);
    expect(addsUp([70n * unit - whole, 32n * unit], 100n, 0n)).to.equal(false);
    expect(addsUp([70n * unit + whole / 2n, 30n * unit], 100n, 0n)).to.equal(false);
  });

  it("miss the gain by a hundredth, or by 1 000 of a small one, at most", () => {
    expect([isNearGain(101_000_000n, 5n, 100_000_005n), isNearGain(101_000_001n, 5n, 100_000_005n)]).to.deep.equal([
      true,
      false,
    ]);
    expect([isNearGain(-1000n, 0n, 0n), isNearGain(1001n, 0n, 0n)]).to.deep.equal([true, false]);
  });
});
