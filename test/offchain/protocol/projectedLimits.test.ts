import { expect } from "chai";
import { pathGradient } from "../../../offchain/learning/pathGradient.ts";
import { utility } from "../../../offchain/learning/utility.ts";
import { dot, minus } from "../../../offchain/learning/vector.ts";
import type { JobSpec } from "../../../offchain/protocol/jobSpec.ts";
import { designOf, type LocalRows, type ModelState } from "../../../offchain/protocol/newtonJob.ts";
import { projectedScoring } from "../../../offchain/protocol/projectedScoring.ts";
import { specFixture } from "./specFixture.ts";

const unit = 2n ** 58n;
const size = (value: bigint) => (value < 0n ? -value : value);

/** One feature, rows at +-1 that follow their sign: utilities known in closed form. */
const onePerSide: LocalRows = { columns: [Float64Array.of(1, -1, 0.5, -0.5)], labels: Uint8Array.of(1, 0, 1, 0) };
const oneFeature: JobSpec = specFixture({
  features: [{ name: "x", min: -1, max: 1 }],
  transform: "none",
  algorithm: { name: "logistic-newton", ridge: 0, rounds: 9, plateau: 0 },
});
const stateAt = (slope: number, intercept = 0): ModelState => ({
  theta: Float64Array.of(intercept, slope),
  transform: { offset: [0], scale: [1], labelRate: 0.5, rows: 4 },
  loss: 0,
});
const scale = (value: number) => BigInt(Math.round(value * 2 ** 16));
/** rows, loss, gradient, Hessian in units of 2^-16. */
const sumOf = (gradient: number, hessian: readonly [bigint, bigint, bigint]) =>
  BigInt64Array.of(scale(4), 0n, 0n, scale(gradient), ...hessian);
const usual = [scale(1), 0n, scale(1)] as const;
const along = (...slopes: readonly number[]) =>
  slopes.slice(0, -1).map((slope, t) => ({ round: t + 1, state: stateAt(slope), sum: sumOf(1, usual) }));

describe("projected scoring of steps that its points do not resolve", () => {
  const scored = (...slopes: readonly number[]) =>
    projectedScoring(oneFeature, along(...slopes), stateAt(slopes.at(-1) as number), onePerSide);
  /** Off the gain by more than 1%, were the segment one piece. */
  const missed = (from: number, to: number, pieces: number) => {
    const [a, b] = [stateAt(from), stateAt(to)];
    const design = designOf(a, onePerSide);
    const gained = Number(utility(b.theta, design) - utility(a.theta, design)) / 1e9;
    const found = dot(pathGradient(a.theta, b.theta, design, pieces), minus(b.theta, a.theta));
    return Math.abs(found - gained) > Math.abs(gained) / 100;
  };

  it("splits a step where one piece misses, in two and in four", () => {
    expect([missed(0, 10, 1), missed(0, 10, 2)]).to.deep.equal([true, false]);
    expect([missed(0, 20, 1), missed(0, 20, 2), missed(0, 20, 4)]).to.deep.equal([true, true, false]);
    for (const slope of [10, 20]) {
      const found = scored(0, slope);
      expect(found.scored, `to ${slope}`).to.equal(1);
      const gained = found.utilityEnd - found.utilityStart;
      expect(size(found.scoreTotal - gained) * 100n <= gained, `to ${slope}`).to.equal(true);
    }
  });

  it("ends scoring before a step where four pieces miss too", () => {
    expect(missed(0, 300, 4)).to.equal(true);
    expect(scored(0, 300)).to.deep.include({ scored: 0, scoreTotal: 0n });
    // A round before it that passes is kept.
    expect([missed(-40, -30, 1), missed(-30, 300, 4)]).to.deep.equal([false, true]);
    const two = projectedScoring(oneFeature, along(-40, -30, 300), stateAt(300), onePerSide);
    expect(two.scored).to.equal(1);
    expect(two.utilityEnd).to.equal(two.utilities[1]);
  });
});

describe("projected scoring of numbers that the field or the contract cannot hold", () => {
  const scored = (sum: BigInt64Array, ridge: number, from = stateAt(0.5)) =>
    projectedScoring(
      { ...oneFeature, algorithm: { ...oneFeature.algorithm, ridge } },
      [{ round: 1, state: from, sum }],
      stateAt(1),
      onePerSide,
    );

  it("scores the same step where they fit", () => {
    expect(scored(sumOf(1, usual), 0).scored).to.equal(1);
    expect(scored(sumOf(1, usual), 1).ridgeTerm).not.to.equal(0n);
  });

  it("ends before a multiplier beyond the field: a Hessian close to singular", () => {
    // Determinants 5 and 1 in units of 2^-32; a gradient of zero leaves the sum of scores at zero.
    expect(scored(sumOf(0, [6n, 7n, 9n]), 0).scored, "less close").to.equal(1);
    expect(scored(sumOf(0, [610n, 987n, 1597n]), 0)).to.deep.include({ scored: 0, multipliers: [] });
  });

  it("ends before scores that add up beyond (p - 1) / 2", () => {
    expect(scored(sumOf(1, usual), 0).scored).to.equal(1);
    expect(scored(sumOf(2 ** 12, usual), 0)).to.deep.include({ scored: 0, multipliers: [] });
    expect(scored(sumOf(-(2 ** 12), usual), 0)).to.deep.include({ scored: 0, multipliers: [] });
  });

  it("ends before a ridge term beyond int64", () => {
    const from = (slope: number) =>
      projectedScoring(
        { ...oneFeature, algorithm: { ...oneFeature.algorithm, ridge: 1 } },
        [{ round: 1, state: stateAt(slope), sum: sumOf(0, usual) }],
        stateAt(slope + 16),
        onePerSide,
      );
    const near = from(-80);
    expect(near.scored).to.equal(1);
    expect(size(near.ridgeTerm) > 10n * unit, "more than ten nats, and it fits").to.equal(true);
    expect(from(-160)).to.deep.include({ scored: 0, multipliers: [] });
  });
});
