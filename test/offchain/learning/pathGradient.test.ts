import { expect } from "chai";
import { pathGradient } from "../../../offchain/learning/pathGradient.ts";
import { utility } from "../../../offchain/learning/utility.ts";
import { dot, minus } from "../../../offchain/learning/vector.ts";
import { randomDesign, randomTheta } from "./randomDesign.ts";

const features = 5;
const rows = randomDesign(21, 400, features);
const from = randomTheta(22, features);
const to = randomTheta(23, features);

/** Gradient of U at one model, by Math.exp. */
function gradientAt(theta: Float64Array): number[] {
  const sums = new Array<number>(features + 1).fill(0);
  for (let i = 0; i < rows.rows; i++) {
    const row = [1, ...rows.x.subarray(i * features, (i + 1) * features)];
    const margin = row.reduce((sum, value, j) => sum + value * (theta[j] as number), 0);
    const residual = (rows.y[i] as number) - 1 / (1 + Math.exp(-margin));
    row.forEach((value, j) => {
      sums[j] = (sums[j] as number) + (residual * value) / rows.rows;
    });
  }
  return sums;
}

/** The integral by Simpson's rule on 2 000 steps. */
function integral(): number[] {
  const steps = 2000;
  const sums = new Array<number>(features + 1).fill(0);
  for (let k = 0; k <= steps; k++) {
    const at = from.map((value, j) => value + (k / steps) * ((to[j] as number) - value));
    const weight = (k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2) / (3 * steps);
    gradientAt(at).forEach((value, j) => {
      sums[j] = (sums[j] as number) + weight * value;
    });
  }
  return sums;
}

const gained = (end: Float64Array) => Number(utility(end, rows) - utility(from, rows)) / 1e9;
const scored = (end: Float64Array, pieces: number) => dot(pathGradient(from, end, rows, pieces), minus(end, from));

describe("the gradient along the public path", () => {
  it("is the integral of the utility's gradient, three points being enough for a step of usual length", () => {
    const reference = integral();
    pathGradient(from, to, rows, 1).forEach((value, j) => {
      expect(value, `parameter ${j}`).to.be.closeTo(reference[j] as number, 2e-6);
    });
    pathGradient(from, to, rows, 4).forEach((value, j) => {
      expect(value, `parameter ${j}, 4 pieces`).to.be.closeTo(reference[j] as number, 1e-10);
    });
  });

  it("is neither the gradient at the start nor that in the middle", () => {
    const path = pathGradient(from, to, rows, 1);
    const middle = from.map((value, j) => (value + (to[j] as number)) / 2);
    for (const other of [gradientAt(from), gradientAt(middle)]) {
      expect(Math.max(...path.map((value, j) => Math.abs(value - (other[j] as number))))).to.be.above(1e-3);
    }
  });

  it("times the step is the utility gained", () => {
    expect(scored(to, 1)).to.be.closeTo(gained(to), 1e-6);
    expect(scored(to, 4)).to.be.closeTo(gained(to), 2e-9);
  });

  it("misses it on a step that is far too long, and less so in more pieces", () => {
    const far = to.map((value, j) => (from[j] as number) + 40 * (value - (from[j] as number)));
    const [one, two, four] = [1, 2, 4].map((pieces) => Math.abs(scored(far, pieces) - gained(far))) as [
      number,
      number,
      number,
    ];
    expect(one).to.be.above(two);
    expect(two).to.be.above(four);
    expect(one / Math.abs(gained(far))).to.be.above(1e-3);
  });

  it("of no step is the gradient where it stands", () => {
    pathGradient(from, from, rows, 2).forEach((value, j) => {
      expect(value).to.be.closeTo(gradientAt(from)[j] as number, 1e-14);
    });
  });
});
