import { expect } from "chai";
import { connect } from "../chain.ts";
import { fixtureOf, Job, termsOf } from "../market/job.ts";
import { missingFrom, stableOf } from "../market/money.ts";
import { type Bank, jobDeposit } from "../market/stage.ts";

// What revoking a listing does to the jobs that name it: what the interface says of `revoke`.

const chain = await connect();
const posted = fixtureOf(chain, (job) => job.post());
const running = fixtureOf(chain, (job) => job.toRound(1));

async function revokeFirst(job: Job): Promise<bigint> {
  const { account, assetId } = job.stage.banks[0] as Bank;
  await job.stage.assets.connect(account).revoke(assetId);
  return assetId;
}

describe("Revoking a listing", () => {
  it("keeps an open job from starting, with acceptances that were signed before; its buyer has the money back", async () => {
    const job = await posted();
    const args = await job.startArguments();
    const assetId = await revokeFirst(job);
    await expect(job.as().start(...args))
      .to.be.revertedWithCustomError(job.stage.assets, "AssetRegistry_Revoked")
      .withArgs(assetId);
    const before = await stableOf(job.stage, job.stage.buyer.account);
    await job.cancel();
    const back = (await stableOf(job.stage, job.stage.buyer.account)) - before;
    expect(back).to.equal(job.record.head.escrow + jobDeposit);
  });

  it("lets a job that runs settle and pay its owner, budget and proof included", async () => {
    const job = await running();
    await revokeFirst(job);
    while ((job.record.rounds?.certified ?? 0) < job.terms.rounds) await job.certify();
    await job.finish();
    await job.propose();
    await job.settle();
    const { account } = job.stage.banks[0] as Bank;
    expect(await stableOf(job.stage, account)).to.equal(job.record.closing?.credits[0]);
    expect(await job.stage.usage.size()).to.equal(3n);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("is for good: a listing of the same rows is another asset, with acceptances of its own", async () => {
    const job = await posted();
    await revokeFirst(job);
    const { account, assetId, listing } = job.stage.banks[0] as Bank;
    await job.stage.assets.connect(account).list(1, listing.version, listing.terms, 1n, "");
    const next = new Job(job.stage, termsOf(job.stage, { validationRoot: chain.ethers.id("validation 2") }));
    await next.post();
    await expect(next.as().start(...(await next.startArguments())))
      .to.be.revertedWithCustomError(job.stage.assets, "AssetRegistry_Revoked")
      .withArgs(assetId);
  });
});
