import { expect } from "chai";
import { largestRemainder } from "../../../offchain/valuation/payout.ts";
import { connect } from "../chain.ts";
import { fixtureOf, Job, noisyTermsOf } from "./job.ts";
import { changesBy, missingFrom, sum } from "./money.ts";
import { type Bank, grace, jobDeposit, openActor, openBank, openStage, price, type Stage } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const inRound2 = fixtureOf(
  chain,
  (job) => job.toRound(2),
  fourBanks,
  (stage) => noisyTermsOf(stage, 1000),
);
const withoutNoise = fixtureOf(chain, (job) => job.toRound(2), fourBanks);

/** Four banks, the last two of one group; a listing asks for no more groups than noise does. */
async function fourBanks(): Promise<Stage> {
  const stage = await openStage(chain, 1);
  const banks: Bank[] = [];
  for (const [i, group] of [501, 502, 503, 503].entries()) {
    const actor = await openActor(chain, stage, 15 + i, { group });
    banks.push(await openBank(chain, stage, actor, 15 + i, { minimumCohort: 2 }));
  }
  return { ...stage, banks };
}

async function refuses(job: Job, bitmap: bigint, error: string, ...facts: unknown[]) {
  const args = await job.certifySmallerArguments(bitmap);
  await expect(job.as().certifySmaller(...args))
    .to.be.revertedWithCustomError(job.stage.jobs, error)
    .withArgs(...facts);
}

async function late(job: Job): Promise<Job> {
  await job.waitUntilAfter(job.record.deadline);
  return job;
}

describe("certifySmaller, refused", () => {
  it("without noise: a smaller sum would give away who is missing", async () => {
    await refuses(await late(await withoutNoise()), 0b0111n, "JobMarket_NotFullSet", 0b0111n);
  });

  it("until the deadline, and past the grace", async () => {
    const job = await inRound2();
    const { deadline } = job.record;
    const args = await job.certifySmallerArguments(0b0111n);
    await job.waitUntil(deadline);
    await expect(job.as().certifySmaller(...args))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooEarly")
      .withArgs(job.id, deadline + 1);
    await job.waitUntilAfter(deadline + grace);
    await expect(job.as().certifySmaller(...args))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooLate")
      .withArgs(job.id, deadline + grace);
  });

  it("for nobody, for everybody, and with somebody who is not of the cohort", async () => {
    const job = await late(await inRound2());
    for (const bitmap of [0n, 0b1111n, 0b11111n, 0b10111n, 1n << 200n]) {
      await refuses(job, bitmap, "JobMarket_NotSmallerSet", bitmap, 0b1111n);
    }
  });

  it("below the minimum of groups: contributors of one group count once", async () => {
    const job = await late(await inRound2());
    expect(job.record.parties?.minimumCohort).to.equal(2);
    for (const bitmap of [0b0001n, 0b1000n, 0b1100n]) await refuses(job, bitmap, "JobMarket_CohortTooSmall", 1, 2);
  });

  it("with fewer signatures, for another job or another round", async () => {
    const job = await late(await inRound2());
    const { jobs } = job.stage;
    const jobId = ethers.id("another job");
    await expect(job.as().certifySmaller(...(await job.certifySmallerArguments(0b0111n, {}, [0, 1, 2]))))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TooFewSignatures")
      .withArgs(3, 4);
    await expect(job.as().certifySmaller(...(await job.certifySmallerArguments(0b0111n, { jobId }))))
      .to.be.revertedWithCustomError(jobs, "JobMarket_UnknownJob")
      .withArgs(jobId);
    await expect(job.as().certifySmaller(...(await job.certifySmallerArguments(0b0111n, { round: 1 }))))
      .to.be.revertedWithCustomError(jobs, "JobMarket_WrongRound")
      .withArgs(1, 2);
  });

  it("with parties that are not the job's: their groups decide", async () => {
    const job = await late(await inRound2());
    const [head, parties, ...rest] = await job.certifySmallerArguments(0b1100n);
    const split = job.record.parties?.contributors.map((contributor, i) => ({ ...contributor, group: 700 + i }));
    await expect(job.as().certifySmaller(head, { ...(parties as object), contributors: split }, ...rest))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_PartsMismatch")
      .withArgs(job.id);
  });

  it("beyond the last round", async () => {
    const job = await inRound2();
    await job.certify(2);
    await refuses(await late(job), 0b0111n, "JobMarket_WrongRound", 4, 4);
  });
});

describe("certifySmaller", () => {
  it("leaves out who did not come; who is left out does not come back", async () => {
    const job = await late(await inRound2());
    await job.certifySmaller(0b1011n);
    expect(job.record.rounds).to.include({ certified: 3, cohort: 0b1011n });
    const back = await job.certifyArguments(job.roundSet({ bitmap: 0b1111n }));
    await expect(job.as().certify(...back))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_NotFullSet")
      .withArgs(0b1111n);
    await late(job);
    await refuses(job, 0b0101n, "JobMarket_NotSmallerSet", 0b0101n, 0b1011n);
    await refuses(job, 0b1011n, "JobMarket_NotSmallerSet", 0b1011n, 0b1011n);
  });

  it("may do so again the round after, and the full set of the rest is certified as ever", async () => {
    const job = await late(await inRound2());
    await job.certifySmaller(0b1011n);
    await late(job);
    await job.certifySmaller(0b0011n);
    expect(job.record.rounds).to.include({ certified: 4, cohort: 0b0011n });
    await job.finish();
    const other = await late(await inRound2());
    await other.certifySmaller(0b1101n);
    await other.certify();
    expect(other.record.rounds).to.include({ certified: 4, cohort: 0b1101n });
  });

  it("is allowed in round 0, and in the last second of the grace", async () => {
    const { stage } = await inRound2();
    const job = new Job(stage, { ...noisyTermsOf(stage, 1000), validationRoot: ethers.id("validation 2") });
    await job.toSeated();
    const args = await job.certifySmallerArguments(0b0110n);
    await job.waitUntil(job.record.deadline + grace);
    await job.apply("certify", job.as().certifySmaller(...args));
    expect(job.record.rounds).to.include({ certified: 1, cohort: 0b0110n });
  });
});

describe("certifySmaller: who is paid", () => {
  const held = (job: Job) => job.record.head.escrow + jobDeposit;
  const rest = [250_000_000n, 250_000_000n, 0n, 250_000_000n];

  /** Two rounds by all four, the third and fourth without the third bank. */
  async function withoutThird(): Promise<Job> {
    const job = await late(await inRound2());
    await job.certifySmaller(0b1011n);
    return job;
  }

  it("by score, who was left out is paid for the rounds it was in; its price goes back to the buyer", async () => {
    const job = await withoutThird();
    await job.certify();
    await job.finish();
    await job.propose(Array.from({ length: 16 }, (_, set) => 1_000_000n * BigInt(set)));
    const amounts = job.record.proposal?.amounts as readonly bigint[];
    expect(amounts[2]).to.be.greaterThan(0n);
    const bond = job.record.committee?.seatBond as bigint;
    const { banks, seats, treasury, buyer } = await changesBy(job, () => job.settle());
    expect(banks).to.deep.equal(amounts.map((amount, i) => (i === 2 ? amount : amount + price)));
    expect(sum([...banks, ...seats, treasury, buyer])).to.equal(held(job) + 5n * bond);
    expect(buyer).to.equal(held(job) - sum(banks) - job.terms.oracleFee);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("by weight, the pot goes to the last cohort alone", async () => {
    const job = await withoutThird();
    await job.certify();
    await job.finish();
    await job.proposeByWeight();
    const { banks } = await changesBy(job, () => job.settle());
    const parts = largestRemainder(job.terms.base + job.terms.performance, rest);
    expect(banks).to.deep.equal(parts.map((part, i) => (i === 2 ? 0n : part + price)));
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("of a job that fails, who was left out gets its part of the silent seats' bonds, and nothing else", async () => {
    const job = await withoutThird();
    await job.ready(0);
    await job.waitForGrace();
    const bond = job.record.committee?.seatBond as bigint;
    const { banks, seats } = await changesBy(job, () => job.fail());
    const bonds = largestRemainder(4n * bond, [250_000_000n, 250_000_000n, 250_000_000n, 250_000_000n]);
    const base = largestRemainder(job.terms.base / 2n, rest);
    expect(banks).to.deep.equal(bonds.map((part, i) => part + (base[i] as bigint) + (i === 2 ? 0n : price / 2n)));
    expect(seats).to.deep.equal([bond + job.terms.oracleFee / 2n / 5n, 0n, 0n, 0n, 0n]);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });
});
