import { expect } from "chai";
import { connect } from "../chain.ts";
import { Job, termsOf } from "../market/job.ts";
import { jobDeposit, openStage, parametersOf, type Stage } from "../market/stage.ts";

// Spam. Actor: an admitted buyer, where transactions cost nothing. Cost: the deposit of each open job, back when it is cancelled.
// Victims: everybody's storage and attention. Bound: one slot a job, as many open ones as deposits fit the buyer's balance; what
// others pay for their calls does not grow. Not bounded: how often a job is posted and cancelled again, one slot each time.

const chain = await connect();

/** A job that costs its buyer the deposit alone. */
function emptyJob(stage: Stage, number: number): Job {
  const nothing = { base: 0n, performance: 0n, oracleFee: 0n, validationRoot: chain.ethers.id(`spam ${number}`) };
  const terms = termsOf(stage, nothing);
  return new Job(stage, { ...terms, assets: terms.assets.map((asset) => ({ ...asset, price: 0n })) });
}

async function withBalanceOfThree(): Promise<Stage> {
  const stage = await openStage(chain);
  const held = (await stage.jobs.creditOf(stage.buyer.account)).stable;
  await stage.jobs.connect(stage.buyer.account).withdraw(held - 3n * jobDeposit, 0n);
  return stage;
}

async function withoutDeposit(): Promise<Stage> {
  const stage = await openStage(chain, 3, { deposit: 0n });
  await stage.jobs.connect(stage.buyer.account).withdraw(2n ** 128n - 1n, 0n);
  return stage;
}

describe("Attack by spam of free transactions", () => {
  it("opens as many jobs as deposits fit the balance, and no more", async () => {
    const stage = await chain.loadFixture(withBalanceOfThree);
    for (let i = 0; i < 3; i++) await emptyJob(stage, i).post();
    await expect(emptyJob(stage, 3).post())
      .to.be.revertedWithCustomError(stage.jobs, "Escrow_BalanceTooSmall")
      .withArgs(stage.buyer.account.address, 0n, jobDeposit);
  });

  it("without the deposit opens any number with nothing at all", async () => {
    const stage = await chain.loadFixture(withoutDeposit);
    for (let i = 0; i < 20; i++) await emptyJob(stage, i).post();
    expect((await stage.jobs.creditOf(stage.buyer.account)).stable).to.equal(0n);
    expect(parametersOf(stage.treasury.address).deposit, "the deposit of a market that has one").to.equal(jobDeposit);
  });

  it("leaves one slot a job, and no call of others any dearer", async () => {
    const stage = await chain.loadFixture(withBalanceOfThree);
    const bank = (stage.banks[0] as Stage["banks"][0]).account;
    const cost = async (nonce: bigint) =>
      (await (await stage.jobs.connect(bank).cancelAcceptance(chain.ethers.toBeHex(nonce, 32), bank, nonce)).wait())
        .gasUsed as bigint;
    const before = await cost(1n);
    for (let i = 0; i < 12; i++) {
      const job = emptyJob(stage, i);
      await job.post();
      await job.cancel();
      expect((await stage.jobs.jobOf(job.id))[0]).to.equal(9n);
    }
    expect(await cost(2n)).to.equal(before);
    expect((await stage.jobs.creditOf(stage.buyer.account)).stable, "all deposits are back").to.equal(3n * jobDeposit);
  });
});
