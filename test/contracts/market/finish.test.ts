import { expect } from "chai";
import { connect } from "../chain.ts";
import { fixtureOf, type Job } from "./job.ts";
import { grace } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const seated = fixtureOf(chain, (job) => job.toSeated());
const afterOne = fixtureOf(chain, (job) => job.toRound(1));
const afterTwo = fixtureOf(chain, (job) => job.toRound(2));
const afterLast = fixtureOf(chain, (job) => job.toRound(4));
const [complete, plateau, absent] = [0, 1, 2];

async function refuses(job: Job, fields: object, error: string, ...facts: unknown[]) {
  await expect(job.as().finish(...(await job.finishArguments(fields))))
    .to.be.revertedWithCustomError(job.stage.jobs, error)
    .withArgs(...facts);
}

describe("finish: reason and round", () => {
  it("are refused when all rounds are called complete before the last", async () => {
    await refuses(await afterTwo(), { reason: complete }, "JobMarket_WrongReason", complete, 2);
  });

  it("are refused when the last round is called a plateau or an absence", async () => {
    const job = await afterLast();
    await refuses(job, { reason: plateau }, "JobMarket_WrongReason", plateau, 4);
    await refuses(job, { reason: absent }, "JobMarket_WrongReason", absent, 4);
  });

  it("are refused with a reason that there is not", async () => {
    await refuses(await afterTwo(), { reason: 3 }, "JobMarket_BadResult", "reason");
  });

  it("are refused for a round that is not the number of those certified", async () => {
    const job = await afterTwo();
    for (const round of [1, 3, 4]) await refuses(job, { round }, "JobMarket_WrongRound", round, 2);
    const last = await afterLast();
    for (const reason of [complete, plateau]) {
      await refuses(last, { reason, round: 3 }, "JobMarket_WrongRound", 3, 4);
    }
  });

  it("are refused by absence for more than one round less, and for no round at all", async () => {
    const last = await afterLast();
    for (const round of [2, 5]) await refuses(last, { reason: absent, round }, "JobMarket_WrongRound", round, 4);
    await refuses(await afterOne(), { reason: absent, round: 0 }, "JobMarket_WrongRound", 0, 1);
  });

  it("are refused for round 0: nothing was certified, and nothing is to be paid", async () => {
    const job = await seated();
    await refuses(job, { round: 0 }, "JobMarket_WrongRound", 0, 0);
    await refuses(await afterTwo(), { round: 0 }, "JobMarket_WrongRound", 0, 2);
  });

  it("are refused for another job", async () => {
    const job = await afterTwo();
    const jobId = ethers.id("another job");
    await refuses(job, { jobId }, "JobMarket_UnknownJob", jobId);
  });
});

describe("finish: time", () => {
  it("complete and plateau are too late after the deadline", async () => {
    for (const [fixture, reason] of [
      [afterLast, complete],
      [afterTwo, plateau],
    ] as const) {
      const job = await fixture();
      await job.waitUntilAfter(job.record.deadline);
      await refuses(job, { reason }, "JobMarket_TooLate", job.id, job.record.deadline);
    }
  });

  it("complete and plateau are accepted in the deadline's second", async () => {
    for (const fixture of [afterLast, afterTwo]) {
      const job = await fixture();
      const args = await job.finishArguments();
      await job.waitUntil(job.record.deadline);
      await job.apply("finish", job.as().finish(...args));
      expect(job.record.state).to.equal("Finished");
    }
  });

  it("absence is too early until the deadline, and too late past the grace", async () => {
    const job = await afterTwo();
    const { deadline } = job.record;
    const args = await job.finishArguments({ reason: absent });
    await job.waitUntil(deadline);
    await expect(job.as().finish(...args))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooEarly")
      .withArgs(job.id, deadline + 1);
    await job.waitUntilAfter(deadline + grace);
    await refuses(job, { reason: absent }, "JobMarket_TooLate", job.id, deadline + grace);
  });
});

describe("finish: signatures and state", () => {
  it("need m seats, each its own", async () => {
    const job = await afterTwo();
    await expect(job.as().finish(...(await job.finishArguments({}, [1, 2, 4]))))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooFewSignatures")
      .withArgs(3, 4);
    const [head, parties, committee, rounds, message] = await job.finishArguments();
    const other = { ...(message as object), stateHash: ethers.id("a better state") };
    const signed = await job.attest("Finish", other);
    await expect(job.as().finish(head, parties, committee, rounds, message, signed)).to.be.revertedWithCustomError(
      job.stage.jobs,
      "JobMarket_BadSignature",
    );
  });

  it("are refused with rounds that are not the chain's", async () => {
    const job = await afterTwo();
    const [head, parties, committee, rounds, message, signed] = await job.finishArguments();
    const more = { ...(rounds as object), certified: 3 };
    await expect(job.as().finish(head, parties, committee, more, message, signed))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_PartsMismatch")
      .withArgs(job.id);
  });

  it("are taken once; no round is certified afterwards", async () => {
    const job = await afterTwo();
    const [again, next] = [await job.finishArguments(), await job.certifyArguments()];
    await job.finish();
    for (const [name, args] of [
      ["finish", again],
      ["certify", next],
    ] as const) {
      await expect(job.as()[name](...args))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_WrongState")
        .withArgs(job.id, 4, 3);
    }
  });
});

describe("finish", () => {
  it("keeps the last round, the state that m seats signed and why training ended", async () => {
    const all = { fixture: afterLast, reason: complete, completed: 4 };
    for (const { fixture, reason, completed } of [all, { fixture: afterTwo, reason: plateau, completed: 2 }]) {
      const job = await fixture();
      const before = job.record.rounds;
      await job.apply("finish", job.as(job.stage.stranger).finish(...(await job.finishArguments())));
      const lastState = ethers.id(`state ${completed}`);
      expect(job.record.rounds).to.deep.equal({ ...before, completed, reason, lastState });
      expect(job.record.finishSigners).to.equal(0b01111n);
      const [state, deadline] = await job.stage.jobs.jobOf(job.id);
      expect([state, Number(deadline)]).to.deep.equal([4n, (await chain.time.latest()) + job.terms.proposeSeconds]);
    }
  });

  it("by absence ends training at the last state, until the grace is over", async () => {
    const job = await afterTwo();
    const args = await job.finishArguments({ reason: absent });
    await job.waitUntil(job.record.deadline + grace);
    await job.apply("finish", job.as().finish(...args));
    expect(job.record.rounds).to.include({ certified: 2, completed: 2, reason: absent });
  });

  it("by absence leaves the last certified round void when its sums never came, the last of all too", async () => {
    for (const [fixture, certified] of [
      [afterTwo, 2],
      [afterLast, 4],
    ] as const) {
      const job = await fixture();
      const round = certified - 1;
      const before = job.record.rounds;
      const args = await job.finishArguments({ reason: absent, round, stateHash: ethers.id(`state ${round}`) });
      await job.waitUntilAfter(job.record.deadline);
      await job.apply("finish", job.as().finish(...args));
      const lastState = ethers.id(`state ${round}`);
      expect(job.record.rounds).to.deep.equal({ ...before, completed: round, reason: absent, lastState });
    }
  });
});
