import { expect } from "chai";
import { quantise } from "../../../offchain/learning/fixedPoint.ts";
import {
  applyTransform,
  baseRateState,
  momentLength,
  momentSums,
  transformFromMoments,
} from "../../../offchain/learning/moments.ts";
import { normal, seeded } from "../../../scripts/portfolio/random.ts";
import { failure } from "../failure.ts";
import { added } from "./federation.ts";

// A limit in money, a rate, and a column that is the same for everybody.
const ranges = [
  { min: 0, max: 1_000_000 },
  { min: -1, max: 3 },
  { min: 0, max: 10 },
];

function bank(seed: number, rows: number, level: number) {
  const random = seeded(seed);
  const columns = [
    Float64Array.from({ length: rows }, () => level + 900 * normal(random)),
    Float64Array.from({ length: rows }, () => 0.1 * normal(random)),
    new Float64Array(rows).fill(7.3),
  ];
  return { columns, labels: Uint8Array.from({ length: rows }, () => (random() < 0.2 ? 1 : 0)) };
}

const banks = [bank(1, 400, 20_000), bank(2, 700, 90_000), bank(3, 150, 500_000)];
const sumsOf = (one: ReturnType<typeof bank>) => momentSums(one.columns, one.labels, ranges);
const summed = added(banks.map(sumsOf));
const all = (j: number) => banks.flatMap((one) => [...(one.columns[j] as Float64Array)]);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe("summed moments", () => {
  it("refuse no rows", () => {
    const none = momentSums([new Float64Array(0)], new Uint8Array(0), [{ min: 0, max: 1 }]);
    expect(failure(() => transformFromMoments(none, [{ min: 0, max: 1 }], "none")).code).to.equal("learning/no-rows");
  });

  it("refuse labels of one class, all ones or all zeros", () => {
    for (const label of [0, 1]) {
      const sums = momentSums([Float64Array.of(1, 2)], Uint8Array.of(label, label), [{ min: 0, max: 4 }]);
      const error = failure(() => transformFromMoments(sums, [{ min: 0, max: 4 }], "standardise"));
      expect([error.code, error.facts]).to.deep.equal(["learning/one-class", { rows: 2, ones: 2 * label }]);
    }
  });

  it("are rows, ones, and sums of the columns mapped to [-1, 1] and of their squares", () => {
    const sums = momentSums([Float64Array.of(0, 4, 3)], Uint8Array.of(1, 0, 1), [{ min: 0, max: 4 }]);
    expect([...sums]).to.deep.equal([3, 2, -1 + 1 + 0.5, 1 + 1 + 0.25]);
    expect([momentLength(1), momentLength(23)]).to.deep.equal([4, 48]);
  });

  it("leave a bank as integers, which raw squares of credit limits could not", () => {
    const limits = banks[2]?.columns[0] as Float64Array;
    const raw = Float64Array.of(limits.reduce((sum, value) => sum + value * value, 0));
    expect(failure(() => quantise(raw, 24, 2 ** 30, 64)).code).to.equal("learning/out-of-bound");
    expect(quantise(summed, 24, 2 ** 30, 64).length).to.equal(momentLength(3));
  });
});

describe("the transform", () => {
  const transform = transformFromMoments(summed, ranges, "standardise");

  it("gives all banks' rows together mean 0 and variance 1, though each bank alone has neither", () => {
    const designs = banks.map((one) => applyTransform(one.columns, one.labels, transform));
    for (const j of [0, 1]) {
      const values = designs.flatMap(({ x }) => [...x].filter((_, at) => at % 3 === j));
      expect(mean(values)).to.be.closeTo(0, 1e-9);
      expect(mean(values.map((v) => v * v))).to.be.closeTo(1, 1e-8);
    }
    const first = [...(designs[0]?.x ?? [])].filter((_, at) => at % 3 === 0);
    expect(Math.abs(mean(first))).to.be.above(0.1);
  });

  it("is mean and standard deviation in the column's own units", () => {
    for (const j of [0, 1]) {
      const centre = mean(all(j));
      const deviation = Math.sqrt(mean(all(j).map((v) => (v - centre) ** 2)));
      expect((transform.offset[j] as number) / centre).to.be.closeTo(1, 1e-9);
      expect((transform.scale[j] as number) * deviation).to.be.closeTo(1, 1e-8);
    }
    const ones = banks.flatMap((one) => [...one.labels]);
    expect([transform.rows, transform.labelRate]).to.deep.equal([1_250, mean(ones)]);
  });

  it("turns a column that is the same for everybody into zeros, also after rounding to 2^-24", () => {
    expect(transform.scale[2]).to.equal(0);
    const rounded = summed.map((sum) => Math.round(sum * 2 ** 24) / 2 ** 24);
    expect(transformFromMoments(rounded, ranges, "standardise").scale[2]).to.equal(0);
    expect(
      applyTransform([Float64Array.of(0), Float64Array.of(0), Float64Array.of(7.3)], Uint8Array.of(1), transform).x[2],
    ).to.equal(0);
  });

  it("leaves the columns as they are with mode none", () => {
    const none = transformFromMoments(summed, ranges, "none");
    const { x, y, rows, features } = applyTransform(
      [Float64Array.of(1, 2), Float64Array.of(3, 4)],
      Uint8Array.of(0, 1),
      none,
    );
    expect([[...x], [...y], rows, features]).to.deep.equal([[1, 3, 2, 4], [0, 1], 2, 2]);
  });

  it("starts from a model that predicts the label rate for everybody", () => {
    const theta = baseRateState(transform);
    expect(1 / (1 + Math.exp(-(theta[0] as number)))).to.be.closeTo(transform.labelRate, 1e-15);
    expect([...theta.subarray(1)]).to.deep.equal([0, 0, 0]);
  });
});
