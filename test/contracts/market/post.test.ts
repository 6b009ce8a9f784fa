import { expect } from "chai";
import { partsHash } from "../../../offchain/chain/partsHash.ts";
import { structHash } from "../../../offchain/core/eip712.ts";
import { connect } from "../chain.ts";
import { role, status } from "../participants.ts";
import { fixtureOf, Job, termsOf } from "./job.ts";
import { changesBy, missingFrom, stableOf } from "./money.ts";
import { packing } from "./packing.ts";
import { jobDeposit, openActor, openStage } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const fresh = fixtureOf(chain, async () => {});
const posted = fixtureOf(chain, (job) => job.post());

/** Base, performance, oracle fee and three prices of the ordinary terms. */
const escrow = 1_000_000_000n + 5_000_000_000n + 250_000_000n + 3n * 1_000_000n;

describe("post: who may", () => {
  it("is an active participant with the buyer's role", async () => {
    const job = await fresh();
    const { jobs, buyer, banks, stranger, registry, supervisor } = job.stage;
    const bank = banks[0]?.account;
    await expect(job.as(stranger).post(job.terms))
      .to.be.revertedWithCustomError(jobs, "JobMarket_NotActive")
      .withArgs(stranger);
    await expect(job.as(bank).post(job.terms))
      .to.be.revertedWithCustomError(jobs, "JobMarket_MissingRole")
      .withArgs(bank, role.buyer);
    await registry.connect(supervisor).setStatus(buyer.account, status.suspended, 7);
    await expect(job.as().post(job.terms))
      .to.be.revertedWithCustomError(jobs, "JobMarket_NotActive")
      .withArgs(buyer.account);
  });

  it("names an evaluator that is active and has the role, or none", async () => {
    const job = await fresh();
    const { jobs, banks, stranger } = job.stage;
    const bank = banks[1]?.account.address;
    await expect(job.as().post({ ...job.terms, evaluator: stranger.address }))
      .to.be.revertedWithCustomError(jobs, "JobMarket_NotActive")
      .withArgs(stranger);
    await expect(job.as().post({ ...job.terms, evaluator: bank }))
      .to.be.revertedWithCustomError(jobs, "JobMarket_MissingRole")
      .withArgs(bank, role.evaluator);
  });

  it("holds the escrow and the deposit in its balance, to the last unit", async () => {
    const job = await fresh();
    const { jobs, buyer } = job.stage;
    const [had, needed] = [escrow + jobDeposit - 1n, escrow + jobDeposit];
    await job.as().withdraw((await stableOf(job.stage, buyer.account)) - had, 0n);
    await expect(job.as().post(job.terms))
      .to.be.revertedWithCustomError(jobs, "Escrow_BalanceTooSmall")
      .withArgs(buyer.account, had, needed);
    await job.as().deposit(1n);
    await job.post();
    expect(await stableOf(job.stage, buyer.account)).to.equal(0n);
  });

  it("cannot wrap the sum of its amounts around 2^128", async () => {
    const job = await fresh();
    const { jobs, buyer } = job.stage;
    const base = 2n ** 128n - 1n;
    await expect(job.as().post({ ...job.terms, base, performance: 1n, oracleFee: 0n }))
      .to.be.revertedWithCustomError(jobs, "Escrow_BalanceTooSmall")
      .withArgs(buyer.account, 10n ** 11n, base + 1n + 3_000_000n + jobDeposit);
  });

  it("does it once with the same validation rows, whatever the other terms, also after the job was cancelled", async () => {
    const job = await posted();
    const { jobs } = job.stage;
    const again = async () => {
      for (const terms of [job.terms, { ...job.terms, base: 7n }]) {
        await expect(job.as().post(terms))
          .to.be.revertedWithCustomError(jobs, "JobMarket_AlreadyPosted")
          .withArgs(job.id);
      }
    };
    await again();
    await job.cancel();
    await again();
    await new Job(job.stage, { ...job.terms, validationRoot: ethers.id("the same rows, another salt") }).post();
  });

  it("keeps nobody else from the same rows: another buyer's job has another id", async () => {
    const job = await posted();
    const { stage } = job;
    const other = await openActor(chain, stage, 17, { roles: role.buyer });
    await stage.fund(other.account, 10n ** 11n);
    await stage.stable.connect(other.account).approve(stage.jobs, 10n ** 11n);
    await stage.jobs.connect(other.account).deposit(10n ** 10n);
    const twin = new Job({ ...stage, buyer: other }, job.terms);
    await twin.post();
    expect(twin.id).to.not.equal(job.id);
    expect(twin.record.termsHash).to.equal(job.record.termsHash);
  });
});

describe("post", () => {
  it("takes escrow and deposit from the buyer's balance, and the market owes what it holds", async () => {
    const job = await fresh();
    const before = await stableOf(job.stage, job.stage.buyer.account);
    await job.post();
    expect(before - (await stableOf(job.stage, job.stage.buyer.account))).to.equal(escrow + jobDeposit);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
    const second = new Job(job.stage, termsOf(job.stage, { base: 7n, validationRoot: ethers.id("other rows") }));
    await second.post();
    const changes = await changesBy(second, () => second.cancel());
    expect(changes.buyer).to.equal(escrow - 1_000_000_000n + 7n + jobDeposit);
  });

  it("keeps in one slot what its event tells: state, deadline and 200 bits of the parts' hash", async () => {
    const job = await posted();
    const { jobs, buyer } = job.stage;
    const { record, terms } = job;
    const [state, deadline, hash] = await jobs.jobOf(job.id);
    expect([state, Number(deadline)]).to.deep.equal([1n, (await chain.time.latest()) + terms.startSeconds]);
    expect(record.deadline).to.equal(Number(deadline));
    expect(hash).to.equal(`${partsHash(record).slice(0, 52)}${"0".repeat(14)}`);
    expect(record.termsHash).to.equal(await packing(jobs).hashTerms(terms));
    expect(record.termsHash).to.equal(structHash("JobTerms", terms));
    const named = ethers.AbiCoder.defaultAbiCoder().encode(
      ["address", "address", "bytes32"],
      [jobs.target, buyer.account.address, terms.validationRoot],
    );
    expect(job.id).to.equal(ethers.keccak256(named));
    expect(record.head.escrow).to.equal(escrow);
  });

  it("of another market with other parameters follows those", async () => {
    const stage = await openStage(chain, 3, { minimumValidationRows: 5000, deposit: 3n });
    const job = new Job(stage, termsOf(stage, { validationRows: 5000 }));
    const before = await stableOf(stage, stage.buyer.account);
    await expect(job.as().post(termsOf(stage)))
      .to.be.revertedWithCustomError(stage.jobs, "JobMarket_BadTerms")
      .withArgs("validationRows");
    await job.post();
    expect(before - (await stableOf(stage, stage.buyer.account))).to.equal(escrow + 3n);
  });
});
