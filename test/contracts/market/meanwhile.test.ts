import { expect } from "chai";
import { unpackUsage } from "../../../offchain/chain/packedUsage.ts";
import { connect, type Signer } from "../chain.ts";
import { operatorKey, rotateOperator, status } from "../participants.ts";
import { fixtureOf, Job, noisyTermsOf, termsOf } from "./job.ts";
import { missingFrom, stableOf, sum } from "./money.ts";
import { type Bank, openActor, openBank, openStage, price, type Stage } from "./stage.ts";

// What the rest of the house does while a job runs: the job goes on with what `start` and `seat` fixed.

const chain = await connect();
const { ethers } = chain;
const seated = fixtureOf(chain, (job) => job.toSeated());
const everything = 2n ** 128n - 1n;

async function completes(job: Job): Promise<void> {
  await job.certify(job.terms.rounds);
  await job.finish();
  await job.propose();
  await job.settle();
  expect(job.record.state).to.equal("Settled");
}

/** A stage whose first bank brings two assets of different populations. */
async function withTwoAssets(): Promise<Stage> {
  const stage = await openStage(chain);
  const [first, ...others] = stage.banks as [Bank, Bank, Bank];
  return { ...stage, banks: [first, await openBank(chain, stage, first, 30), ...others] };
}
const ofFour = fixtureOf(
  chain,
  (job) => job.post(),
  withTwoAssets,
  (stage) => noisyTermsOf(stage, 1000),
);

describe("While a job runs", () => {
  it("an asset that changes hands leaves pay and proof with who contributed", async () => {
    const job = await seated();
    const { assets, banks, jobs, usage } = job.stage;
    const heir = await openActor(chain, job.stage, 15, {});
    const [bank] = banks as [Bank];
    await assets.connect(bank.account).transferFrom(bank.account, heir.account, bank.assetId);
    await completes(job);
    expect(await stableOf(job.stage, heir.account)).to.equal(0n);
    expect((await jobs.creditOf(bank.account)).stable).to.equal(job.record.closing?.credits[0]);
    const [appended] = await usage.queryFilter("UsageAppended");
    const institutions = unpackUsage(appended.args).map(({ institution }) => institution);
    expect(institutions).to.deep.equal(banks.map(({ account }) => account.address));
  });

  it("a revoked listing stops the next job, not this one", async () => {
    const job = await seated();
    const { assets, banks, jobs } = job.stage;
    for (const bank of banks) await assets.connect(bank.account).revoke(bank.assetId);
    await completes(job);
    const next = new Job(job.stage, termsOf(job.stage, { validationRoot: ethers.id("validation 2") }));
    await next.post();
    await expect(next.as().start(...(await next.startArguments())))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_Revoked")
      .withArgs(banks[0]?.assetId);
    expect((await jobs.jobOf(next.id)).state).to.equal(1n);
  });

  it("parties that are suspended are credited all the same; their stable tokens wait until they are active again", async () => {
    const job = await seated();
    const { registry, supervisor, stable, jobs, buyer, banks } = job.stage;
    const [bank, oracle] = [banks[1]?.account as Signer, job.seatOf(2).account];
    const before = await stableOf(job.stage, oracle);
    for (const account of [buyer.account, bank, oracle]) {
      await registry.connect(supervisor).setStatus(account, status.suspended, 7);
    }
    await completes(job);
    const { credits } = job.record.closing as { credits: readonly bigint[] };
    expect(await stableOf(job.stage, bank)).to.equal(credits[1]);
    const bond = job.record.committee?.seatBond as bigint;
    expect((await stableOf(job.stage, oracle)) - before).to.equal(bond + (credits[3 + 2] as bigint));
    await expect(jobs.connect(bank).withdraw(everything, 0n)).to.be.revertedWithCustomError(
      stable,
      "ERC7943CannotReceive",
    );
    await registry.connect(supervisor).setStatus(bank, status.active, 0);
    await jobs.connect(bank).withdraw(everything, 0n);
    expect(await stable.balanceOf(bank)).to.equal(credits[1]);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("a seat signs with the key that it was drawn with: a new operator's signature does not count", async () => {
    const job = await seated();
    const { registry, jobs } = job.stage;
    const { account } = job.seatOf(1);
    const key = operatorKey(chain, 99);
    await rotateOperator(registry, account, key, ethers.id("key"));
    const set = job.roundSet();
    const own = await Promise.all([0, 2, 3].map((seat) => job.sign(job.seatKey(seat), "RoundSet", set)));
    const compact = (signature: string) => ethers.Signature.from(signature).compactSerialized;
    const signatures = [own[0], await job.sign(key, "RoundSet", set), own[1], own[2]].map((s) => compact(s as string));
    const args = await job.certifyArguments(set);
    await expect(job.as().certify(...args.slice(0, -1), { signers: 0b1111n, signatures: ethers.concat(signatures) }))
      .to.be.revertedWithCustomError(jobs, "JobMarket_BadSignature")
      .withArgs(1, key.address);
    await completes(job);
  });

  it("an oracle that asks for its stake back still holds its seat, and is paid", async () => {
    const job = await seated();
    const { committee } = job.stage;
    const { account } = job.seatOf(0);
    await committee.connect(account).requestExit(await committee.stakeOf(account));
    await completes(job);
    expect(job.record.closing?.credits[3]).to.equal(job.terms.oracleFee / 5n);
  });
});

describe("An institution with two assets in a job", () => {
  it("accepts for each: one acceptance does not stand for the other", async () => {
    const job = await ofFour();
    const [first, , third, fourth] = await job.acceptances();
    const twice = [first, first, third, fourth] as object[];
    await expect(job.as().start(...(await job.startArguments(job.listings(), twice))))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadAcceptance")
      .withArgs(1, job.stage.banks[0]?.account);
  });

  it("counts once in the cohort, is paid for both, and has the budget of both reserved and spent", async () => {
    const job = await ofFour();
    const { stage } = job;
    await job.start();
    await job.seat();
    await job.certify(2);
    await job.finish();
    await job.propose(Array.from({ length: 16 }, (_, set) => 1_000_000n * BigInt(set)));
    await job.settle();
    const { credits } = job.record.closing as { credits: readonly bigint[] };
    const shares = job.record.proposal?.amounts as readonly bigint[];
    expect(credits.slice(0, 4)).to.deep.equal(shares.map((share) => share + price));
    expect(await stableOf(stage, stage.banks[0]?.account as Signer)).to.equal(sum(credits.slice(0, 2)));
    for (const { listing } of stage.banks) {
      const budget = await stage.privacy.budgetOf(listing.version.populationId);
      expect([budget.spent, budget.reserved]).to.deep.equal([1_000_000_000n, 0n]);
    }
  });

  it("is too few for a job without noise, whose cohort has three groups", async () => {
    const job = await ofFour();
    const stage: Stage = { ...job.stage, banks: job.stage.banks.slice(0, 3) };
    const small = new Job(stage, termsOf(stage));
    await small.post();
    await expect(small.as().start(...(await small.startArguments())))
      .to.be.revertedWithCustomError(stage.jobs, "JobMarket_CohortTooSmall")
      .withArgs(2, 3);
  });
});
