import { expect } from "chai";
import { largestRemainder } from "../../../offchain/valuation/payout.ts";
import { connect } from "../chain.ts";
import { Job, termsOf } from "./job.ts";
import { incentiveOf, sum } from "./money.ts";
import { openStage, type Stage } from "./stage.ts";

const chain = await connect();
const week = 604_800;
/** Incentives for one stable minor unit, 18 decimals. */
const perStable = 10n ** 12n;
/** What the ordinary game pays by share: base and two thirds of the performance. */
const earnedByOne = 4_333_333_333n * perStable;
const emission = 5_000n * 10n ** 18n;

/** A market that emits little, at the start of an epoch. */
async function atEpochStart(): Promise<Stage> {
  const stage = await openStage(chain, 3, { epochEmission: emission });
  await chain.time.increaseTo((Math.floor((await chain.time.latest()) / week) + 1) * week);
  return stage;
}

async function proposed(stage: Stage, number: number, propose = (job: Job) => job.propose()): Promise<Job> {
  const job = new Job(stage, termsOf(stage, { validationRoot: chain.ethers.id(`validation ${number}`) }));
  await job.toFinished();
  await propose(job);
  return job;
}

/** Incentives that settling the job credits, by bank. */
async function creditedBy(job: Job): Promise<bigint[]> {
  const held = () => Promise.all(job.stage.banks.map(({ account }) => incentiveOf(job.stage, account)));
  const before = await held();
  await job.settle();
  const credited = (await held()).map((amount, i) => amount - (before[i] as bigint));
  expect([...(job.record.closing?.incentives ?? [])]).to.deep.equal(credited);
  return credited;
}

const shares = [491_666_666n, 291_666_667n, 216_666_667n];

describe("settle: incentives", () => {
  it("go by the shares, for every unit that was paid by share", async () => {
    const stage = await chain.loadFixture(atEpochStart);
    const credited = await creditedBy(await proposed(stage, 1));
    expect(credited).to.deep.equal(largestRemainder(earnedByOne, shares));
    expect(sum(credited)).to.equal(earnedByOne);
  });

  it("end with the epoch's emission, to the last unit, and begin again in the next epoch", async () => {
    const stage = await chain.loadFixture(atEpochStart);
    const jobs = [
      await proposed(stage, 1),
      await proposed(stage, 2),
      await proposed(stage, 3),
      await proposed(stage, 4),
    ];
    const [first, second, third, fourth] = jobs as [Job, Job, Job, Job];
    expect(sum(await creditedBy(first))).to.equal(earnedByOne);
    expect(await creditedBy(second)).to.deep.equal(largestRemainder(emission - earnedByOne, shares));
    const next = (Math.floor((await chain.time.latest()) / week) + 1) * week;
    // Each settles in the second after the block before it: the third in the epoch's last, the fourth in the next one's first.
    await chain.time.increaseTo(next - 2);
    expect(await creditedBy(third)).to.deep.equal([0n, 0n, 0n]);
    expect(sum(await creditedBy(fourth))).to.equal(earnedByOne);
    expect(await chain.time.latest()).to.equal(next);
  });

  it("are not credited when no score is positive, and leave the emission to others", async () => {
    const stage = await chain.loadFixture(atEpochStart);
    const zeros = [0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
    expect(await creditedBy(await proposed(stage, 1, (job) => job.propose(zeros)))).to.deep.equal([0n, 0n, 0n]);
    expect(sum(await creditedBy(await proposed(stage, 2)))).to.equal(earnedByOne);
  });

  it("go by weight when the pot does", async () => {
    const stage = await chain.loadFixture(atEpochStart);
    const credited = await creditedBy(await proposed(stage, 1, (job) => job.proposeByWeight()));
    expect(credited).to.deep.equal(largestRemainder(emission, [333_333_334n, 333_333_333n, 333_333_333n]));
  });

  it("are none for a job that fails", async () => {
    const stage = await chain.loadFixture(atEpochStart);
    const job = new Job(stage);
    await job.toFinished();
    await job.waitForGrace();
    await job.fail();
    for (const { account } of stage.banks) expect(await incentiveOf(stage, account)).to.equal(0n);
  });
});
