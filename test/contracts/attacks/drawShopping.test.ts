import { expect } from "chai";
import { connect } from "../chain.ts";
import { fixtureOf, Job, noisyTermsOf } from "../market/job.ts";
import { grace, openStage, seatSeconds } from "../market/stage.ts";

// Draw shopping. Actor: a buyer that wants friends among the seats, and starts job after job until the draw suits it. Cost: the
// acceptances of all contributors each time, and its money for the time that seating has. Victim: contributors, whose sums
// a bought committee could read. Bound: anyone may seat a job, so a draw that is seen and disliked is taken all the same
// as long as one honest party calls; oracles that empty their balances win nothing by it (oracle/drawSteering.test.ts).

const chain = await connect();
const started = fixtureOf(
  chain,
  async (job) => {
    await job.post();
    await job.start();
  },
  openStage,
  (stage) => noisyTermsOf(stage, 1000),
);

describe("Attack by shopping for a draw", () => {
  it("fails on the first who seats the job, which anyone may: no second draw comes for it", async () => {
    const job = await started();
    await chain.mine(2);
    const asStranger = job.as(job.stage.stranger);
    await job.apply("seat", asStranger.seat(...(await job.seatArguments())));
    const seats = [...job.record.seatAccounts];
    await expect(asStranger.seat(...(await job.seatArguments())))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_WrongState")
      .withArgs(job.id, 3n, 2n);
    expect(job.record.seatAccounts).to.deep.equal(seats);
  });

  it("pays where nobody does: the job expires, everything is back, and the next one draws again", async () => {
    const job = await started();
    const { stage } = job;
    const before = (await stage.jobs.creditOf(stage.buyer.account)).stable as bigint;
    await chain.time.increase(seatSeconds + grace);
    await job.waitForGrace();
    await job.expire();
    const back = ((await stage.jobs.creditOf(stage.buyer.account)).stable as bigint) - before;
    expect(back, "escrow and deposit").to.equal(6_250_000_000n + 3_000_000n + 10_000_000n);
    const next = new Job(stage, { ...job.terms, validationRoot: chain.ethers.id("the same rows, another salt") });
    await next.post();
    await next.start();
    await next.seat();
    expect(next.record.parties?.beaconRound).to.not.equal(job.record.parties?.beaconRound);
  });
});
