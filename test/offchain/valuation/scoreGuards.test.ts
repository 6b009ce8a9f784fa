import { expect } from "chai";
import fc from "fast-check";
import { earningsByScore, earningsByWeight } from "../../../offchain/valuation/earnings.ts";
import { capAmounts, guardScores } from "../../../offchain/valuation/scoreGuards.ts";
import { failure } from "../failure.ts";

const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n);
const weights = [333_333_334, 333_333_333, 333_333_333];

describe("guards of scores", () => {
  it("need a group for each score", () => {
    expect(failure(() => guardScores([1n, 2n], 3n, [1])).code).to.equal("valuation/bad-groups");
  });

  it("pay no group more than its net, nobody beyond twice the total, and a larger score of a group no less", () => {
    const scores = fc.array(fc.bigInt({ min: -1000n, max: 1000n }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(scores, fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 8, maxLength: 8 }), (own, labels) => {
        const groups = own.map((_, i) => labels[i] as number);
        const total = sum(own);
        const paid = guardScores(own, total, groups);
        for (const group of groups) {
          const of = (values: readonly bigint[]) => values.filter((_, i) => groups[i] === group);
          const net = sum(of(own));
          expect(sum(of(paid)) <= (net > 0n ? net : 0n)).to.equal(true);
        }
        paid.forEach((score, i) => {
          expect(score >= 0n && score <= (total > 0n ? 2n * total : 0n)).to.equal(true);
          own.forEach((other, j) => {
            if (groups[i] !== groups[j] || other < (own[i] as bigint) || other > 2n * total) return;
            expect((paid[j] as bigint) >= score).to.equal(true);
          });
        });
      }),
    );
  });
});

describe("earnings", () => {
  const game = { groups: [1, 2, 3], weights, cohort: 0b111n };

  it("are base and performance by the scores that the guards left", () => {
    const earned = earningsByScore({ ...game, scores: [50n, 30n, 20n], total: 100n }, 400n, 600n);
    expect(earned).to.deep.equal({
      amounts: [500n, 300n, 200n],
      shares: [500_000_000, 300_000_000, 200_000_000],
      excess: 0n,
    });
  });

  it("are the base by weight in the last cohort, without shares, when no score is left", () => {
    const earned = earningsByScore({ ...game, cohort: 0b101n, scores: [5n, -5n, 0n], total: 0n }, 400n, 600n);
    expect(earned).to.deep.equal({ amounts: [200n, 0n, 200n], shares: [0, 0, 0], excess: 0n });
    expect(earningsByWeight({ weights, cohort: 0b011n }, 1000n).amounts).to.deep.equal([500n, 500n, 0n]);
  });

  it("are capped at 3.5 weights of the pot; shares are those of what is paid", () => {
    const unequal = { ...game, weights: [100_000_000, 100_000_000, 800_000_000] };
    const { amounts, shares, excess } = earningsByScore({ ...unequal, scores: [90n, 5n, 5n], total: 100n }, 400n, 600n);
    expect([amounts, excess]).to.deep.equal([[350n, 50n, 50n], 550n]);
    expect(shares).to.deep.equal([777_777_778, 111_111_111, 111_111_111]);
    expect(capAmounts([350n, 1n, 1n], unequal.weights, 1000n).excess).to.equal(0n);
  });
});
