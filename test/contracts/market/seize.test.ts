import { expect } from "chai";
import { connect, type Signer } from "../chain.ts";
import { status } from "../participants.ts";
import { fixtureOf, type Job } from "./job.ts";
import { missingFrom, stableOf } from "./money.ts";

const chain = await connect();
const { ethers } = chain;
const settled = fixtureOf(chain, (job) => job.toSettled());
const all = 2n ** 128n - 1n;
const caseId = ethers.id("case 7");
const bankOf = (job: Job) => job.stage.banks[0]?.account as Signer;

describe("seize", () => {
  it("is for the role alone", async () => {
    const job = await settled();
    const { jobs, stranger } = job.stage;
    await expect(jobs.connect(stranger).seize(bankOf(job), stranger, 1n, caseId))
      .to.be.revertedWithCustomError(jobs, "AccessManagedUnauthorized")
      .withArgs(stranger);
  });

  it("refuses the treasury's credit, the market on either side, more than is held, and nothing", async () => {
    const job = await settled();
    const { jobs, treasury, stranger } = job.stage;
    for (const [from, to, named] of [
      [treasury, stranger, treasury],
      [jobs, stranger, jobs],
      [bankOf(job), jobs, jobs],
    ]) {
      await expect(jobs.seize(from, to, 1n, caseId))
        .to.be.revertedWithCustomError(jobs, "JobMarket_ProtocolAccount")
        .withArgs(named);
    }
    const held = await stableOf(job.stage, bankOf(job));
    await expect(jobs.seize(bankOf(job), stranger, held + 1n, caseId))
      .to.be.revertedWithCustomError(jobs, "Escrow_BalanceTooSmall")
      .withArgs(bankOf(job), held, held + 1n);
    await expect(jobs.seize(stranger, treasury, all, caseId)).to.be.revertedWithCustomError(jobs, "Escrow_ZeroAmount");
  });

  it("moves a part or all of a credit to the treasury or a named account, of one that is suspended too", async () => {
    const job = await settled();
    const { jobs, treasury, registry, supervisor, buyer } = job.stage;
    const [bank, heir] = [bankOf(job), buyer.account];
    await registry.connect(supervisor).setStatus(bank, status.suspended, 7);
    const held = await stableOf(job.stage, bank);
    const before = [await stableOf(job.stage, treasury), await stableOf(job.stage, heir)] as const;
    await expect(jobs.seize(bank, heir, 5n, caseId))
      .to.emit(jobs, "Seized")
      .withArgs(bank, heir, 5n, caseId);
    await expect(jobs.seize(bank, ethers.ZeroAddress, all, caseId))
      .to.emit(jobs, "Seized")
      .withArgs(bank, treasury, held - 5n, caseId);
    expect(await stableOf(job.stage, bank)).to.equal(0n);
    expect((await stableOf(job.stage, treasury)) - before[0]).to.equal(held - 5n);
    expect((await stableOf(job.stage, heir)) - before[1]).to.equal(5n);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("leaves incentives where they are", async () => {
    const job = await settled();
    const { jobs } = job.stage;
    const { incentive } = await jobs.creditOf(bankOf(job));
    await jobs.seize(bankOf(job), ethers.ZeroAddress, all, caseId);
    expect((await jobs.creditOf(bankOf(job))).incentive).to.equal(incentive);
    expect(incentive).to.be.greaterThan(0n);
  });
});
