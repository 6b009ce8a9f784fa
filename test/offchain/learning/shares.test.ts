import { expect } from "chai";
import type { Design } from "../../../offchain/learning/design.ts";
import { utility } from "../../../offchain/learning/utility.ts";
import { seeded } from "../../../scripts/portfolio/random.ts";
import { game, roundsScored, shares, type Training, train } from "./federation.ts";
import { type DefaultCredit, defaultCredit, splitByLastPayment } from "./realData.ts";

const point = 0.01;

/** Share of money that goes to another contributor than the reference says: half the sum of the differences. */
function misallocated(paid: readonly number[], reference: readonly number[]): number {
  return paid.reduce((sum, share, i) => sum + Math.abs(share - (reference[i] as number)), 0) / 2;
}

describe("exact Shapley shares on the default-of-credit-card data", () => {
  let data: DefaultCredit;

  before(function () {
    const found = defaultCredit();
    if (found === null) return this.skip();
    data = found;
  });

  /** Shares of the scored rounds, with the 6 000 test rows as validation. */
  function paid(training: Training, banks: readonly Design[]): number[] {
    return shares(game(training, banks, data.test, roundsScored(training, data.test)));
  }

  /** Shares if every round were scored. */
  function paidForAll(training: Training, banks: readonly Design[]): number[] {
    return shares(game(training, banks, data.test, training.updates.length));
  }

  it("start from the base rate: from zero, 72% of the gain would be an intercept", () => {
    const { states } = train(data.banks, 2);
    const [first, end] = [states[0] as Float64Array, states[2] as Float64Array];
    const of = (theta: Float64Array) => Number(utility(theta, data.test));
    const zero = of(new Float64Array(first.length));
    expect((of(first) - zero) / (of(end) - zero)).to.be.closeTo(0.72, 0.005);
  });

  it("are .352, .326, .321 for three random parts, where an equal split misallocates 1.9%", () => {
    const reference = [0.352, 0.326, 0.321];
    expect(misallocated(paid(train(data.banks, 8), data.banks), reference)).to.be.below(0.001);
    expect(misallocated([1 / 3, 1 / 3, 1 / 3], reference)).to.be.closeTo(0.019, 0.001);
  });

  it("are .143, .180, .677 for the split by PAY_0, where an equal split misallocates 34%", () => {
    const banks = splitByLastPayment(data.banks);
    const reference = [0.143, 0.18, 0.677];
    expect(misallocated(paid(train(banks, 8), banks), reference)).to.be.below(0.001);
    expect(misallocated([1 / 3, 1 / 3, 1 / 3], reference)).to.be.closeTo(0.34, 0.005);
  });

  it("are .513, .487, 0 when 40% of one bank's labels are turned round", () => {
    const random = seeded(3);
    const honest = data.banks[2] as Design;
    const poisoned = { ...honest, y: honest.y.map((label) => (random() < 0.4 ? 1 - label : label)) };
    const banks = [...data.banks.slice(0, 2), poisoned];
    const result = paid(train(banks, 8), banks);
    expect(result[2]).to.equal(0);
    expect(misallocated(result, [0.513, 0.487, 0])).to.be.below(0.005);
  });

  it("are the same after 5, 8 and 30 rounds: idle rounds move no money", () => {
    for (const banks of [data.banks, splitByLastPayment(data.banks)]) {
      const training = train(banks, 30);
      const [five, eight, thirty] = [5, 8, 30].map((rounds) => paid(upTo(training, rounds), banks)) as [
        number[],
        number[],
        number[],
      ];
      expect(misallocated(five, thirty)).to.be.below(point);
      expect(misallocated(eight, thirty)).to.be.below(point);
    }
  });

  it("would drift by more than 15 points if idle rounds were scored: what the stopping rule is for", () => {
    const training = train(data.banks, 30);
    const drift = misallocated(paidForAll(upTo(training, 5), data.banks), paidForAll(training, data.banks));
    expect(drift).to.be.above(0.15);
    expect(roundsScored(training, data.test)).to.equal(2);
  });
});

function upTo({ states, updates }: Training, rounds: number): Training {
  return { states: states.slice(0, rounds + 1), updates: updates.slice(0, rounds) };
}
