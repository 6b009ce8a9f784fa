import { expect } from "chai";
import { scoredRounds } from "../../../offchain/learning/scoredRounds.ts";
import { coalitionUtilities, utility } from "../../../offchain/learning/utility.ts";
import { exactShapley } from "../../../offchain/valuation/shapley.ts";
import { added } from "./federation.ts";
import { randomDesign, randomTheta } from "./randomDesign.ts";

const features = 4;
const rows = randomDesign(11, 500, features);
const theta = randomTheta(12, features);
const deltas = [13, 14, 15, 16].map((seed) => randomTheta(seed, features).map((v) => v / 4));
const next = added([theta, ...deltas]);

/** U(theta + sum of the members' deltas) - U(theta), each coalition's model built on its own. */
function oneByOne(mask: number): bigint {
  const members = deltas.filter((_, i) => (mask >> i) & 1);
  return utility(added([theta, ...members]), rows) - utility(theta, rows);
}

describe("the utility of a model", () => {
  it("is minus the mean log-loss in 1e-9 nat, rounded", () => {
    const one = { rows: 2, features: 1, x: Float64Array.of(1, -1), y: Uint8Array.of(1, 1) };
    const losses = [Math.log1p(Math.exp(-2)), Math.log1p(Math.exp(2))];
    const mean = ((losses[0] as number) + (losses[1] as number)) / 2;
    expect(utility(Float64Array.of(0, 2), one)).to.equal(-BigInt(Math.round(mean * 1e9)));
    expect(utility(new Float64Array(2), one)).to.equal(-693_147_181n);
  });

  it("does not depend on how rows are stored, but on their order of addition alone", () => {
    const copy = { ...rows, x: Float64Array.from(rows.x) };
    expect(utility(theta, copy)).to.equal(utility(theta, rows));
  });
});

describe("the utilities of all coalitions", () => {
  const table = coalitionUtilities(theta, next, deltas, rows);

  it("are those of each coalition's own model, to one unit", () => {
    table.forEach((value, mask) => {
      const off = value - oneByOne(mask);
      expect(off >= -1n && off <= 1n, `mask ${mask}: ${value}`).to.equal(true);
    });
    expect(new Set(table).size, "coalitions that differ").to.be.above(12);
  });

  it("are 0 for nobody and exact at the next state for everybody, so that rounds telescope", () => {
    expect([table.length, table[0], table[15]]).to.deep.equal([16, 0n, utility(next, rows) - utility(theta, rows)]);
    const elsewhere = coalitionUtilities(theta, theta, deltas, rows);
    expect([elsewhere[15], elsewhere[7]]).to.deep.equal([0n, table[7]]);
  });

  it("give who brings a zero update nothing", () => {
    const idle = [...deltas.slice(0, 2), new Float64Array(features + 1), deltas[3] as Float64Array];
    const weights = exactShapley(coalitionUtilities(theta, added([theta, ...idle]), idle, rows));
    expect(weights[2]).to.equal(0n);
    expect(weights.filter((w) => w === 0n).length).to.equal(1);
  });

  it("give equal updates equal pay", () => {
    const twins = [deltas[0], deltas[1], deltas[1]] as Float64Array[];
    const [, a, b] = exactShapley(coalitionUtilities(theta, added([theta, ...twins]), twins, rows));
    expect(a).to.equal(b);
  });
});

describe("the scored rounds", () => {
  const cases: [string, readonly bigint[], number][] = [
    ["none without a state", [], 0],
    ["none without a round", [-500n], 0],
    ["none when the first round gains nothing", [-500n, -500n, -400n], 0],
    ["none when the first round loses", [-500n, -501n, -400n], 0],
    ["all while each gains 1%", [-1_000n, -500n, -400n, -390n], 3],
    ["a round that gains exactly 1% of all so far", [0n, 99n, 100n], 2],
    ["not a round that gains a unit less", [0n, 9_901n, 10_000n], 1],
    ["nothing after the first that gains too little, however much later ones gain", [0n, 990n, 999n, 5_000n], 1],
    ["nothing after the first that loses", [0n, 100n, 99n, 500n], 1],
    ["by integers where float64 would be even", [0n, 99n * 2n ** 60n + 1n, 100n * 2n ** 60n], 1],
  ];
  for (const [what, utilities, count] of cases) {
    it(`are ${what}`, () => expect(scoredRounds(utilities)).to.equal(count));
  }
});
