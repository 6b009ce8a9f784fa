import { expect } from "chai";
import fc from "fast-check";
import { sha256Hex } from "../../../offchain/core/hash.ts";
import { newtonDeltas } from "../../../offchain/learning/newton.ts";
import { pathGradient } from "../../../offchain/learning/pathGradient.ts";
import { scoredRounds } from "../../../offchain/learning/scoredRounds.ts";
import { utility } from "../../../offchain/learning/utility.ts";
import { dot } from "../../../offchain/learning/vector.ts";
import { encodeIntegers } from "../../../offchain/protocol/integers.ts";
import { designOf, gradientSlice, type LocalRows, sumsOf } from "../../../offchain/protocol/newtonJob.ts";
import { projectedScoring, type SummedRound } from "../../../offchain/protocol/projectedScoring.ts";
import { type Federation, honest, runFederation } from "../../../scripts/bench/attacks/federation.ts";
import { generatedRows } from "../../../scripts/bench/attacks/rows.ts";
import { rawScores, scoringOf, unguardedScorer } from "../../../scripts/bench/attacks/scores.ts";

const rows = generatedRows(5, 700, 900);
const federate = (banks: readonly LocalRows[], rounds: number): Federation =>
  runFederation(
    (banks[0] as LocalRows).columns.length,
    banks.map((own, i) => honest(`bank ${i}`, own)),
    rounds,
  );
const job = federate(rows.banks, 6);
const scoring = scoringOf(job, rows.validation);
const unit = 2n ** 58n;
const size = (value: bigint) => (value < 0n ? -value : value);
const total = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n);

describe("projected scoring", () => {
  it("scores the rounds that the exact game scores, on the same utilities", () => {
    const states = [...job.rounds.map((r) => r.state), job.last];
    const design = designOf(job.last, rows.validation);
    expect(scoring.utilities).to.deep.equal(states.map((state) => utility(state.theta, design)));
    expect(scoring.scored).to.equal(scoredRounds(scoring.utilities));
    expect(scoring.scored).to.be.within(2, 4);
    expect(scoring.utilityStart).to.equal(scoring.utilities[0]);
    expect(scoring.utilityEnd).to.equal(scoring.utilities[scoring.scored]);
  });

  it("has a total that is the utility gained within 1%, and not to the unit: it is computed on its own", () => {
    const gained = scoring.utilityEnd - scoring.utilityStart;
    expect(size(scoring.scoreTotal - gained) * 100n <= gained).to.equal(true);
    expect(scoring.scoreTotal).not.to.equal(gained);
  });

  it("adds up: the scores are the total less what was removed, to one unit of 1e-9 nat, on random federations", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 4 }), (features, rounds) => {
        const some = generatedRows(features, 150 + 31 * features, 200);
        const small = federate(some.banks, rounds);
        const found = scoringOf(small, some.validation);
        const off = total(rawScores(small, found)) - (found.scoreTotal - found.removed) * unit;
        expect(2n * size(off) <= unit).to.equal(true);
      }),
      { numRuns: 20 },
    );
  });

  it("gives each contributor the sum of <c_t, Delta_i> when nothing is guarded, to one unit", () => {
    const plain = rawScores(job, unguardedScorer(job, scoring, rows.validation));
    const weights = job.spec.assets.map((a) => a.weightPpb);
    const states = [...job.rounds.map((r) => r.state), job.last].map((state) => state.theta);
    const expected = weights.map(() => 0);
    job.rounds.slice(0, scoring.scored).forEach(({ round }, t) => {
      const [from, to] = [states[t] as Float64Array, states[t + 1] as Float64Array];
      const gradient = pathGradient(from, to, designOf(job.last, rows.validation), 1);
      const sent = (job.updates[round] as BigInt64Array[]).map((update) => sumsOf(round, update));
      newtonDeltas(from, sent, weights, 1).forEach((delta, i) => {
        expected[i] = (expected[i] as number) + dot(gradient, delta);
      });
    });
    plain.forEach((score, i) => {
      expect(Number(score) / Number(unit), `contributor ${i}`).to.be.closeTo((expected[i] as number) * 1e9, 1);
      expect(expected[i]).to.be.above(1e-3);
    });
  });

  it("guards from the second round on: its first multiplier is the plain one, later ones give earlier gradients nothing", () => {
    const plain = unguardedScorer(job, scoring, rows.validation).multipliers;
    expect(scoring.multipliers[0]).to.deep.equal(plain[0]);
    const { from, to } = gradientSlice(job.spec);
    const earned = (values: BigInt64Array) => {
      const earlier = (job.rounds[0] as SummedRound).sum;
      return Number(values.slice(from, to).reduce((sum, value, j) => sum + value * (earlier[from + j] as bigint), 0n));
    };
    const [guarded, open] = [scoring.multipliers[1], plain[1]].map((m) => earned(m?.values as BigInt64Array)) as [
      number,
      number,
    ];
    expect(Math.abs(open) / 2 ** 58).to.be.above(1e-4);
    expect(Math.abs(guarded) / 2 ** 58).to.be.below(1e-9);
  });

  it("multiplies gradients alone: everything else of an update is multiplied with zero", () => {
    const { from, to } = gradientSlice(job.spec);
    for (const { round, values } of scoring.multipliers) {
      expect(values.length).to.equal((job.updates[round] as BigInt64Array[])[0]?.length);
      expect([...values.slice(0, from), ...values.slice(to)].every((value) => value === 0n)).to.equal(true);
      expect([...values.slice(from, to)].every((value) => value !== 0n)).to.equal(true);
    }
    expect(scoring.multipliers.map((m) => m.round)).to.deep.equal(
      job.rounds.slice(0, scoring.scored).map((r) => r.round),
    );
  });

  it("has a ridge term that grows with the ridge and is nothing in a first round: Lambda theta_1 is zero", () => {
    const of = (ridge: number) => {
      const spec = { ...job.spec, algorithm: { ...job.spec.algorithm, ridge } };
      return projectedScoring(spec, job.rounds, job.last, rows.validation).ridgeTerm;
    };
    expect(of(0)).to.equal(0n);
    expect(size(of(2)) > size(of(1))).to.equal(true);
    expect(
      scoringOf(
        { ...job, rounds: job.rounds.slice(0, 1), last: (job.rounds[1] as SummedRound).state },
        rows.validation,
      ),
    ).to.include({ scored: 1, ridgeTerm: 0n });
  });

  it("scores nothing without a round, or when the first gains nothing", () => {
    const none = projectedScoring(job.spec, [], (job.rounds[0] as SummedRound).state, rows.validation);
    expect(none).to.deep.include({ scored: 0, scoreTotal: 0n, removed: 0n, ridgeTerm: 0n, multipliers: [] });
    expect(none.utilityEnd).to.equal(none.utilityStart);
    const back = job.rounds.slice(0, 1).map((r) => ({ ...r, state: job.last }));
    const lost = projectedScoring(job.spec, back, (job.rounds[0] as SummedRound).state, rows.validation);
    expect(lost).to.deep.include({ scored: 0, scoreTotal: 0n, multipliers: [] });
  });
});

describe("projected scoring on every machine", () => {
  it("gives these bits", () => {
    // Rows from integers: the digest holds the scoring's own arithmetic, and of training what is left after rounding to 2^-16.
    const rational = (seed: number, count: number): LocalRows => ({
      columns: [7, 11, 13].map((step) =>
        Float64Array.from({ length: count }, (_, i) => ((((i + seed) * step * 37) % 101) - 50) / 32),
      ),
      labels: Uint8Array.from({ length: count }, (_, i) => (((i + seed) * 7 * 37) % 101 > 60 + ((i * 5) % 30) ? 1 : 0)),
    });
    const known = federate([rational(1, 300), rational(50, 200), rational(7, 400)], 4);
    const found = scoringOf(known, rational(23, 350));
    const digest = sha256Hex(...found.multipliers.map((m) => encodeIntegers(m.values)));
    expect([found.scored, found.scoreTotal, found.removed, found.ridgeTerm, digest]).to.deep.equal([
      4,
      420_784_648n,
      97_306_269n,
      2_758_156_356_397n,
      "0x06bc6fc117eb7f9db771e682fa5531631923c0506e290a1502c3d83373004796",
    ]);
  });
});
