import { expect } from "chai";
import { connect, type Signer } from "../chain.ts";
import { Job, termsOf } from "../market/job.ts";
import { incentiveOf, missingFrom, stableOf } from "../market/money.ts";
import { type Bank, deployMarket, openStage, parametersOf, type Stage } from "../market/stage.ts";
import { status } from "../participants.ts";
import { deployPlatform, genesisAmount, incentiveCap } from "../platform.ts";

// What a market owes a party meets the tokens' own rules when it is withdrawn: nothing is lost there.

const chain = await connect();
const { ethers } = chain;
const all = 2n ** 128n - 1n;
const whole = 2n ** 256n - 1n;

async function settled() {
  const stage = await openStage(chain);
  const job = new Job(stage);
  await job.toSettled();
  return { stage, job };
}
const firstBank = ({ banks }: Stage) => (banks[0] as Bank).account;

describe("A withdrawal from the market", () => {
  it("to a frozen account goes through and is frozen with the rest; after the case it moves again", async () => {
    const { stage, job } = await chain.loadFixture(settled);
    const { jobs, stable, regulator, buyer } = stage;
    const bank = firstBank(stage);
    const owed = await stableOf(stage, bank);
    const as = stable.connect(regulator);
    await as.openCase(ethers.id("case"), 5, ethers.id("order"));
    await as.setFrozenTokens(bank, whole);
    await jobs.connect(bank).withdraw(all, 0n);
    expect([await stable.balanceOf(bank), await stableOf(stage, bank)]).to.deep.equal([owed, 0n]);
    await expect(stable.connect(bank).transfer(buyer.account, 1n))
      .to.be.revertedWithCustomError(stable, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(bank, 1, 0);
    await expect(as.forcedTransfer(jobs, bank, 1n), "what is still inside is not the token's to move")
      .to.be.revertedWithCustomError(stable, "StableToken_ProtocolContract")
      .withArgs(jobs);
    await as.setFrozenTokens(bank, 0n);
    await stable.connect(bank).transfer(buyer.account, owed);
    expect(await missingFrom(stage, [job])).to.equal(0n);
  });

  it("of a suspended party waits in the market, whole", async () => {
    const { stage, job } = await chain.loadFixture(settled);
    const bank = firstBank(stage);
    const owed = await stableOf(stage, bank);
    await stage.registry.connect(stage.supervisor).setStatus(bank, status.suspended, 7);
    await expect(stage.jobs.connect(bank).withdraw(all, 0n))
      .to.be.revertedWithCustomError(stage.stable, "ERC7943CannotReceive")
      .withArgs(bank);
    expect(await stableOf(stage, bank)).to.equal(owed);
    expect(await missingFrom(stage, [job])).to.equal(0n);
  });

  it("of a party that left is paid, and paid on to the issuer's side", async () => {
    const { stage } = await chain.loadFixture(settled);
    const { jobs, stable, registry, buyer } = stage;
    const bank = firstBank(stage);
    const owed = await stableOf(stage, bank);
    await registry.connect(bank).leave();
    await jobs.connect(bank).withdraw(all, all);
    await stable.connect(bank).transfer(buyer.account, owed);
    expect(await stable.balanceOf(bank)).to.equal(0n);
  });
});

describe("A party that leaves in the middle", () => {
  it("serves and is paid for the job that runs; its asset starts no other", async () => {
    const stage = await openStage(chain);
    const job = new Job(stage);
    await job.toRound(1);
    const bank = firstBank(stage);
    await stage.registry.connect(bank).leave();
    while ((job.record.rounds?.certified ?? 0) < job.terms.rounds) await job.certify();
    await job.finish();
    await job.propose();
    await job.settle();
    expect((await stableOf(stage, bank)) > 0n).to.equal(true);
    const next = new Job(stage, termsOf(stage, { validationRoot: ethers.id("validation 2") }));
    await next.post();
    await expect(next.as().start(...(await next.startArguments())))
      .to.be.revertedWithCustomError(stage.jobs, "JobMarket_NotActive")
      .withArgs(bank);
  });

  it("takes its stake out by the committee's delayed exit, like anybody", async () => {
    const stage = await openStage(chain);
    const { committee, incentive, registry } = stage;
    const oracle = (stage.oracles[0] as { account: Signer }).account;
    await registry.connect(oracle).leave();
    const staked: bigint = await committee.stakeOf(oracle);
    await committee.connect(oracle).requestExit(staked);
    await chain.time.increase(3601);
    await committee.connect(oracle).completeExit();
    expect(await incentive.balanceOf(oracle)).to.equal(staked);
  });
});

describe("Incentives that a market credited beyond the token's schedule", () => {
  const week = 604_800;
  const emission = 100n * 10n ** 18n;

  /** A token that emits 100 an epoch, and a market that was told it emits ten times that. */
  async function overCredited() {
    const platform = await deployPlatform(chain);
    const schedule = { initialEmission: emission, epochSeconds: week, halvingEpochs: 2 };
    const genesis = [[platform.admin.address], [genesisAmount]];
    const incentive = await chain.deploy("IncentiveToken", [platform.manager, incentiveCap, schedule, ...genesis]);
    const stage = await openStage(chain, 3, {}, undefined, { incentive });
    return { stage, incentive };
  }

  it("stay credited, and are minted as epochs go by; the money beside them is paid at once", async () => {
    const { stage, incentive } = await overCredited();
    await new Job(stage).toSettled();
    const bank = firstBank(stage);
    const { jobs } = stage;
    const earned = await incentiveOf(stage, bank);
    const left: bigint = await incentive.emissionLeft();
    expect(earned > left, `${earned} of ${left}`).to.equal(true);
    await expect(jobs.connect(bank).withdraw(all, all))
      .to.be.revertedWithCustomError(incentive, "IncentiveToken_EmissionExceeded")
      .withArgs(earned, left);
    expect(await incentiveOf(stage, bank)).to.equal(earned);
    await jobs.connect(bank).withdraw(all, 0n);
    await jobs.connect(bank).withdraw(0n, left);
    expect(await incentiveOf(stage, bank)).to.equal(earned - left);
    await chain.time.increaseTo(Number(await incentive.emissionStart()) + week);
    expect(await incentive.emissionLeft()).to.equal(emission);
    await jobs.connect(bank).withdraw(0n, emission);
    expect([await incentive.earned(bank), await incentiveOf(stage, bank)]).to.deep.equal([
      left + emission,
      earned - left - emission,
    ]);
  });
});

describe("A market's own limit", () => {
  const week = 604_800;

  it("halves with the token's epochs", async () => {
    const emission = 1_000n * 10n ** 18n;
    const stage = await openStage(chain, 3, {
      epochEmission: emission,
      epochStart: await chain.time.latest(),
      halvingEpochs: 1,
    });
    const start = await chain.time.latest();
    const credited = async (number: number) => {
      const job = new Job(stage, termsOf(stage, { validationRoot: ethers.id(`validation ${number}`) }));
      await job.toSettled();
      return (job.record.closing?.incentives ?? []).reduce((sum, part) => sum + part, 0n);
    };
    expect(await credited(1)).to.equal(emission);
    await chain.time.increaseTo(start + week + 60);
    expect(await credited(2)).to.equal(emission / 2n);
    await chain.time.increaseTo(start + 3 * week + 60);
    expect(await credited(3)).to.equal(emission / 8n);
  });

  it("is not deployed before its first epoch, nor without a halving", async () => {
    const platform = await chain.loadFixture(async function platform() {
      return deployPlatform(chain);
    });
    const any = await ethers.getContractFactory("JobMarket");
    const later = (await chain.time.latest()) + 1000;
    for (const [field, value] of [["epochStart", later] as const, ["halvingEpochs", 0] as const]) {
      await expect(deployMarket(chain, platform, parametersOf(chain.signer(19).address, { [field]: value })))
        .to.be.revertedWithCustomError(any, "JobMarket_BadParameter")
        .withArgs(field);
    }
  });
});
