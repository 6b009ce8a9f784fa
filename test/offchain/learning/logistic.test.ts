import { expect } from "chai";
import { logisticLength, logisticSums } from "../../../offchain/learning/logistic.ts";
import { randomDesign, randomTheta } from "./randomDesign.ts";

const [rows, features] = [300, 5];
const p = features + 1;
const design = randomDesign(7, rows, features);
const theta = randomTheta(8, features);
const sums = logisticSums(design, theta);
const step = 1e-5;

const moved = (j: number, by: number) => logisticSums(design, theta.with(j, (theta[j] as number) + by));
/** Central difference of one of the sums along parameter j. */
const slope = (at: number, j: number) =>
  ((moved(j, step)[at] as number) - (moved(j, -step)[at] as number)) / (2 * step);

/** Place of (a, b), a <= b, in the upper triangle row by row. */
const place = (a: number, b: number) => 2 + p + a * p - (a * (a - 1)) / 2 + (b - a);

describe("the sums of logistic regression", () => {
  it("count the rows, and are as long as they say", () => {
    expect([sums[0], sums.length, logisticLength(features), logisticLength(23)]).to.deep.equal([rows, 29, 29, 326]);
  });

  it("hold the negative log-likelihood, row by row", () => {
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      let margin = theta[0] as number;
      for (let j = 0; j < features; j++) margin += (design.x[i * features + j] as number) * (theta[j + 1] as number);
      const probability = 1 / (1 + Math.exp(-margin));
      loss -= Math.log(design.y[i] === 1 ? probability : 1 - probability);
    }
    expect(sums[1]).to.be.closeTo(loss, 1e-9);
  });

  it("hold the gradient of the log-likelihood: finite differences of the loss, sign turned", () => {
    for (let j = 0; j < p; j++) expect(sums[2 + j], `parameter ${j}`).to.be.closeTo(-slope(1, j), 1e-5);
  });

  it("hold the upper triangle of its negative Hessian: finite differences of the gradient, sign turned", () => {
    for (let a = 0; a < p; a++) {
      for (let b = a; b < p; b++) {
        expect(sums[place(a, b)], `${a}, ${b}`).to.be.closeTo(-slope(2 + a, b), 1e-5);
        expect(sums[place(a, b)], `${b}, ${a}`).to.be.closeTo(-slope(2 + b, a), 1e-5);
      }
    }
    expect(place(p - 1, p - 1)).to.equal(sums.length - 1);
  });

  it("add up over any split of the rows", () => {
    const cut = 113;
    const first = { ...design, rows: cut, x: design.x.subarray(0, cut * features), y: design.y.subarray(0, cut) };
    const second = { ...design, rows: rows - cut, x: design.x.subarray(cut * features), y: design.y.subarray(cut) };
    const other = logisticSums(second, theta);
    logisticSums(first, theta).forEach((value, at) => {
      expect(value + (other[at] as number), `sum ${at}`).to.be.closeTo(sums[at] as number, 1e-9);
    });
  });

  it("stay finite for rows of any margin", () => {
    const far = { rows: 2, features: 1, x: Float64Array.of(1e4, -1e4), y: Uint8Array.of(0, 1) };
    expect([...logisticSums(far, Float64Array.of(0, 1))]).to.deep.equal([2, 2e4, 0, -2e4, 0, 0, 0]);
  });
});
