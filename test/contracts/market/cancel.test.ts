import { expect } from "chai";
import { connect } from "../chain.ts";
import { fixtureOf, type Job } from "./job.ts";
import { changesBy, missingFrom } from "./money.ts";
import { packing } from "./packing.ts";
import { grace, jobDeposit } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const [open, seating, cancelled] = [1, 2, 9];
const posted = fixtureOf(chain, (job) => job.post());
const started = fixtureOf(chain, toSeating);
const everything = 6_253_000_000n + jobDeposit;

async function toSeating(job: Job): Promise<void> {
  await job.post();
  await job.start();
}

describe("cancel", () => {
  it("is the buyer's alone", async () => {
    const job = await posted();
    const { jobs, buyer, banks } = job.stage;
    const bank = banks[0]?.account;
    await expect(job.as(bank).cancel(...job.cancelArguments()))
      .to.be.revertedWithCustomError(jobs, "JobMarket_NotBuyer")
      .withArgs(bank, buyer.account);
  });

  it("is refused for a job that is unknown, one with another head, and with other terms", async () => {
    const job = await posted();
    const { jobs } = job.stage;
    const [, head, terms] = job.cancelArguments();
    await expect(job.as().cancel(ethers.id("no job"), head, terms))
      .to.be.revertedWithCustomError(jobs, "JobMarket_UnknownJob")
      .withArgs(ethers.id("no job"));
    // Who could change the head would be paid another escrow.
    await expect(job.as().cancel(job.id, { ...job.record.head, escrow: everything * 2n }, terms))
      .to.be.revertedWithCustomError(jobs, "JobMarket_PartsMismatch")
      .withArgs(job.id);
    const dearer = { ...job.terms, base: job.terms.base + 1n };
    await expect(job.as().cancel(job.id, head, dearer))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TermsMismatch")
      .withArgs(await packing(jobs).hashTerms(dearer), job.record.termsHash);
  });

  it("is refused once the job was started, and a second time", async () => {
    const job = await started();
    await expect(job.as().cancel(...job.cancelArguments()))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_WrongState")
      .withArgs(job.id, seating, open);
    const other = await posted();
    await other.cancel();
    await expect(other.as().cancel(...other.cancelArguments()))
      .to.be.revertedWithCustomError(other.stage.jobs, "JobMarket_WrongState")
      .withArgs(other.id, cancelled, open);
  });

  it("gives everything back, the deposit too, also past the deadline", async () => {
    const job = await posted();
    await job.waitUntilAfter(job.record.deadline + grace);
    const changes = await changesBy(job, () => job.cancel());
    expect(changes).to.deep.equal({
      buyer: everything,
      treasury: 0n,
      banks: [0n, 0n, 0n],
      seats: [0n, 0n, 0n, 0n, 0n],
    });
    expect(job.record.closing).to.include({ outcome: "Cancelled", refunded: everything });
    const [state, closedAt] = await job.stage.jobs.jobOf(job.id);
    expect([state, Number(closedAt)]).to.deep.equal([9n, await chain.time.latest()]);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });
});
