import { expect } from "chai";
import fc from "fast-check";
import { exactLog } from "../../../offchain/learning/exactMath.ts";
import { gradientSlice, type LocalRows, localUpdate, type ModelState } from "../../../offchain/protocol/newtonJob.ts";
import { expectedSize, sizeIndex, sizeIsHonest } from "../../../offchain/protocol/sizeGuard.ts";
import { normal, seeded } from "../../../scripts/portfolio/random.ts";
import { specFixture } from "./specFixture.ts";

const spec = specFixture({ transform: "none" });

function rowsFrom(seed: number, count: number, spread: number): LocalRows {
  const random = seeded(seed);
  const column = () => Float64Array.from({ length: count }, () => spread * normal(random));
  return { columns: [column(), column()], labels: Uint8Array.from({ length: count }, () => (random() < 0.4 ? 1 : 0)) };
}

/** theta_1 of a cohort whose share of ones is `labelRate`. */
function baseRate(labelRate: number): ModelState {
  const theta = Float64Array.of(exactLog(labelRate / (1 - labelRate)), 0, 0);
  return { theta, transform: { offset: [0, 0], scale: [1, 1], labelRate, rows: 100_000 }, loss: 0 };
}

/** H_i[0,0] that a contributor deals in round 1. */
function dealt(rows: LocalRows, labelRate: number): bigint {
  return localUpdate(spec, 1, baseRate(labelRate), rows)[sizeIndex(spec)] as bigint;
}

describe("the size of a contributor, read from H_i[0,0] at the base rate", () => {
  const seeds = fc.integer({ min: 1, max: 2 ** 31 });
  // A cohort with fewer than one label in a thousand of either kind trains nothing.
  const rates = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  const counts = fc.integer({ min: 1, max: 4000 });

  it("is n r (1 - r) whatever the rows are", () => {
    fc.assert(
      fc.property(seeds, counts, rates, fc.constantFrom(0.01, 1, 90), (seed, count, rate, spread) => {
        expect(sizeIsHonest(dealt(rowsFrom(seed, count, spread), rate), count, rate)).to.equal(true);
      }),
    );
  });

  // 1% of a handful of rows is less than rounding.
  const many = fc.integer({ min: 150, max: 4000 });

  it("shows a row more, a row less, and an update scaled by 4 or by 1.01", () => {
    fc.assert(
      fc.property(seeds, many, rates, (seed, count, rate) => {
        const opened = dealt(rowsFrom(seed, count, 1), rate);
        for (const claimed of [count - 1, count + 1, 4 * count]) {
          expect(sizeIsHonest(opened, claimed, rate), `${count} dealt, ${claimed} committed`).to.equal(false);
        }
        expect(sizeIsHonest(4n * opened, count, rate)).to.equal(false);
        expect(sizeIsHonest((101n * opened) / 100n, count, rate)).to.equal(false);
      }),
    );
  });

  it("of a million rows is still told from that of a row more", () => {
    const count = 1_000_000;
    const opened = dealt(rowsFrom(5, count, 1), 0.01);
    expect(sizeIsHonest(opened, count, 0.01)).to.equal(true);
    expect(sizeIsHonest(opened, count + 1, 0.01)).to.equal(false);
    expect(sizeIsHonest(opened, count - 1, 0.01)).to.equal(false);
  });

  it("is where the layout of an update says, in units of 2^-16", () => {
    expect(sizeIndex(spec)).to.equal(5);
    expect(expectedSize(1000, 0.25)).to.equal(12_288_000n);
    const known: LocalRows = {
      columns: [Float64Array.of(7, 9, 11), Float64Array.of(-5, 2, 3)],
      labels: Uint8Array.of(1, 0, 0),
    };
    expect(dealt(known, 0.5)).to.equal(3n * 2n ** 14n);
  });

  it("passes when the gradient alone is scaled: that guard does not see it", () => {
    const update = localUpdate(spec, 1, baseRate(0.3), rowsFrom(9, 500, 1));
    const { from, to } = gradientSlice(spec);
    for (let j = from; j < to; j++) update[j] = 4n * (update[j] as bigint);
    expect(sizeIsHonest(update[sizeIndex(spec)] as bigint, 500, 0.3)).to.equal(true);
  });
});
