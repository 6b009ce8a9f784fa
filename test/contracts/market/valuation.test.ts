import { expect } from "chai";
import fc from "fast-check";
import { earningsByScore } from "../../../offchain/valuation/earnings.ts";
import { largestRemainder, pot } from "../../../offchain/valuation/payout.ts";
import { exactShapley } from "../../../offchain/valuation/shapley.ts";
import { connect } from "../chain.ts";
import { fixtureOf, type Job, threeValues } from "./job.ts";
import { sum } from "./money.ts";

const chain = await connect();
const finished = fixtureOf(chain, (job) => job.toFinished());
const afterAbsence = fixtureOf(chain, (job) => toAbsence(job));
const afterPlateau = fixtureOf(chain, toPlateau);
const million = 1_000_000n;
const weights = [333_333_334n, 333_333_333n, 333_333_333n];

async function toAbsence(job: Job): Promise<void> {
  await job.toRound(2);
  await job.waitUntilAfter(job.record.deadline);
  await job.finish({ reason: 2 });
}

async function toPlateau(job: Job): Promise<void> {
  await job.toRound(2);
  await job.finish();
}

interface Expected {
  readonly amounts: readonly bigint[];
  readonly shares: readonly number[];
}

/** Protocol section 6, with the product's own valuation. Utilities start at −0.5 nat. */
function expectedOf({ terms }: Job, values: readonly bigint[]): Expected {
  const start = -500n * million;
  const gain = values.at(-1) as bigint;
  const performance = pot(0n, terms.performance, start, start + gain, terms.utilityTarget);
  const game = { scores: exactShapley(values), total: 6n * gain, groups: [1, 2, 3], weights: weights.map(Number) };
  const { amounts, shares, excess } = earningsByScore({ ...game, cohort: 0b111n }, terms.base, performance);
  expect(excess, "three of equal weight are never cut").to.equal(0n);
  return { amounts, shares };
}

async function proposalOf(job: Job, values: readonly bigint[]): Promise<Expected> {
  await job.propose(values);
  const { amounts, shares } = job.record.proposal as NonNullable<typeof job.record.proposal>;
  return { amounts: [...amounts], shares: [...shares] };
}

const games: readonly [what: string, values: readonly bigint[]][] = [
  ["three that each add something", threeValues],
  ["one that does harm", [0n, 60n, -30n, 20n, 50n, 100n, 10n, 80n].map((v) => v * million)],
  ["two that do harm", [0n, -10n, -20n, -40n, 50n, 30n, 20n, 10n].map((v) => v * million)],
  ["a gain beyond the target", [0n, 50n, 60n, 110n, 70n, 120n, 130n, 180n].map((v) => v * million)],
  ["a gain that reaches the target", [0n, 50n, 50n, 100n, 50n, 100n, 100n, 150n].map((v) => v * million)],
  ["a gain of one unit", [0n, 0n, 0n, 0n, 0n, 0n, 1n, 1n]],
  ["a loss that one of them did not cause", [0n, 5n, -9n, -4n, -9n, -4n, -18n, -13n].map((v) => v * million)],
  ["nobody with a positive score", [0n, -1n, -2n, -3n, -4n, -5n, -6n, -7n].map((v) => v * million)],
  ["nothing but zeros", [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]],
];

describe("propose: amounts and shares, exact", () => {
  for (const [what, values] of games) {
    it(`are the product's own: ${what}`, async () => {
      const job = await finished();
      expect(await proposalOf(job, values)).to.deep.equal(expectedOf(job, values));
    });
  }

  it("are the product's own in random games, extremes of int64 among them", async () => {
    const value = fc.oneof(
      fc.bigInt({ min: -200n * million, max: 400n * million }),
      fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n, 1n),
    );
    const gain = fc.bigInt({ min: -200n * million, max: 400n * million });
    const game = fc.tuple(fc.array(value, { minLength: 6, maxLength: 6 }), gain);
    await fc.assert(
      fc.asyncProperty(game, async ([some, gained]) => {
        const job = await finished();
        const values = [0n, ...some, gained];
        expect(await proposalOf(job, values)).to.deep.equal(expectedOf(job, values));
      }),
      { numRuns: 25 },
    );
  });

  it("of the first game are, by hand: two thirds of the performance and the base, by values of 49.2, 29.2 and 21.7", async () => {
    const job = await finished();
    const { amounts, shares } = await proposalOf(job, threeValues);
    expect(sum(amounts)).to.equal(1_000_000_000n + 3_333_333_333n);
    expect(shares).to.deep.equal([491_666_666, 291_666_667, 216_666_667]);
  });

  it("pay the base by weight and no performance when no score is positive", async () => {
    const job = await finished();
    const { amounts, shares } = await proposalOf(job, [0n, -1n, -2n, -3n, -4n, -5n, -6n, -7n]);
    expect(amounts).to.deep.equal([333_333_334n, 333_333_333n, 333_333_333n]);
    expect(shares).to.deep.equal([0, 0, 0]);
  });
});

describe("propose: amounts and shares, by weight", () => {
  it("are the whole pot by the weights", async () => {
    const job = await finished();
    await job.proposeByWeight();
    const { amounts, shares, kind } = job.record.proposal as NonNullable<typeof job.record.proposal>;
    expect([kind, ...shares]).to.deep.equal([2, ...weights.map(Number)]);
    expect([...amounts]).to.deep.equal(largestRemainder(6_000_000_000n, weights));
  });

  it("are the part of the rounds that were completed, after an absence", async () => {
    const job = await afterAbsence();
    await job.proposeByWeight();
    expect([...(job.record.proposal?.amounts ?? [])]).to.deep.equal(largestRemainder(3_000_000_000n, weights));
  });
});

describe("propose: amounts after fewer rounds", () => {
  it("have the base for the rounds completed when a party was absent", async () => {
    const job = await afterAbsence();
    const { amounts } = await proposalOf(job, threeValues);
    expect(sum(amounts)).to.equal(500_000_000n + 3_333_333_333n);
    expect(amounts).to.deep.equal(largestRemainder(3_833_333_333n, exactShapley(threeValues)));
  });

  it("have the whole base when training ended by a plateau", async () => {
    const job = await afterPlateau();
    expect(sum((await proposalOf(job, threeValues)).amounts)).to.equal(4_333_333_333n);
  });
});
