import { expect } from "chai";
import { choleskyFactor, choleskySolve } from "../../../offchain/learning/cholesky.ts";
import type { Design } from "../../../offchain/learning/design.ts";
import { newtonDeltas, penalisedGradient, penalisedHessian } from "../../../offchain/learning/newton.ts";
import { pathGradient } from "../../../offchain/learning/pathGradient.ts";
import { orthonormal, withoutReplay } from "../../../offchain/learning/replayGuard.ts";
import { dot, minus } from "../../../offchain/learning/vector.ts";
import { designOf, sumsOf } from "../../../offchain/protocol/newtonJob.ts";
import { exactValuation } from "../../../offchain/protocol/valuation.ts";
import { exactShapley } from "../../../offchain/valuation/shapley.ts";
import { type Federation, honest, rowsOf, runFederation } from "../../../scripts/bench/attacks/federation.ts";
import { misallocated, partsOf, rawScores, scoringOf, unguardedScorer } from "../../../scripts/bench/attacks/scores.ts";
import { seeded } from "../../../scripts/portfolio/random.ts";
import { type DefaultCredit, defaultCredit, pooled, rowsWhere, splitByLastPayment } from "./realData.ts";

const point = 0.01;
const rounds = 8;

function flipped(bank: Design): Design {
  const random = seeded(3);
  return { ...bank, y: bank.y.map((label) => (random() < 0.4 ? 1 - label : label)) };
}

// targets.md, "projected against exact": the most money that may go astray, and what an equal split misallocates.
const splits: readonly {
  name: string;
  bar: number;
  equal: number;
  banks: (data: DefaultCredit) => readonly Design[];
}[] = [
  { name: "three random parts", bar: 0.005, equal: 0.019, banks: ({ banks }) => banks },
  { name: "the split by PAY_0", bar: 0.03, equal: 0.343, banks: ({ banks }) => splitByLastPayment(banks) },
  {
    name: "three parts of which one has 40% of its labels turned round",
    bar: 0.005,
    equal: 0.333,
    banks: ({ banks }) => [...banks.slice(0, 2), flipped(banks[2] as Design)],
  },
  {
    name: "eight banks of 150 rows",
    bar: 0.01,
    // 13% with the rows that targets.md picked: which 150 rows a bank has decides.
    equal: 0.16,
    banks: ({ banks }) => {
      const all = pooled(banks);
      return Array.from({ length: 8 }, (_, b) => rowsWhere(all, (i) => i >= 3_000 * b && i < 3_000 * b + 150));
    },
  },
];

const federate = (banks: readonly Design[], count = rounds): Federation =>
  runFederation(
    23,
    banks.map((bank, i) => honest(`bank ${i}`, rowsOf(bank))),
    count,
  );

describe("projected shares on the default-of-credit-card data, with the 6 000 test rows as validation", function () {
  this.timeout(60_000);
  let data: DefaultCredit;

  before(function () {
    const found = defaultCredit();
    if (found === null) return this.skip();
    data = found;
  });

  const projected = (job: Federation) => partsOf(rawScores(job, scoringOf(job, rowsOf(data.test))));

  function exact({ spec, rounds: all, updates, last }: Federation): number[] {
    const records = all.map(({ round, state }) => ({ round, state, updates: updates[round] as BigInt64Array[] }));
    return partsOf(exactShapley(exactValuation(spec, records, last, rowsOf(data.test)).table));
  }

  for (const { name, bar, equal, banks } of splits) {
    it(`are the exact ones for ${name}: less than ${bar * 100}% of the money astray, where an equal split is refused`, function () {
      const job = federate(banks(data));
      const reference = exact(job);
      const off = misallocated(projected(job), reference);
      const split = misallocated(
        reference.map(() => 1 / reference.length),
        reference,
      );
      (this.test as Mocha.Test).title += ` (${(100 * off).toFixed(3)}% against ${(100 * split).toFixed(1)}%)`;
      expect(off).to.be.below(bar);
      expect(split, "an equal split").to.be.above(bar);
      expect(split).to.be.closeTo(equal, 0.01);
    });
  }

  it("are the same after 5, 8 and 30 rounds: idle rounds move no money", () => {
    for (const banks of [data.banks, splitByLastPayment(data.banks)]) {
      const [five, eight, thirty] = [5, 8, 30].map((count) => projected(federate(banks, count))) as [
        number[],
        number[],
        number[],
      ];
      expect(misallocated(five, thirty)).to.be.below(point);
      expect(misallocated(eight, thirty)).to.be.below(point);
    }
  });

  it("would go astray beyond the bar with replays projected off along the parameters' own axes: why the metric is the Hessian's", () => {
    const job = federate((splits[2] as (typeof splits)[2]).banks(data));
    const reference = exact(job);
    expect(misallocated(byMetric(job, "identity"), reference)).to.be.above(0.01);
    expect(misallocated(byMetric(job, "hessian"), reference)).to.be.below(0.005);
    expect(misallocated(byMetric(job, "hessian"), projected(job)), "computed here in floats").to.be.below(1e-6);
  });

  it("lose less than 3% of the scores to the replay guard, and nothing where one round scores", () => {
    for (const { banks } of splits) {
      const job = federate(banks(data));
      const scoring = scoringOf(job, rowsOf(data.test));
      expect(Math.abs(Number(scoring.removed)) / Number(scoring.scoreTotal)).to.be.below(0.03);
      if (scoring.scored > 1) continue;
      expect(partsOf(rawScores(job, unguardedScorer(job, scoring, rowsOf(data.test))))).to.deep.equal(projected(job));
    }
  });

  /** Shares of scores in plain floats, with replays of the last two rounds projected off in one metric or the other. */
  function byMetric(job: Federation, metric: "identity" | "hessian"): number[] {
    const design = designOf(job.last, rowsOf(data.test));
    const { scored } = scoringOf(job, rowsOf(data.test));
    const states = [...job.rounds.map((r) => r.state), job.last].map((state) => state.theta);
    const weights = job.spec.assets.map((a) => a.weightPpb);
    const totals = weights.map(() => 0);
    const rights = job.rounds.map(({ round, sum, state }) => penalisedGradient(state.theta, sumsOf(round, sum), 1));
    job.rounds.slice(0, scored).forEach(({ round, sum }, t) => {
      const [from, to] = [states[t] as Float64Array, states[t + 1] as Float64Array];
      const gradient = pathGradient(from, to, design, 1);
      const hessian = penalisedHessian(sumsOf(round, sum), from.length, 1);
      const factor = choleskyFactor(hessian, from.length);
      const replays = rights.slice(Math.max(0, t - 2), t).map((right) => choleskySolve(factor, right));
      const sent = (job.updates[round] as BigInt64Array[]).map((update) => sumsOf(round, update));
      const kept = metric === "identity" ? euclidean(gradient, replays) : conjugate(gradient, replays, hessian);
      newtonDeltas(from, sent, weights, 1).forEach((delta, i) => {
        totals[i] = (totals[i] as number) + dot(kept, delta);
      });
    });
    return partsOf(totals.map((total) => BigInt(Math.round(total * 1e15))));
  }
});

/** c less its part along past updates by the dot product. */
function euclidean(gradient: Float64Array, past: readonly Float64Array[]): Float64Array {
  const p = gradient.length;
  const identity = Float64Array.from({ length: p * p }, (_, at) => (at % (p + 1) === 0 ? 1 : 0));
  return orthonormal(past, identity).reduce((rest, q) => minus(rest, q, dot(q, gradient)), gradient);
}

/** c' = H u' for the guarded multiplier u', so that <c', Delta> = <u', H Delta>. */
function conjugate(gradient: Float64Array, past: readonly Float64Array[], hessian: Float64Array): Float64Array {
  const p = gradient.length;
  const multiplier = choleskySolve(choleskyFactor(hessian, p), gradient);
  const kept = withoutReplay(multiplier, gradient, past, hessian);
  return kept.map((_, row) => dot(hessian.subarray(row * p, (row + 1) * p), kept));
}
