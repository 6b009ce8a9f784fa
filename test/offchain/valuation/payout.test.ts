import { expect } from "chai";
import fc from "fast-check";
import { largestRemainder, pot, sharesPpb } from "../../../offchain/valuation/payout.ts";
import { exactShapley } from "../../../offchain/valuation/shapley.ts";
import { failure } from "../failure.ts";
import { factorial, huge, total } from "./games.ts";

type Split = (pot: bigint, weights: readonly bigint[]) => bigint[];

// n!·φ of twelve players at ±2^62 is the largest weight that a job can have.
const most = factorial(12) * huge;
const weights = fc.array(fc.oneof(fc.bigInt({ min: -5n, max: 5n }), fc.bigInt({ min: -most, max: most })), {
  minLength: 1,
  maxLength: 12,
});
const pots = fc.oneof(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }));

/** Throws unless `split` obeys the payout rule of protocol section 6 for these numbers. */
function expectRule(split: Split, amount: bigint, scores: readonly bigint[]): void {
  const parts = split(amount, scores);
  const clamped = scores.map((s) => (s > 0n ? s : 0n));
  const sum = total(clamped);
  expect(total(parts), "sum").to.equal(sum === 0n ? 0n : amount);
  if (sum === 0n) return;
  const down = clamped.map((s) => (amount * s) / sum);
  const remainder = clamped.map((s) => (amount * s) % sum);
  const raised = parts.map((part, i) => part - (down[i] as bigint));
  raised.forEach((up, i) => {
    expect(up, `units above the quota of ${i}`).to.be.oneOf(remainder[i] === 0n ? [0n] : [0n, 1n]);
    raised.forEach((other, j) => {
      if (up > other) expect(goesFirst(remainder, i, j), `${i} before ${j}`).to.equal(true);
      if ((scores[i] as bigint) > (scores[j] as bigint)) {
        expect((parts[i] as bigint) >= (parts[j] as bigint), `order of ${i} and ${j}`).to.equal(true);
      }
    });
  });
}

function goesFirst(remainder: readonly bigint[], i: number, j: number): boolean {
  const [a, b] = [remainder[i] as bigint, remainder[j] as bigint];
  return a > b || (a === b && i < j);
}

describe("payout by largest remainder", () => {
  it("refuses a negative pot", () => {
    expect(failure(() => largestRemainder(-1n, [1n])).code).to.equal("core/bad-weights");
  });

  it("pays nobody when no score is positive: the pot is refunded", () => {
    expect(largestRemainder(1_000n, [0n, -7n, 0n])).to.deep.equal([0n, 0n, 0n]);
    expect(sharesPpb([-1n, 0n])).to.deep.equal([0, 0]);
    expect(largestRemainder(1_000n, [])).to.deep.equal([]);
  });

  it("pays 435, 230 and 335 of 1 000 for v = 0, 80, 56, 80, 70, 85, 72, 90", () => {
    expect(largestRemainder(1_000n, exactShapley([0n, 80n, 56n, 80n, 70n, 85n, 72n, 90n]))).to.deep.equal([
      435n,
      230n,
      335n,
    ]);
  });

  it("gives units left over to the largest remainder, not to the largest part or the first", () => {
    // Quotas 5.4, 3.3, 1.3 of 10: the unit goes to .4; quotas 1.2, 1.3, 7.5: to .5.
    expect(largestRemainder(10n, [54n, 33n, 13n])).to.deep.equal([6n, 3n, 1n]);
    expect(largestRemainder(10n, [12n, 13n, 75n])).to.deep.equal([1n, 1n, 8n]);
    expect(largestRemainder(10n, [61n, 26n, 13n])).to.deep.equal([6n, 3n, 1n]);
  });

  it("gives a tie to the lower index", () => {
    expect(largestRemainder(11n, [1n, 1n, 1n])).to.deep.equal([4n, 4n, 3n]);
    expect(largestRemainder(1n, [-9n, 5n, 5n])).to.deep.equal([0n, 1n, 0n]);
    expect(sharesPpb([7n, 7n, 7n])).to.deep.equal([333_333_334, 333_333_333, 333_333_333]);
  });

  it("pays the pot exactly, within one unit of the quota, in the order of the scores, nothing for a score ≤ 0", () => {
    fc.assert(
      fc.property(pots, weights, (amount, scores) => expectRule(largestRemainder, amount, scores)),
      { numRuns: 1_000 },
    );
  });

  it("has a rule that catches a wrong tie order, units to the first in line, rounding down, and unclamped scores", () => {
    for (const planted of [tieToHigherIndex, leftOverToTheFirst, roundedDown, absolute]) {
      const wrong = fc.check(fc.property(pots, weights, (amount, scores) => expectRule(planted, amount, scores)));
      expect(wrong.failed, planted.name).to.equal(true);
    }
  });

  it("gives shares of exactly 1e9 parts whenever somebody has a score", () => {
    const property = fc.property(weights, (scores) => {
      const sum = sharesPpb(scores).reduce((a, b) => a + b, 0);
      expect(sum).to.equal(scores.some((s) => s > 0n) ? 1_000_000_000 : 0);
    });
    fc.assert(property);
  });
});

describe("the pot", () => {
  // 900 of performance between utilities −700 and −400.
  const at = (end: bigint, target = -400n) => pot(100n, 900n, -700n, end, target);

  it("refuses negative amounts", () => {
    expect(failure(() => pot(-1n, 0n, 0n, 1n, 2n)).code).to.equal("valuation/negative-amount");
    expect(failure(() => pot(0n, -1n, 0n, 1n, 2n)).code).to.equal("valuation/negative-amount");
  });

  it("is the base when nothing was gained or utility fell", () => {
    expect([at(-700n), at(-701n), at(-(2n ** 62n))]).to.deep.equal([100n, 100n, 100n]);
  });

  it("is base and performance at the target, and not more beyond it", () => {
    expect([at(-400n), at(-399n), at(2n ** 62n)]).to.deep.equal([1_000n, 1_000n, 1_000n]);
  });

  it("grows with the gain between start and target, rounded down", () => {
    expect([at(-600n), at(-699n), at(-401n)]).to.deep.equal([400n, 103n, 997n]);
    expect(pot(0n, 2n, 0n, 2n, 3n)).to.equal(1n);
  });

  it("pays the whole performance for any gain when the target is not above the start", () => {
    expect([at(-699n, -700n), at(-699n, -900n)]).to.deep.equal([1_000n, 1_000n]);
    expect(at(-700n, -900n)).to.equal(100n);
  });

  it("never falls when utility rises, and stays between base and base + performance", () => {
    const utility = fc.bigInt({ min: -huge, max: huge });
    const amount = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
    const property = fc.property(amount, amount, fc.tuple(utility, utility, utility, utility), (base, extra, u) => {
      const [start, a, b, target] = u;
      const paid = [a, b].sort((x, y) => (x < y ? -1 : 1)).map((end) => pot(base, extra, start, end, target));
      expect((paid[0] as bigint) <= (paid[1] as bigint)).to.equal(true);
      for (const p of paid) expect(p >= base && p <= base + extra).to.equal(true);
    });
    fc.assert(property);
  });
});

function tieToHigherIndex(amount: bigint, scores: readonly bigint[]): bigint[] {
  return largestRemainder(amount, [...scores].reverse()).reverse();
}

function leftOverToTheFirst(amount: bigint, scores: readonly bigint[]): bigint[] {
  const parts = roundedDown(amount, scores);
  const winner = scores.findIndex((s) => s > 0n);
  return parts.map((part, i) => (i === winner ? part + amount - total(parts) : part));
}

function roundedDown(amount: bigint, scores: readonly bigint[]): bigint[] {
  const clamped = scores.map((s) => (s > 0n ? s : 0n));
  return clamped.map((s) => (total(clamped) === 0n ? 0n : (amount * s) / total(clamped)));
}

/** Negative scores paid by their size. */
function absolute(amount: bigint, scores: readonly bigint[]): bigint[] {
  return largestRemainder(
    amount,
    scores.map((s) => (s < 0n ? -s : s)),
  );
}
