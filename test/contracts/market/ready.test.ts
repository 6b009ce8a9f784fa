import { expect } from "chai";
import { connect } from "../chain.ts";
import { accountsHash, fixtureOf, type Job } from "./job.ts";
import { changesBy } from "./money.ts";

const chain = await connect();
const { ethers } = chain;
const posted = fixtureOf(chain, (job) => job.post());
const inRound1 = fixtureOf(chain, (job) => job.toRound(1));
const finished = fixtureOf(chain, (job) => job.toFinished());
const proposed = fixtureOf(chain, (job) => job.toProposed());
const digest = ethers.id("sum");

/** Seats that keep their bond when the job fails now, by what their balances show. */
async function bondsKept(job: Job): Promise<boolean[]> {
  await job.waitForGrace();
  const { seats } = await changesBy(job, () => job.fail());
  const bond = job.record.committee?.seatBond ?? 0n;
  return seats.map((change) => change >= bond);
}

describe("ready, refused", () => {
  it("to who holds no seat", async () => {
    const job = await inRound1();
    const { jobs, stranger, banks, buyer } = job.stage;
    for (const caller of [stranger, banks[0]?.account, buyer.account]) {
      await expect(job.as(caller).ready(...job.readyArguments(digest)))
        .to.be.revertedWithCustomError(jobs, "JobMarket_NotSeat")
        .withArgs(job.id, caller);
    }
  });

  it("after the deadline: silence cannot be talked away later", async () => {
    for (const fixture of [inRound1, finished]) {
      const job = await fixture();
      await job.waitUntilAfter(job.record.deadline);
      await expect(job.as(job.seatOf(0).account).ready(...job.readyArguments(digest)))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooLate")
        .withArgs(job.id, job.record.deadline);
    }
  });

  it("before the committee sits, and when nothing is due any more", async () => {
    const open = await posted();
    const none = ethers.ZeroHash;
    const committee = { seatBond: 0n, accounts: none, operators: [] };
    await expect(open.as().ready(open.id, open.record.head, none, committee, [], none, digest))
      .to.be.revertedWithCustomError(open.stage.jobs, "JobMarket_WrongState")
      .withArgs(open.id, 1, 3);
    const job = await proposed();
    await expect(job.as(job.seatOf(0).account).ready(...job.readyArguments(digest)))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_WrongState")
      .withArgs(job.id, 5, 3);
  });

  it("with rounds, a committee or accounts that are not the chain's", async () => {
    const job = await inRound1();
    const { jobs, stranger } = job.stage;
    const stale = job.readyArguments(digest);
    await job.certify();
    await expect(job.as(job.seatOf(0).account).ready(...stale))
      .to.be.revertedWithCustomError(jobs, "JobMarket_PartsMismatch")
      .withArgs(job.id);
    const [jobId, head, parties, committee, accounts, rounds] = job.readyArguments(digest);
    const usurped = { ...(committee as object), operators: job.record.seatAccounts.map(() => stranger.address) };
    await expect(job.as(stranger).ready(jobId, head, parties, usurped, accounts, rounds, digest))
      .to.be.revertedWithCustomError(jobs, "JobMarket_PartsMismatch")
      .withArgs(jobId);
    const named = [stranger.address, ...(accounts as string[]).slice(1)];
    await expect(job.as(stranger).ready(jobId, head, parties, committee, named, rounds, digest))
      .to.be.revertedWithCustomError(jobs, "JobMarket_AccountsMismatch")
      .withArgs(accountsHash(named), accountsHash(accounts as string[]));
  });
});

describe("ready", () => {
  it("is told by the seat's account or its operator, and an event says with what", async () => {
    const job = await inRound1();
    const { jobs } = job.stage;
    const operator = job.seatKey(3);
    await chain.setBalance(operator.address, 10n ** 18n);
    await expect(job.as(operator.connect(ethers.provider)).ready(...job.readyArguments(digest)))
      .to.emit(jobs, "OracleReady")
      .withArgs(job.id, 3, digest);
    await expect(job.as(job.seatOf(1).account).ready(...job.readyArguments(digest)))
      .to.emit(jobs, "OracleReady")
      .withArgs(job.id, 1, digest);
    expect(await bondsKept(job)).to.deep.equal([false, true, false, true, false]);
  });

  it("changes neither state nor deadline, in the deadline's second too", async () => {
    const job = await inRound1();
    const before = await job.stage.jobs.jobOf(job.id);
    await job.waitUntil(job.record.deadline);
    await job.ready(4);
    expect(await job.stage.jobs.jobOf(job.id)).to.deep.equal(before);
    expect([...job.record.ready.keys()]).to.deep.equal([4]);
  });

  it("counts once, however often it is said", async () => {
    const job = await inRound1();
    for (let i = 0; i < 3; i++) await job.ready(2);
    expect(await bondsKept(job)).to.deep.equal([false, false, true, false, false]);
  });

  it("counts for the step that was due alone: after the next round one is silent again", async () => {
    const job = await inRound1();
    await job.ready(0);
    await job.ready(1);
    await job.certify();
    await job.ready(1);
    expect(await bondsKept(job)).to.deep.equal([false, true, false, false, false]);
  });

  it("of the last round does not count for the result", async () => {
    const job = await inRound1();
    await job.certify(3);
    await job.ready(0);
    await job.finish();
    await job.ready(4);
    expect(await bondsKept(job)).to.deep.equal([false, false, false, false, true]);
  });
});
