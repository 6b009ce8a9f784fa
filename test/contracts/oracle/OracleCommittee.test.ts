import { expect } from "chai";
import { connect, type Signer } from "../chain.ts";
import { role, rotateOperator, status } from "../participants.ts";
import { deployPlatform, exitDelaySeconds, minimumStake, type Platform } from "../platform.ts";
import type { Candidate } from "./expectedDraw.ts";

const chain = await connect();
const { ethers } = chain;
const oracles = [6, 7, 8, 9, 10, 11, 12].map(chain.signer);
const oracle = oracles[0] as Signer;
const bank = chain.signer(15);

/** Admits an oracle with incentive tokens that the committee may draw. */
async function provide(platform: Platform, account: Signer): Promise<void> {
  await platform.admit(account, { roles: role.oracle });
  await platform.incentive.transfer(account, 10n * minimumStake);
  await platform.incentive.connect(account).approve(platform.committee, ethers.MaxUint256);
}

async function withOracle() {
  const platform = await deployPlatform(chain);
  await provide(platform, oracle);
  await platform.admit(bank);
  return { ...platform, as: platform.committee.connect(oracle) };
}

/** Seven oracles; stakes 1 : 2 : … : 7 of the minimum. */
async function withRoster() {
  const platform = await deployPlatform(chain);
  for (const [i, account] of oracles.entries()) {
    await provide(platform, account);
    await platform.committee.connect(account).stake(minimumStake * BigInt(i + 1));
  }
  const candidates = plain(await platform.committee.roster());
  return { ...platform, candidates, rosterHash: (await platform.committee.rosterHash()) as string };
}

/** What the contract returns, without ethers' wrapping. */
function plain(roster: Candidate[]): Candidate[] {
  return roster.map(({ account, operator, group, stake }) => ({ account, operator, group: Number(group), stake }));
}

function hashOf(candidates: readonly Candidate[]): string {
  const type = "tuple(address account, address operator, uint32 group, uint96 stake)[]";
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([type], [candidates]));
}

describe("OracleCommittee: construction", () => {
  it("refuses a stake of zero and an exit delay of zero or beyond a year", async () => {
    const { manager, registry, incentive } = await chain.loadFixture(withOracle);
    const factory = await ethers.getContractFactory("OracleCommittee");
    const build = (stake: bigint, delay: number) =>
      factory.deploy(...([manager, registry, incentive, stake, delay] as never[]));
    for (const [stake, delay, field] of [
      [0n, 60, "minimumStake"],
      [1n, 0, "exitDelaySeconds"],
      [1n, 365 * 86400 + 1, "exitDelaySeconds"],
    ] as const) {
      await expect(build(stake, delay))
        .to.be.revertedWithCustomError(factory, "OracleCommittee_BadParameter")
        .withArgs(field);
    }
  });

  it("starts with the hash of an empty roster", async () => {
    const { committee } = await chain.loadFixture(withOracle);
    expect(await committee.rosterHash()).to.equal(hashOf([]));
  });
});

describe("OracleCommittee: stake", () => {
  it("is for active oracles", async () => {
    const { committee, registry, supervisor, stranger } = await chain.loadFixture(withOracle);
    await registry.connect(supervisor).setStatus(oracle, status.suspended, 7);
    for (const caller of [stranger, bank, oracle]) {
      await expect(committee.connect(caller).stake(minimumStake))
        .to.be.revertedWithCustomError(committee, "OracleCommittee_NotOracle")
        .withArgs(caller);
    }
  });

  it("refuses less than the minimum stake in all, and a stake that is not paid", async () => {
    const { committee, incentive, as } = await chain.loadFixture(withOracle);
    await expect(as.stake(minimumStake - 1n))
      .to.be.revertedWithCustomError(committee, "OracleCommittee_StakeTooSmall")
      .withArgs(oracle, minimumStake - 1n, minimumStake);
    await expect(as.stake(10n * minimumStake + 1n))
      .to.be.revertedWithCustomError(incentive, "ERC20InsufficientBalance")
      .withArgs(oracle, 10n * minimumStake, 10n * minimumStake + 1n);
    expect(await committee.roster()).to.deep.equal([]);
  });

  it("puts the oracle on the roster, and adds to an entry that is there", async () => {
    const { committee, incentive, registry, as } = await chain.loadFixture(withOracle);
    const { operator, group } = await registry.profileOf(oracle);
    await expect(as.stake(minimumStake)).to.emit(committee, "Staked").withArgs(oracle, minimumStake);
    const entry = { account: oracle.address, operator, group: Number(group), stake: minimumStake + 5n };
    await expect(as.stake(5n))
      .to.emit(committee, "RosterChanged")
      .withArgs(hashOf([entry]), [Object.values(entry)]);
    expect(plain(await committee.roster())).to.deep.equal([entry]);
    expect(await committee.rosterHash()).to.equal(hashOf([entry]));
    expect(await incentive.balanceOf(committee)).to.equal(minimumStake + 5n);
  });
});

describe("OracleCommittee: exit", () => {
  async function staked() {
    const platform = await withOracle();
    await platform.as.stake(2n * minimumStake);
    return platform;
  }

  it("refuses nothing, more than is held, and a second request while one is open", async () => {
    const { committee, as } = await chain.loadFixture(staked);
    for (const amount of [0n, 2n * minimumStake + 1n]) {
      await expect(as.requestExit(amount))
        .to.be.revertedWithCustomError(committee, "OracleCommittee_StakeTooSmall")
        .withArgs(oracle, 2n * minimumStake, amount);
    }
    await as.requestExit(1n);
    await expect(as.requestExit(1n))
      .to.be.revertedWithCustomError(committee, "OracleCommittee_ExitPending")
      .withArgs(oracle);
  });

  it("pays nothing without a request, nor before its delay has passed, nor twice", async () => {
    const { committee, as } = await chain.loadFixture(staked);
    const refused = (availableAt: bigint) =>
      expect(as.completeExit())
        .to.be.revertedWithCustomError(committee, "OracleCommittee_ExitNotReady")
        .withArgs(oracle, availableAt);
    await refused(0n);
    await as.requestExit(minimumStake);
    const availableAt = BigInt((await chain.time.latest()) + exitDelaySeconds);
    await chain.time.setNextBlockTimestamp(availableAt - 1n);
    await refused(availableAt);
    await chain.time.setNextBlockTimestamp(availableAt);
    await as.completeExit();
    await refused(0n);
  });

  it("takes stake out of the draw at once and pays it after the delay", async () => {
    const { committee, incentive, as } = await chain.loadFixture(staked);
    const requestedAt = (await chain.time.latest()) + 10;
    const availableAt = requestedAt + exitDelaySeconds;
    await chain.time.setNextBlockTimestamp(requestedAt);
    await expect(as.requestExit(minimumStake))
      .to.emit(committee, "ExitRequested")
      .withArgs(oracle, minimumStake, availableAt);
    expect(plain(await committee.roster())[0]?.stake).to.equal(minimumStake);
    expect(await committee.stakeOf(oracle)).to.equal(minimumStake);
    expect([...(await committee.exitOf(oracle))]).to.deep.equal([minimumStake, BigInt(availableAt)]);
    await chain.time.increase(exitDelaySeconds);
    const act = as.completeExit();
    await expect(act).to.emit(committee, "ExitCompleted").withArgs(oracle, minimumStake);
    await expect(act).to.changeTokenBalances(ethers, incentive, [committee, oracle], [-minimumStake, minimumStake]);
  });

  it("below the minimum stake leaves the roster", async () => {
    const { committee, as } = await chain.loadFixture(staked);
    await as.requestExit(minimumStake + 1n);
    expect(await committee.roster()).to.deep.equal([]);
    expect(await committee.rosterHash()).to.equal(hashOf([]));
  });

  it("pays an oracle that was suspended meanwhile what is its own", async () => {
    const { incentive, registry, supervisor, as } = await chain.loadFixture(staked);
    await as.requestExit(2n * minimumStake);
    await registry.connect(supervisor).setStatus(oracle, status.suspended, 7);
    await chain.time.increase(exitDelaySeconds);
    await as.completeExit();
    expect(await incentive.balanceOf(oracle)).to.equal(10n * minimumStake);
  });
});

describe("OracleCommittee: roster", () => {
  it("is the hash of what it returns, in the order of entry; who leaves is replaced by the last", async () => {
    const { committee, candidates, rosterHash } = await chain.loadFixture(withRoster);
    expect(rosterHash).to.equal(hashOf(candidates));
    expect(candidates.map(({ account }) => account)).to.deep.equal(oracles.map(({ address }) => address));
    await committee.connect(oracles[1]).requestExit(2n * minimumStake);
    const left = [0, 6, 2, 3, 4, 5].map((i) => candidates[i] as Candidate);
    expect(plain(await committee.roster())).to.deep.equal(left);
    await committee.connect(oracles[6]).requestExit(7n * minimumStake);
    await committee.connect(oracles[5]).requestExit(6n * minimumStake);
    const rest = [0, 4, 2, 3].map((i) => candidates[i] as Candidate);
    expect(plain(await committee.roster())).to.deep.equal(rest);
    expect(await committee.rosterHash()).to.equal(hashOf(rest));
  });

  it("follows a suspension, a lost role and a new operator when anyone refreshes the entry", async () => {
    const { committee, candidates, registry, supervisor, registrar, stranger } = await chain.loadFixture(withRoster);
    const [suspended, demoted, moved] = oracles as [Signer, Signer, Signer];
    await registry.connect(supervisor).setStatus(suspended, status.suspended, 7);
    await registry.connect(registrar).setRoles(demoted, role.institution);
    await rotateOperator(registry, moved, chain.signer(16), ethers.id("key"));
    for (const account of [suspended, demoted, moved]) await committee.connect(stranger).refresh(account);
    const roster = plain(await committee.roster());
    expect(roster.map(({ account }) => account))
      .to.not.include(suspended.address)
      .and.not.include(demoted.address);
    expect(roster.find(({ account }) => account === moved.address)?.operator).to.equal(chain.signer(16).address);
    await registry.connect(supervisor).setStatus(suspended, status.active, 0);
    await committee.refresh(suspended);
    expect(plain(await committee.roster()).at(-1)).to.deep.equal(candidates[0]);
  });

  it("is not changed by refreshing who was never on it", async () => {
    const { committee, stranger } = await chain.loadFixture(withRoster);
    await expect(committee.refresh(stranger)).to.not.emit(committee, "RosterChanged");
  });

  it("keeps nobody who is suspended or fell below the minimum; their stake is still theirs", async () => {
    const { committee, candidates, registry, supervisor } = await chain.loadFixture(withRoster);
    const [suspended, leaving, lighter] = oracles as [Signer, Signer, Signer];
    await registry.connect(supervisor).setStatus(suspended, status.suspended, 7);
    expect(await committee.rosterHash(), "the registry does not call here").to.equal(hashOf(candidates));
    await committee.refresh(suspended);
    await committee.connect(leaving).requestExit(minimumStake + 1n);
    await committee.connect(lighter).requestExit(minimumStake);
    const roster = plain(await committee.roster());
    const stakes = new Map(roster.map(({ account, stake }) => [account, stake]));
    const onRoster = oracles.slice(0, 4).map(({ address }) => stakes.get(address));
    expect(onRoster).to.deep.equal([undefined, undefined, 2n * minimumStake, 4n * minimumStake]);
    expect(await committee.rosterHash()).to.equal(hashOf(roster));
    const held = await Promise.all(oracles.slice(0, 3).map((account) => committee.stakeOf(account)));
    expect(held).to.deep.equal([minimumStake, minimumStake - 1n, 2n * minimumStake]);
    const exits = await Promise.all(oracles.slice(0, 3).map((account) => committee.exitOf(account)));
    expect(exits.map(({ stake }) => stake)).to.deep.equal([0n, minimumStake + 1n, minimumStake]);
  });

  it("lets who is suspended take out its stake, and puts it back on nothing", async () => {
    const { committee, registry, supervisor } = await chain.loadFixture(withRoster);
    const [suspended] = oracles as [Signer];
    await registry.connect(supervisor).setStatus(suspended, status.suspended, 7);
    await committee.connect(suspended).requestExit(minimumStake);
    const roster = plain(await committee.roster());
    expect(roster.map(({ account }) => account)).to.not.include(suspended.address);
    await committee.refresh(suspended);
    expect(await committee.rosterHash()).to.equal(hashOf(roster));
  });

  it("holds as many incentive tokens as its accounts say, through stakes and exits", async () => {
    const { committee, incentive } = await chain.loadFixture(withRoster);
    await committee.connect(oracles[2]).requestExit(minimumStake);
    await committee.connect(oracles[4]).requestExit(5n * minimumStake);
    await chain.time.increase(exitDelaySeconds);
    await committee.connect(oracles[4]).completeExit();
    let stakes = 0n;
    for (const account of oracles) {
      stakes += (await committee.stakeOf(account)) + (await committee.exitOf(account)).stake;
    }
    expect(stakes).to.equal(23n * minimumStake);
    expect(await incentive.balanceOf(committee)).to.equal(stakes);
  });
});
