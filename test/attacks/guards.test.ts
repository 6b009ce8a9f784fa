import { expect } from "chai";
import { largestRemainder } from "../../offchain/valuation/payout.ts";
import { capAmounts, guardScores } from "../../offchain/valuation/scoreGuards.ts";
import { replayOf, scaled, shifted, withoutData } from "../../scripts/bench/attacks/attackers.ts";
import { type Contributor, honest } from "../../scripts/bench/attacks/federation.ts";
import { earnings, type Guard, guardNames } from "../../scripts/bench/attacks/guards.ts";
import { flipped, generatedRows, repeated, slice } from "../../scripts/bench/attacks/rows.ts";
import { eightBanks, runScenario, scenariosOn } from "../../scripts/bench/attacks/scenarios.ts";
import { rawScores, scoringOf } from "../../scripts/bench/attacks/scores.ts";

const rows = generatedRows(6, 1_500, 1_500);
const [a, b, c] = rows.banks.map((own, i) => honest(`bank ${"ABC"[i]}`, own)) as [
  Contributor,
  Contributor,
  Contributor,
];
const ownRows = rows.banks[2] as (typeof rows.banks)[number];
/** Guards of the default committee. */
const usual = guardNames.filter((guard) => guard !== "norm");
const without = (left: Guard) => usual.filter((guard) => guard !== left);
const point = 0.01;

/** Part of the performance pot that these contributors get together. */
function part(contributors: readonly Contributor[], members: readonly number[], guards: readonly Guard[]): number {
  const earned = earnings(runScenario(rows.features, contributors), rows.validation, guards);
  return members.reduce((sum, i) => sum + (earned[i] as number), 0) / 1e9;
}

describe("an attack on the shares", function () {
  this.timeout(60_000);
  const honestC = part([a, b, c], [2], usual);
  const honestPair = part([a, b, c], [1, 2], usual);

  describe("by a party without data that replays the last global update", () => {
    const labelRate = 0.3;
    const banks = (times: number, curvature: number) => [
      ...[a, b, c],
      withoutData("stranger", 1_500, labelRate, curvature, replayOf(times)),
    ];

    it("pays 2% of the pot, and 30% after it damped the first round, when the replay guard is off", () => {
      expect(part(banks(1, 1), [3], without("replay"))).to.be.above(0.02);
      expect(part(banks(4, 20), [3], without("replay"))).to.be.above(0.3);
    });

    it("pays nothing when it is on, and the honest are paid as their scores are to one another", () => {
      for (const cohort of [banks(1, 1), banks(4, 20), banks(2, 5)]) {
        expect(part(cohort, [3], ["replay"])).to.be.below(1e-6);
        expect(part(cohort, [0, 1, 2], ["replay"])).to.be.closeTo(1, 1e-6);
        expect(part(cohort, [2], ["replay"])).to.be.closeTo(honestC, 0.05);
      }
    });
  });

  describe("by a pair that deals D + X and D' - X", () => {
    const pair = (times: bigint, group: string) => [a, shifted(b, b, times), { ...shifted(c, b, -times), group }];

    it("does not show in the sums: the model is the same to the bit", () => {
      const [shown, plain] = [pair(1000n, c.group), [a, b, c]].map((cohort) => runScenario(rows.features, cohort));
      expect(shown?.last).to.deep.equal(plain?.last);
      expect(shown?.updates[1]).not.to.deep.equal(plain?.updates[1]);
    });

    it("pays 98% of the pot without the limit of twice the total, and nothing with it", () => {
      expect(part(pair(1000n, c.group), [1, 2], without("limit"))).to.be.above(0.98);
      expect(part(pair(1000n, c.group), [1, 2], usual)).to.equal(0);
      expect(part(pair(1000n, c.group), [0], usual)).to.equal(1);
    });

    it("of one group pays more than honesty without the group's net score, and the same with it", () => {
      expect(part(pair(2n, b.group), [1, 2], without("group"))).to.be.above(honestPair + 3 * point);
      expect(part(pair(2n, b.group), [1, 2], usual)).to.be.closeTo(honestPair, point / 2);
    });

    it("of two groups pays more than honesty with every guard while one score is below the limit: not stopped", () => {
      expect(part(pair(2n, c.group), [1, 2], guardNames)).to.be.above(honestPair + 3 * point);
    });

    it("of two groups among eight banks gets 3.5 times a weight at most, and two thirds without the cap", () => {
      const [first, second, third, ...others] = eightBanks(rows) as [Contributor, Contributor, Contributor];
      const cohort = [first, shifted(second, second, 12n), shifted(third, second, -12n), ...others];
      expect(part(cohort, [1, 2], without("cap"))).to.be.above(0.6);
      const capped = part(cohort, [1, 2], usual);
      expect(capped).to.be.at.most(3.5 / 8);
      expect(part(cohort, [1], usual)).to.be.closeTo(3.5 / 8, 1e-6);
      // The excess is the treasury's: nobody else gains by it.
      expect(part(cohort, [0, 3, 4, 5, 6, 7], usual)).to.be.below(1 - capped - 10 * point);
    });

    it("that wraps the field earns nothing either", () => {
      expect(part(pair(10n ** 9n, c.group), [1, 2], without("limit"))).to.be.above(0.9);
      expect(part(pair(10n ** 9n, c.group), [1, 2], usual)).to.equal(0);
    });

    it("grown to three, D + X, D' + X and D'' - 2X, makes scores add up to the public sum modulo p alone", () => {
      const unit = 1_000_000_000n * (2n ** 61n - 1n);
      const offs = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n].map((billions) => {
        const times = billions * 10n ** 9n;
        const three = [shifted(a, b, times), shifted(b, b, times), shifted(c, b, -2n * times)];
        const job = runScenario(rows.features, three);
        const scoring = scoringOf(job, rows.validation);
        const sum = rawScores(job, scoring).reduce((x, y) => x + y, 0n);
        return sum - (scoring.scoreTotal - scoring.removed) * 2n ** 58n;
      });
      for (const off of offs) {
        const rest = ((off % unit) + unit) % unit;
        expect(rest <= 2n ** 58n || rest >= unit - 2n ** 58n).to.equal(true);
      }
      // Each wraps for half of what X may be; the contract therefore has to compare modulo p, or this refuses every result.
      expect(offs.some((off) => off > 2n ** 58n || off < -(2n ** 58n))).to.equal(true);
    });
  });

  describe("by who changes its updates or its size", () => {
    it("times 4 pays 60% of the pot while sizes are closed, and nobody when they are opened: the round is void", () => {
      const cohort = [a, b, scaled(c, 4n, "everything")];
      expect(part(cohort, [2], without("size"))).to.be.above(0.6);
      expect(part(cohort, [0, 1, 2], usual)).to.equal(0);
    });

    it("with the gradient alone times 4 pays more than half with every guard: not stopped", () => {
      expect(part([a, b, scaled(c, 4n, "gradient")], [2], guardNames)).to.be.above(0.5);
    });

    it("by repeating rows beyond the committed number pays three times as much while sizes are closed", () => {
      const few = slice(ownRows, 0, 400);
      const honestly = part([a, b, honest("few", few)], [2], usual);
      const cohort = [a, b, { ...honest("few", repeated(few, 4)), rows: 400 }];
      expect(part(cohort, [2], without("size"))).to.be.above(2.5 * honestly);
      expect(part(cohort, [2], usual)).to.equal(0);
    });

    it("by committing the repeated rows too is not stopped: the size is right", () => {
      const few = slice(ownRows, 0, 400);
      const honestly = part([a, b, honest("few", few)], [2], usual);
      expect(part([a, b, honest("few", repeated(few, 4))], [2], guardNames)).to.be.above(2.5 * honestly);
    });

    it("by a damped round and a replay is stopped by the norm bound alone, where the committee can open norms", () => {
      const cohort = [a, b, c, withoutData("stranger", 1_500, 0.3, 20, replayOf(4))];
      expect(part(cohort, [3], [])).to.be.above(0.3);
      expect(part(cohort, [3], ["norm"])).to.equal(0);
      expect(part([a, b, c], [2], ["norm"]), "honest banks").to.be.closeTo(honestC, point);
    });
  });

  describe("by poisoning", () => {
    const poisoned = [a, b, honest("bank C", flipped(ownRows, 0.5, 3))];
    const reversed = [a, b, scaled(c, -1n, "gradient")];

    it("is paid a third by committed rows, and nothing by scores: they are negative", () => {
      for (const cohort of [poisoned, reversed]) {
        const job = runScenario(rows.features, cohort);
        expect((job.spec.assets[2]?.weightPpb ?? 0) / 1e9).to.be.closeTo(1 / 3, 1e-6);
        expect((rawScores(job, scoringOf(job, rows.validation))[2] as bigint) < 0n).to.equal(true);
        expect(part(cohort, [2], usual)).to.equal(0);
      }
    });
  });

  describe("by more identities", () => {
    it("of one bank that splits itself pays what the bank alone would get: projected scores add up", () => {
      const [first, second] = [slice(ownRows, 0, 700), slice(ownRows, 700, 1_500)];
      for (const group of [c.group, "other"]) {
        const cohort = [a, b, honest("first", first, { group: c.group }), honest("second", second, { group })];
        expect(part(cohort, [2, 3], usual)).to.be.closeTo(honestC, point / 5);
      }
    });

    it("of one data set twice pays half as much again, in one group too: not stopped before overlap is measured", () => {
      for (const group of [c.group, "other"]) {
        const cohort = [a, b, c, honest("copy", ownRows, { group })];
        expect(part(cohort, [2, 3], guardNames)).to.be.above(honestC + 10 * point);
      }
    });
  });

  it("is paid here as the contract's guards pay it, limit, group and cap together", () => {
    for (const { name, contributors } of scenariosOn(rows)) {
      const job = runScenario(rows.features, contributors);
      const scoring = scoringOf(job, rows.validation);
      const names = contributors.map((contributor) => contributor.group);
      const groups = names.map((group) => names.indexOf(group));
      const weights = job.spec.assets.map((asset) => asset.weightPpb);
      const paid = guardScores(rawScores(job, scoring), scoring.scoreTotal * 2n ** 58n, groups);
      const { amounts } = capAmounts(largestRemainder(10n ** 9n, paid), weights, 10n ** 9n);
      const simulated = earnings(job, rows.validation, ["replay", "limit", "group", "cap"]);
      expect(amounts.map(Number), name).to.deep.equal(simulated);
    }
  });

  it("is in the table that the benchmark prints, each stopped one earning no more than honesty", () => {
    const scenarios = scenariosOn(rows);
    expect(new Set(scenarios.map((s) => s.name)).size).to.equal(scenarios.length);
    for (const { name, contributors, attackers, honestly, stopped } of scenarios) {
      const [guarded, honest] = [
        part(contributors, attackers, usual),
        part(honestly.contributors, honestly.attackers, usual),
      ];
      if (stopped) expect(guarded, name).to.be.at.most(honest + point / 2);
      else expect(guarded, name).to.be.above(honest + point / 2);
    }
  });
});
