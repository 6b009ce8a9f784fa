import { expect } from "chai";
import { connect } from "../chain.ts";
import { fixtureOf, Job, noisyTermsOf, termsOf } from "./job.ts";
import { missingFrom } from "./money.ts";
import { openStage } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const posted = fixtureOf(chain, (job) => job.post());
const startedWithNoise = fixtureOf(
  chain,
  async (job) => {
    await job.post();
    await job.start();
  },
  openStage,
  (stage) => noisyTermsOf(stage, 1000),
);

const pause = ({ stage }: Job) => stage.jobs.connect(stage.admin).pause();

describe("pause", () => {
  it("is for who the authority names, and so is its end", async () => {
    const job = await posted();
    const { jobs, stranger, buyer } = job.stage;
    for (const caller of [stranger, buyer.account]) {
      for (const act of ["pause", "unpause"]) {
        await expect(jobs.connect(caller)[act]())
          .to.be.revertedWithCustomError(jobs, "AccessManagedUnauthorized")
          .withArgs(caller);
      }
    }
  });

  it("stops post and start, until it ends", async () => {
    const job = await posted();
    const { jobs, admin } = job.stage;
    const args = await job.startArguments();
    await expect(pause(job)).to.emit(jobs, "Paused").withArgs(admin);
    expect(await jobs.paused()).to.equal(true);
    await expect(job.as().post(job.terms)).to.be.revertedWithCustomError(jobs, "JobMarket_Paused");
    await expect(job.as().start(...args)).to.be.revertedWithCustomError(jobs, "JobMarket_Paused");
    await expect(jobs.connect(admin).unpause()).to.emit(jobs, "Unpaused").withArgs(admin);
    expect(await jobs.paused()).to.equal(false);
    await job.start();
  });

  it("stops nothing else: a job that was started is seated, trained, settled and paid out", async () => {
    const job = await startedWithNoise();
    const { stage } = job;
    await pause(job);
    await job.seat();
    await job.certify();
    await job.ready(4);
    await job.waitUntilAfter(job.record.deadline);
    await expect(job.as().certifySmaller(...(await job.certifySmallerArguments(0b011n))))
      .to.be.revertedWithCustomError(stage.jobs, "JobMarket_CohortTooSmall")
      .withArgs(2, 3);
    const [bank] = stage.banks;
    const late = await job.finishArguments({ reason: 2 });
    await job.apply("finish", job.as().finish(...late));
    await job.propose();
    await job.settle();
    await stage.jobs.connect(bank?.account).withdraw(2n ** 128n - 1n, 2n ** 128n - 1n);
    await stage.stable.connect(stage.buyer.account).approve(stage.jobs, 5n);
    await stage.jobs.connect(stage.buyer.account).deposit(5n);
    expect(await missingFrom(stage, [job])).to.equal(0n);
  });

  it("stops no way out: cancel, expire, fail, and taking back an acceptance", async () => {
    const { stage } = await posted();
    const [cancelled, open, seating, running] = [1, 2, 3, 4].map(
      (i) => new Job(stage, termsOf(stage, { validationRoot: ethers.id(`validation ${i}`) })),
    ) as [Job, Job, Job, Job];
    for (const job of [cancelled, open, seating]) await job.post();
    await seating.start();
    await running.toSeated();
    await pause(open);
    await cancelled.cancel();
    await stage.jobs.connect(stage.banks[0]?.account).cancelAcceptance(open.id, stage.banks[0]?.account, 3n);
    await open.waitForGrace();
    await open.expire();
    await seating.expire();
    await running.fail();
    const states = [cancelled, open, seating, running].map(({ record }) => record.state);
    expect(states).to.deep.equal(["Cancelled", "Cancelled", "Cancelled", "Failed"]);
  });
});
