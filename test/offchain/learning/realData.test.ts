import { expect } from "chai";
import type { Design } from "../../../offchain/learning/design.ts";
import { fitLogistic } from "../../../offchain/learning/fit.ts";
import { auc, ks } from "../../../offchain/learning/metrics.ts";
import { applyTransform, momentSums, transformFromMoments } from "../../../offchain/learning/moments.ts";
import { logLoss, predictMargins } from "../../../offchain/learning/predict.ts";
import { added, type Training, train } from "./federation.ts";
import { type DefaultCredit, defaultCredit, pooled, rowsWhere, sharedDesigns, splitByLastPayment } from "./realData.ts";

// Reference values: scikit-learn 1.2.1, L2 with C = 1, on the pooled training rows.
const optimum = {
  auc: 0.72969,
  ks: 0.385521,
  logLoss: 0.459506,
  intercept: -1.46576152,
  norm: 0.85529176,
  first: [0.006762, -0.344658, 0.129216, 0.088038, -0.005482, 0.05739],
};
const roundsMost = 8;
const aucOf = (theta: Float64Array, test: Design) => auc(predictMargins(theta, test), test.y);
const last = (training: Training) => training.states.at(-1) as Float64Array;

/** Throws unless a model is the pooled optimum within the project's bars. */
function expectOptimum(theta: Float64Array, test: Design): void {
  expect(theta[0]).to.be.closeTo(optimum.intercept, 1e-3);
  optimum.first.forEach((value, j) => {
    expect(theta[j + 1], `coefficient ${j}`).to.be.closeTo(value, 1e-3);
  });
  expect(Math.hypot(...theta.subarray(1)), "norm").to.be.closeTo(optimum.norm, 1e-3);
  const margins = predictMargins(theta, test);
  expect(auc(margins, test.y), "AUC").to.be.closeTo(optimum.auc, 1e-4);
  expect(ks(margins, test.y), "KS").to.be.closeTo(optimum.ks, 1e-3);
  expect(logLoss(margins, test.y), "log-loss").to.be.closeTo(optimum.logLoss, 1e-4);
}

describe("logistic regression on the default-of-credit-card data", () => {
  let data: DefaultCredit;

  before(function () {
    const found = defaultCredit();
    if (found === null) return this.skip();
    data = found;
  });

  it("has three banks of 8 000 rows, 23 columns and 22% defaults each", () => {
    for (const { rows, features, y } of data.banks) {
      expect([rows, features]).to.deep.equal([8_000, 23]);
      expect(y.reduce((a, b) => a + b, 0) / rows).to.be.closeTo(0.2212, 0.002);
    }
  });

  it("is not there after 3 rounds, nor for a bank alone: the bars can fail", () => {
    expect(() => expectOptimum(last(train(data.banks, 3)), data.test)).to.throw();
    expect(() => expectOptimum(fitLogistic(data.banks[0] as Design, 1), data.test)).to.throw();
  });

  it("federated reaches the pooled optimum within 8 rounds: coefficients to 1e-3, AUC to 1e-4", () => {
    expectOptimum(last(train(data.banks, roundsMost)), data.test);
  });

  it("federated is there from the fifth round on, to 1e-5 of the pooled fit", () => {
    const reference = fitLogistic(pooled(data.banks), 1);
    const theta = last(train(data.banks, 5));
    expect(Math.max(...theta.map((value, j) => Math.abs(value - (reference[j] as number))))).to.be.below(1e-5);
  });

  it("split by PAY_0, where each bank alone has .57 to .72, reaches at least .7290", () => {
    const banks = splitByLastPayment(data.banks);
    const alone = banks.map((bank) => aucOf(fitLogistic(bank, 1), data.test));
    for (const value of alone) expect(value).to.be.within(0.57, 0.72);
    const theta = last(train(banks, roundsMost));
    expect(aucOf(theta, data.test)).to.be.at.least(0.729);
    expectOptimum(theta, data.test);
  });

  it("on columns standardised by summed moments is the same model in the files' own units", () => {
    const columns = ({ rows, features, x }: Design) =>
      Array.from({ length: features }, (_, j) =>
        Float64Array.from({ length: rows }, (_, i) => x[i * features + j] as number),
      );
    const ranges = new Array(23).fill({ min: -10, max: 90 });
    const sums = added(data.banks.map((bank) => momentSums(columns(bank), bank.y, ranges)));
    const transform = transformFromMoments(sums, ranges, "standardise");
    const theta = last(
      train(
        data.banks.map((bank) => applyTransform(columns(bank), bank.y, transform)),
        roundsMost,
      ),
    );
    const slopes = theta.subarray(1).map((value, j) => value * (transform.scale[j] as number));
    const intercept = slopes.reduce(
      (sum, value, j) => sum - value * (transform.offset[j] as number),
      theta[0] as number,
    );
    expectOptimum(Float64Array.of(intercept, ...slopes), data.test);
  });

  it("lifts eight banks of 150 rows to what their rows together give", () => {
    const all = pooled(data.banks);
    const banks = Array.from({ length: 8 }, (_, b) => rowsWhere(all, (i) => i >= 3_000 * b && i < 3_000 * b + 150));
    const alone = banks.map((bank) => aucOf(fitLogistic(bank, 1), data.test));
    const joint = aucOf(last(train(banks, roundsMost)), data.test);
    expect(joint).to.be.at.least(0.72);
    expect(joint - alone.reduce((a, b) => a + b, 0) / 8).to.be.above(0.03);
    expect(joint).to.be.closeTo(aucOf(fitLogistic(pooled(banks), 1), data.test), 1e-5);
  });
});

describe("logistic regression on the breast cancer data", () => {
  it("federated over two hospitals has AUC .987338, KS .931818, log-loss .138834", function () {
    const designs = sharedDesigns("breast", ["guest", "host", "test"]);
    if (designs === null) return this.skip();
    const test = designs[2] as Design;
    const margins = predictMargins(last(train(designs.slice(0, 2), roundsMost)), test);
    expect(auc(margins, test.y)).to.be.closeTo(0.987338, 1e-4);
    expect(ks(margins, test.y)).to.be.closeTo(0.931818, 1e-4);
    expect(logLoss(margins, test.y)).to.be.closeTo(0.138834, 1e-4);
  });
});
