import { expect } from "chai";
import { connect } from "../chain.ts";
import { Job, termsOf } from "./job.ts";
import { openStage } from "./stage.ts";

const chain = await connect();

describe("JobMarket, gas of a whole job", () => {
  it("stays within the bars in steady state, receipts added up", async () => {
    const stage = await openStage(chain);
    const first = new Job(stage);
    await first.toSettled();
    const job = new Job(stage, termsOf(stage, { validationRoot: chain.ethers.id("validation 2") }));
    await job.toSettled();
    const once = ["post", "start", "seat", "finish", "propose", "settle"];
    const total = (of: Job) => once.reduce((sum, step) => sum + (of.gas.get(step) ?? 0), 0);
    console.log(first.gas, total(first), job.gas, total(job));
    expect(total(job)).to.be.at.most(750_000);
    expect((job.gas.get("certify") ?? 0) / 4).to.be.at.most(60_000);
  });
});
