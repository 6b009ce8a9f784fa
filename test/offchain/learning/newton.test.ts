import { expect } from "chai";
import { weightsByRows } from "../../../offchain/core/units.ts";
import { choleskyFactor, choleskySolve } from "../../../offchain/learning/cholesky.ts";
import { fitLogistic } from "../../../offchain/learning/fit.ts";
import { logisticSums } from "../../../offchain/learning/logistic.ts";
import { newtonDeltas, newtonStep } from "../../../offchain/learning/newton.ts";
import { failure } from "../failure.ts";
import { added, train } from "./federation.ts";
import { randomDesign, randomTheta } from "./randomDesign.ts";
import { pooled } from "./realData.ts";

const ridge = 3;
const features = 6;
const banks = [randomDesign(1, 90, features), randomDesign(2, 400, features), randomDesign(3, 210, features)];
const theta = randomTheta(4, features);
const sums = banks.map((bank) => logisticSums(bank, theta));
const largest = (values: Iterable<number>) => Math.max(...[...values].map(Math.abs));
const difference = (a: Float64Array, b: Float64Array) => largest(a.map((value, j) => value - (b[j] as number)));

describe("Cholesky's factor", () => {
  it("refuses matrices that are not positive definite, naming the pivot", () => {
    const bad: [number[], number][] = [
      [[0, 0, 0, 1], 0],
      [[-1, 0, 0, 1], 0],
      [[1, 2, 2, 1], 1],
      [[1, 1, 1, 1], 1],
      [[Number.NaN, 0, 0, 1], 0],
    ];
    for (const [matrix, pivot] of bad) {
      const error = failure(() => choleskyFactor(Float64Array.from(matrix), 2));
      expect([error.code, error.facts.pivot]).to.deep.equal(["learning/not-positive-definite", pivot]);
    }
  });

  it("is the one of a known matrix", () => {
    const matrix = Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98);
    expect([...choleskyFactor(matrix, 3)]).to.deep.equal([2, 0, 0, 6, 1, 0, -8, 5, 3]);
  });

  it("solves: the matrix times the solution is the right side", () => {
    const n = 12;
    const root = Float64Array.from({ length: n * n }, (_, i) => Math.sin(i * i + 1));
    const entry = (a: number, b: number) =>
      Array.from({ length: n }, (_, k) => (root[a * n + k] as number) * (root[b * n + k] as number)).reduce(
        (s, v) => s + v,
      ) + (a === b ? 0.1 : 0);
    const matrix = Float64Array.from({ length: n * n }, (_, i) => entry(Math.floor(i / n), i % n));
    const right = Float64Array.from({ length: n }, (_, i) => i - 3.5);
    const x = choleskySolve(choleskyFactor(matrix, n), right);
    const back = right.map((_, a) => x.reduce((sum, value, b) => sum + (matrix[a * n + b] as number) * value, 0));
    expect(difference(back, right)).to.be.below(1e-11);
  });
});

describe("a Newton step", () => {
  it("refuses columns that are copies of one another, unless a ridge tells them apart", () => {
    const one = randomDesign(5, 50, 1);
    const twin = { ...one, features: 2, x: Float64Array.from([...one.x].flatMap((v) => [v, v])) };
    const at = logisticSums(twin, new Float64Array(3));
    expect(failure(() => newtonStep(new Float64Array(3), at, 0)).code).to.equal("learning/not-positive-definite");
    const [, a, b] = newtonStep(new Float64Array(3), at, 1);
    expect(a).to.be.closeTo(b as number, 1e-12);
  });

  it("on summed sums is the step on pooled rows", () => {
    const federated = newtonStep(theta, added(sums), ridge);
    expect(difference(federated, newtonStep(theta, logisticSums(pooled(banks), theta), ridge))).to.be.below(1e-12);
    expect(difference(federated, theta)).to.be.above(1e-2);
  });

  it("solves (H + Λ) δ = g − Λθ with no ridge at the intercept", () => {
    const p = features + 1;
    const total = added(sums);
    const delta = newtonStep(theta, total, ridge).map((value, j) => value - (theta[j] as number));
    const hessian = (a: number, b: number) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      return total[2 + p + low * p - (low * (low - 1)) / 2 + (high - low)] as number;
    };
    for (let a = 0; a < p; a++) {
      const penalty = a === 0 ? 0 : ridge;
      const left = delta.reduce((sum, d, b) => sum + hessian(a, b) * d, penalty * (delta[a] as number));
      expect(left, `row ${a}`).to.be.closeTo((total[2 + a] as number) - penalty * (theta[a] as number), 1e-9);
    }
  });

  it("is the sum of the contributors' parts", () => {
    const parts = newtonDeltas(theta, sums, weightsByRows(banks.map((bank) => bank.rows)), ridge);
    const whole = newtonStep(theta, added(sums), ridge).map((value, j) => value - (theta[j] as number));
    expect(difference(added(parts), whole)).to.be.below(1e-12);
  });

  it("gives who brings a zero gradient only its part of the ridge, and without ridge nothing", () => {
    const idle = (sums[0] as Float64Array).map((value, at) => (at >= 2 && at < 2 + features + 1 ? 0 : value));
    const parts = newtonDeltas(theta, [idle, ...sums.slice(1)], weightsByRows([1, 1, 1]), 0);
    expect([...(parts[0] as Float64Array)]).to.deep.equal(new Array(features + 1).fill(0));
    const pulled = (rows: number[]) =>
      newtonDeltas(theta, [idle, ...sums.slice(1)], weightsByRows(rows), ridge)[0] as Float64Array;
    expect(largest(pulled([1, 1, 1]))).to.be.above(1e-4);
    // A half of the weight against a quarter: the ridge is shared by weight, not by heads.
    const twice = pulled([1, 2, 1]).map((value) => 2 * value);
    expect(difference(pulled([2, 1, 1]), twice)).to.be.below(1e-15);
  });
});

describe("training by Newton rounds", () => {
  const optimum = fitLogistic(pooled(banks), ridge);

  it("ends where the penalised gradient is zero", () => {
    const gradient = logisticSums(pooled(banks), optimum).subarray(2, 3 + features);
    gradient.forEach((g, j) => {
      expect(g - (j === 0 ? 0 : ridge * (optimum[j] as number)), `parameter ${j}`).to.be.closeTo(0, 1e-8);
    });
  });

  it("federated, on integers of 2^-16, reaches the optimum of the pooled rows", () => {
    const { states } = train(banks, 7, ridge);
    expect(difference(states[7] as Float64Array, optimum)).to.be.below(1e-5);
    expect(difference(states[1] as Float64Array, optimum)).to.be.above(1e-2);
  });

  it("of a bank alone converges where whole steps run away: few ones, two of them far out", () => {
    const x = Float64Array.from({ length: 40 }, (_, i) => (i < 2 ? -5 : i < 4 ? 1 : -1 + (i % 7) / 10));
    const bank = { rows: 40, features: 1, x, y: Uint8Array.from(x, (_, i) => (i < 4 ? 1 : 0)) };
    expect(largest(train([bank], 6, 0.01).states[6] as Float64Array), "whole steps").to.be.above(50);
    const fitted = fitLogistic(bank, 0.01);
    const gradient = logisticSums(bank, fitted).subarray(2, 4);
    expect(gradient[0]).to.be.closeTo(0, 1e-9);
    expect((gradient[1] as number) - 0.01 * (fitted[1] as number)).to.be.closeTo(0, 1e-9);
    expect(largest(fitted)).to.be.below(5);
  });
});
