import { expect } from "chai";
import { connect } from "../chain.ts";
import { tier } from "../participants.ts";
import { openWide, resolve, ruling, toPanel, verdictOf } from "./disputed.ts";
import { fixtureOf, Job, termsOf } from "./job.ts";
import { incentiveOf, missingFrom, stableOf } from "./money.ts";
import { openStage, type Stage } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const caps = { openJobsLite: 1, openJobsMember: 2, openJobsCore: 3 };
const stageWithCaps = () => openStage(chain, 3, caps);
const judged = fixtureOf(chain, (job) => toPanel(job), openWide);
const jobsOf = (stage: Stage, count: number) =>
  Array.from(
    { length: count },
    (_, i) => new Job(stage, termsOf(stage, { validationRoot: ethers.id(`validation ${i}`) })),
  );
const openOf = ({ jobs, buyer }: Stage) => jobs.openJobsOf(buyer.account) as Promise<bigint>;

describe("Open jobs of a buyer", () => {
  it("are as many as its tier allows: members two here, core three", async () => {
    const stage = await chain.loadFixture(stageWithCaps);
    const { jobs, buyer, registry, incentive, admin } = stage;
    const [first, second, third, fourth] = jobsOf(stage, 4) as [Job, Job, Job, Job];
    for (const job of [first, second]) await job.post();
    await expect(third.as().post(third.terms))
      .to.be.revertedWithCustomError(jobs, "Escrow_TooManyOpenJobs")
      .withArgs(buyer.account, 2, 2);
    await incentive.setMinter(admin, true);
    await incentive.mintEarned(buyer.account, 10n ** 24n);
    await registry.promote(buyer.account);
    expect((await registry.profileOf(buyer.account)).tier).to.equal(BigInt(tier.core));
    await third.post();
    await expect(fourth.as().post(fourth.terms))
      .to.be.revertedWithCustomError(jobs, "Escrow_TooManyOpenJobs")
      .withArgs(buyer.account, 3, 3);
    expect(await openOf(stage)).to.equal(3n);
    expect(await missingFrom(stage, [first, second, third])).to.equal(0n);
  });

  it("are counted until they are closed, by whichever way: cancel, expire, settle, fail", async () => {
    const stage = await chain.loadFixture(stageWithCaps);
    const ways: [string, (job: Job) => Promise<void>][] = [
      ["cancel", async (job) => job.post().then(() => job.cancel())],
      [
        "expire",
        async (job) =>
          job
            .post()
            .then(() => job.waitForGrace())
            .then(() => job.expire()),
      ],
      ["settle", (job) => job.toSettled()],
      [
        "fail",
        async (job) =>
          job
            .toSeated()
            .then(() => job.waitForGrace())
            .then(() => job.fail()),
      ],
    ];
    const jobs = jobsOf(stage, ways.length);
    for (const [i, [way, close]] of ways.entries()) {
      const job = jobs[i] as Job;
      await close(job);
      expect(job.record.closing, way).to.not.equal(null);
      expect(await openOf(stage), way).to.equal(0n);
    }
    expect(await missingFrom(stage, jobs)).to.equal(0n);
  });

  it("are counted until a dispute is closed, by each of its ends", async () => {
    for (const rule of [ruling.upheld, ruling.overturned, ruling.nothingValued]) {
      const job = await judged();
      expect(await openOf(job.stage)).to.equal(1n);
      await resolve(job, verdictOf(job, rule));
      expect(await openOf(job.stage)).to.equal(0n);
    }
  });

  it("do not show in its balance, nor its balance in them", async () => {
    const stage = await chain.loadFixture(stageWithCaps);
    const { jobs, buyer } = stage;
    const [job] = jobsOf(stage, 1) as [Job];
    await job.post();
    const held = await stableOf(stage, buyer.account);
    await jobs.connect(buyer.account).withdraw(2n ** 128n - 1n, 0n);
    expect([await stableOf(stage, buyer.account), await incentiveOf(stage, buyer.account)]).to.deep.equal([0n, 0n]);
    expect(await openOf(stage)).to.equal(1n);
    await stage.stable.connect(buyer.account).approve(jobs, held);
    await jobs.connect(buyer.account).deposit(held);
    expect(await openOf(stage)).to.equal(1n);
    await job.cancel();
    expect([await stableOf(stage, buyer.account), await openOf(stage)]).to.deep.equal([10n ** 11n, 0n]);
  });
});
