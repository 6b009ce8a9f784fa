import { expect } from "chai";
import { connect } from "../chain.ts";
import { rulesGrace } from "../platform.ts";
import { Job, termsOf } from "./job.ts";
import { openStage, type Stage } from "./stage.ts";

const chain = await connect();
const { ethers, time } = chain;
const open = () => openStage(chain);

async function posted(stage: Stage, rulesVersion: number): Promise<Job> {
  const job = new Job(stage, termsOf(stage, { rulesVersion }));
  await job.post();
  return job;
}

const started = async (job: Job) => job.as().start(...(await job.startArguments()));

describe("start, by the rules' version", () => {
  it("is refused for one that nobody published", async () => {
    const stage = await chain.loadFixture(open);
    await expect(started(await posted(stage, 2)))
      .to.be.revertedWithCustomError(stage.rules, "RuleBook_NotValid")
      .withArgs(2, 0, 0);
  });

  it("is refused before it is in force, and goes through from then on", async () => {
    const stage = await chain.loadFixture(open);
    const activatesAt = (await time.latest()) + 1800;
    await stage.rules.publish(ethers.id("rules 2"), "board:rules", activatesAt);
    const job = await posted(stage, 2);
    await expect(started(job)).to.be.revertedWithCustomError(stage.rules, "RuleBook_NotValid");
    await time.setNextBlockTimestamp(activatesAt);
    await job.start();
    expect(job.record.state).to.equal("Seating");
  });

  it("is refused once the rules are retired and their grace is over; what was started goes on to its end", async () => {
    const stage = await chain.loadFixture(open);
    const running = new Job(stage, termsOf(stage, { validationRoot: ethers.id("running") }));
    await running.toSeated();
    const retiresAt = (await time.latest()) + 60;
    await stage.rules.retire(1, retiresAt);
    const late = new Job(stage, termsOf(stage, { validationRoot: ethers.id("late"), startSeconds: 2 * rulesGrace }));
    await late.post();
    const snapshot = await chain.takeSnapshot();
    await time.setNextBlockTimestamp(retiresAt + rulesGrace);
    await late.start();
    await snapshot.restore();
    await time.setNextBlockTimestamp(retiresAt + rulesGrace + 1);
    await expect(started(late)).to.be.revertedWithCustomError(stage.rules, "RuleBook_NotValid");
    await running.waitForGrace();
    await running.fail();
    expect(running.record.state).to.equal("Failed");
  });
});
