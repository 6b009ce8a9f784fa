import { expect } from "chai";
import { connect, type Signer } from "../chain.ts";
import { operatorKey, role, rotateOperator } from "../participants.ts";
import { deployPlatform, exitDelaySeconds, minimumStake, type Platform } from "../platform.ts";

const chain = await connect();
const { ethers } = chain;
const oracles = [6, 7, 8].map(chain.signer);
const [oracle, second, third] = oracles as [Signer, Signer, Signer];
const [reporter, partner] = [chain.signer(15), chain.signer(16)];
const rest = chain.signer(19);

/** Three oracles with twice the minimum, and `market` allowed to slash. */
async function staked() {
  const platform = await deployPlatform(chain);
  for (const account of oracles) {
    await platform.admit(account, { roles: role.oracle });
    await platform.incentive.transfer(account, 10n * minimumStake);
    await platform.incentive.connect(account).approve(platform.committee, ethers.MaxUint256);
    await platform.committee.connect(account).stake(2n * minimumStake);
  }
  await platform.committee.setSlasher(platform.market, true);
  return { ...platform, as: platform.committee.connect(platform.market) };
}

/** Incentive tokens that the committee holds and owes: stakes, exits, rewards. */
async function owed({ committee }: Platform): Promise<bigint> {
  const parts = oracles.map(async (o) => (await committee.stakeOf(o)) + (await committee.exitOf(o)).stake);
  const rewards = [...oracles, reporter, partner, rest].map((account) => committee.rewardOf(account));
  return (await Promise.all([...parts, ...rewards])).reduce((a: bigint, b: bigint) => a + b, 0n);
}

describe("OracleCommittee: slash, refused", () => {
  it("to everybody but those whom the administrator named", async () => {
    const { committee, admin, stranger } = await chain.loadFixture(staked);
    for (const caller of [admin, stranger, oracle]) {
      await expect(committee.connect(caller).slash([oracle], 1000, [], rest))
        .to.be.revertedWithCustomError(committee, "OracleCommittee_NotSlasher")
        .withArgs(caller);
    }
    await expect(committee.connect(stranger).setSlasher(stranger, true))
      .to.be.revertedWithCustomError(committee, "AccessManagedUnauthorized")
      .withArgs(stranger);
  });

  it("for more than everything", async () => {
    const { committee, as } = await chain.loadFixture(staked);
    await expect(as.slash([oracle], 10_001, [], rest))
      .to.be.revertedWithCustomError(committee, "OracleCommittee_BadParameter")
      .withArgs("bps");
  });
});

describe("OracleCommittee: slash", () => {
  it("takes a part of the stake, rounded up, for whoever showed the fault and the rest for another", async () => {
    const platform = await chain.loadFixture(staked);
    const { committee, as, market } = platform;
    await committee.connect(oracle).stake(1n);
    const taken = minimumStake / 5n + 1n;
    await expect(as.slash([oracle], 1000, [reporter, partner], rest))
      .to.emit(committee, "Slashed")
      .withArgs(oracle, taken, 0n, market);
    expect(await committee.stakeOf(oracle)).to.equal(2n * minimumStake + 1n - taken);
    const each = (taken * 3n) / 10n / 2n;
    expect(await committee.rewardOf(reporter)).to.equal(each);
    expect(await committee.rewardOf(partner)).to.equal(each);
    expect(await committee.rewardOf(rest)).to.equal(taken - 2n * each);
    expect(await owed(platform)).to.equal(await platform.incentive.balanceOf(committee));
  });

  it("reaches an exit that is pending, and the exit pays out what is left", async () => {
    const platform = await chain.loadFixture(staked);
    const { committee, as, incentive, market } = platform;
    await committee.connect(oracle).requestExit(minimumStake);
    await expect(as.slash([oracle], 10_000, [], rest))
      .to.emit(committee, "Slashed")
      .withArgs(oracle, minimumStake, minimumStake, market);
    await committee.connect(second).requestExit(minimumStake);
    await as.slash([second], 1000, [], rest);
    await chain.time.increase(exitDelaySeconds + 1);
    const before = [await incentive.balanceOf(oracle), await incentive.balanceOf(second)] as const;
    await committee.connect(oracle).completeExit();
    await committee.connect(second).completeExit();
    expect((await incentive.balanceOf(oracle)) - before[0]).to.equal(0n);
    expect((await incentive.balanceOf(second)) - before[1]).to.equal((minimumStake * 9n) / 10n);
    expect(await owed(platform)).to.equal(await incentive.balanceOf(committee));
  });

  it("keeps the roster right: smaller weights, and nobody below the minimum stake", async () => {
    const { committee, as } = await chain.loadFixture(staked);
    await as.slash([oracle, third], 6000, [], rest);
    const roster = (await committee.roster()) as { account: string; stake: bigint }[];
    expect(roster.map(({ account, stake }) => [account, stake])).to.deep.equal([[second.address, 2n * minimumStake]]);
    const type = "tuple(address account, address operator, uint32 group, uint96 stake)[]";
    const plain = [...roster].map((entry) => [...(entry as unknown as unknown[])]);
    const hash = ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([type], [plain]));
    expect(await committee.rosterHash()).to.equal(hash);
    await as.slash([second], 1000, [], rest);
    const [left] = (await committee.roster()) as { stake: bigint }[];
    expect(left?.stake).to.equal((minimumStake * 18n) / 10n);
  });

  it("of who has nothing at stake takes nothing and does not stand in the way", async () => {
    const platform = await chain.loadFixture(staked);
    const { committee, as } = platform;
    await as.slash([reporter, oracle, oracle], 10_000, [partner], rest);
    expect(await committee.rewardOf(partner)).to.equal((2n * minimumStake * 3n) / 10n);
    expect(await owed(platform)).to.equal(await platform.incentive.balanceOf(committee));
  });

  it("never returns: an oracle that reports itself gets less than a third of it", async () => {
    const { committee, as, incentive } = await chain.loadFixture(staked);
    const before = await incentive.balanceOf(oracle);
    await as.slash([oracle], 10_000, [oracle], rest);
    await committee.connect(oracle).claimReward();
    expect((await incentive.balanceOf(oracle)) - before).to.equal((2n * minimumStake * 3n) / 10n);
    await expect(committee.connect(oracle).claimReward())
      .to.be.revertedWithCustomError(committee, "OracleCommittee_NoReward")
      .withArgs(oracle);
    expect(await committee.stakeOf(oracle)).to.equal(0n);
  });
});

describe("OracleCommittee: whose a key is", () => {
  it("is remembered after the oracle took another", async () => {
    const { committee, registry } = await chain.loadFixture(staked);
    const { operator } = await registry.profileOf(oracle);
    const key = operatorKey(chain, 99);
    const next = key.address;
    expect(await committee.accountOfOperator(next)).to.equal(ethers.ZeroAddress);
    await rotateOperator(registry, oracle, key, ethers.id("key"));
    await committee.refresh(oracle);
    expect(await committee.accountOfOperator(next)).to.equal(oracle);
    expect(await committee.accountOfOperator(operator)).to.equal(oracle);
  });

  it("does not pass to another oracle: that one gets no place on the roster with it", async () => {
    const { committee, registry } = await chain.loadFixture(staked);
    const { operator } = await registry.profileOf(oracle);
    const old = Array.from({ length: 100 }, (_, i) => operatorKey(chain, i)).find((key) => key.address === operator);
    await rotateOperator(registry, oracle, operatorKey(chain, 99), ethers.id("key"));
    await rotateOperator(registry, second, old as NonNullable<typeof old>, ethers.id("key"));
    await committee.refresh(second);
    const roster = (await committee.roster()) as { account: string }[];
    expect(roster.map(({ account }) => account)).to.not.include(second.address);
    expect(await committee.accountOfOperator(operator)).to.equal(oracle);
    await expect(committee.connect(second).stake(1n))
      .to.be.revertedWithCustomError(committee, "OracleCommittee_OperatorTaken")
      .withArgs(operator, oracle);
  });
});
