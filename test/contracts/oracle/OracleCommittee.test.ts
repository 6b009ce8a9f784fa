import { expect } from "chai";
import { connect, type Deployed, type Signer } from "../chain.ts";
import { role, status } from "../participants.ts";
import { deployPlatform, exitDelaySeconds, minimumStake, type Platform } from "../platform.ts";
import { type Candidate, type DrawRules, expectedDraw } from "./expectedDraw.ts";

const chain = await connect();
const { ethers } = chain;
const oracles = [6, 7, 8, 9, 10, 11, 12].map(chain.signer);
const oracle = oracles[0] as Signer;
const bank = chain.signer(15);
const bond = 500n * 10n ** 6n;
const [job, seed] = [ethers.id("job"), ethers.id("seed")];
const rules: DrawRules = {
  k: 5,
  t: 2,
  buyerGroup: 901,
  evaluatorGroup: 0,
  contributorGroups: [],
  seatBond: 100n * 10n ** 6n,
};

/** Admits an oracle with tokens of both kinds that the committee may draw. */
async function provide(platform: Platform, account: Signer): Promise<void> {
  await platform.admit(account, { roles: role.oracle });
  await platform.fund(account, 10n * bond);
  await platform.incentive.transfer(account, 10n * minimumStake);
  await platform.incentive.connect(account).approve(platform.committee, ethers.MaxUint256);
  await platform.stable.connect(account).approve(platform.committee, ethers.MaxUint256);
}

async function withOracle() {
  const platform = await deployPlatform(chain);
  await provide(platform, oracle);
  await platform.admit(bank);
  return { ...platform, as: platform.committee.connect(oracle) };
}

/** Seven oracles; stakes 1 : 2 : … : 7 of the minimum, a bond of `bond` each. */
async function withRoster() {
  const platform = await deployPlatform(chain);
  for (const [i, account] of oracles.entries()) {
    await provide(platform, account);
    await platform.committee.connect(account).stake(minimumStake * BigInt(i + 1));
    await platform.committee.connect(account).bond(bond);
  }
  const candidates = plain(await platform.committee.roster());
  const draws = platform.committee.connect(platform.market);
  const rosterHash: string = await platform.committee.rosterHash();
  return { ...platform, candidates, rosterHash, draws };
}

/** What the contract returns, without ethers' wrapping. */
function plain(roster: Candidate[]): Candidate[] {
  return roster.map(({ account, operator, group, stake }) => ({ account, operator, group: Number(group), stake }));
}

function hashOf(candidates: readonly Candidate[]): string {
  const type = "tuple(address account, address operator, uint32 group, uint96 stake)[]";
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([type], [candidates]));
}

async function holding(committee: Deployed, account: Signer): Promise<bigint[]> {
  return [...(await committee.holdingOf(account))];
}

describe("OracleCommittee: construction", () => {
  it("refuses a stake of zero and an exit delay of zero or beyond a year", async () => {
    const { manager, registry, stable, incentive } = await chain.loadFixture(withOracle);
    const factory = await ethers.getContractFactory("OracleCommittee");
    const build = (stake: bigint, delay: number) =>
      factory.deploy(...([manager, registry, stable, incentive, stake, delay] as never[]));
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

describe("OracleCommittee: stake and bond", () => {
  it("are for active oracles", async () => {
    const { committee, registry, supervisor, stranger } = await chain.loadFixture(withOracle);
    await registry.connect(supervisor).setStatus(oracle, status.suspended);
    for (const caller of [stranger, bank, oracle]) {
      for (const act of ["stake", "bond"]) {
        await expect(committee.connect(caller).getFunction(act)(minimumStake))
          .to.be.revertedWithCustomError(committee, "OracleCommittee_NotOracle")
          .withArgs(caller);
      }
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

  it("keeps a bond free until a seat locks it", async () => {
    const { committee, stable, as } = await chain.loadFixture(withOracle);
    await expect(as.bond(70n)).to.emit(committee, "Bonded").withArgs(oracle, 70);
    await expect(as.bond(30n)).to.changeTokenBalances(ethers, stable, [oracle, committee], [-30, 30]);
    expect(await holding(committee, oracle)).to.deep.equal([0n, 100n, 0n]);
  });
});

describe("OracleCommittee: exit", () => {
  async function staked() {
    const platform = await withOracle();
    await platform.as.stake(2n * minimumStake);
    await platform.as.bond(bond);
    return platform;
  }

  it("refuses more than is held, and a second request while one is open", async () => {
    const { committee, as } = await chain.loadFixture(staked);
    await expect(as.requestExit(2n * minimumStake + 1n, 0n))
      .to.be.revertedWithCustomError(committee, "OracleCommittee_StakeTooSmall")
      .withArgs(oracle, 2n * minimumStake, 2n * minimumStake + 1n);
    await expect(as.requestExit(0n, bond + 1n))
      .to.be.revertedWithCustomError(committee, "OracleCommittee_BondTooSmall")
      .withArgs(oracle, bond, bond + 1n);
    await as.requestExit(1n, 1n);
    await expect(as.requestExit(1n, 1n))
      .to.be.revertedWithCustomError(committee, "OracleCommittee_ExitPending")
      .withArgs(oracle);
  });

  it("pays nothing without a request, nor before its delay has passed, nor twice", async () => {
    const { committee, as } = await chain.loadFixture(staked);
    await expect(as.completeExit())
      .to.be.revertedWithCustomError(committee, "OracleCommittee_ExitNotReady")
      .withArgs(oracle, 0);
    await as.requestExit(minimumStake, bond);
    const availableAt = BigInt((await chain.time.latest()) + exitDelaySeconds);
    await chain.time.setNextBlockTimestamp(availableAt - 1n);
    await expect(as.completeExit())
      .to.be.revertedWithCustomError(committee, "OracleCommittee_ExitNotReady")
      .withArgs(oracle, availableAt);
    await chain.time.setNextBlockTimestamp(availableAt);
    await as.completeExit();
    await expect(as.completeExit())
      .to.be.revertedWithCustomError(committee, "OracleCommittee_ExitNotReady")
      .withArgs(oracle, 0);
  });

  it("takes stake and bond out of the draw at once and pays them after the delay", async () => {
    const { committee, incentive, stable, as } = await chain.loadFixture(staked);
    await chain.time.setNextBlockTimestamp((await chain.time.latest()) + 10);
    const availableAt = (await chain.time.latest()) + 10 + exitDelaySeconds;
    await expect(as.requestExit(minimumStake, bond))
      .to.emit(committee, "ExitRequested")
      .withArgs(oracle, minimumStake, bond, availableAt);
    expect(plain(await committee.roster())[0]?.stake).to.equal(minimumStake);
    expect(await holding(committee, oracle)).to.deep.equal([minimumStake, 0n, 0n]);
    expect([...(await committee.exitOf(oracle))]).to.deep.equal([minimumStake, bond, BigInt(availableAt)]);
    await chain.time.increase(exitDelaySeconds);
    const before = [await incentive.balanceOf(oracle), await stable.balanceOf(oracle)] as [bigint, bigint];
    await expect(as.completeExit()).to.emit(committee, "ExitCompleted").withArgs(oracle, minimumStake, bond);
    expect(await incentive.balanceOf(oracle)).to.equal(before[0] + minimumStake);
    expect(await stable.balanceOf(oracle)).to.equal(before[1] + bond);
  });

  it("below the minimum stake leaves the roster", async () => {
    const { committee, as } = await chain.loadFixture(staked);
    await as.requestExit(minimumStake + 1n, 0n);
    expect(await committee.roster()).to.deep.equal([]);
    expect(await committee.rosterHash()).to.equal(hashOf([]));
  });
});

describe("OracleCommittee: roster", () => {
  it("is the hash of what it returns, in the order of entry; who leaves is replaced by the last", async () => {
    const { committee, candidates, rosterHash } = await chain.loadFixture(withRoster);
    expect(rosterHash).to.equal(hashOf(candidates));
    expect(candidates.map(({ account }) => account)).to.deep.equal(oracles.map(({ address }) => address));
    await committee.connect(oracles[1]).requestExit(2n * minimumStake, 0n);
    const left = [0, 6, 2, 3, 4, 5].map((i) => candidates[i] as Candidate);
    expect(plain(await committee.roster())).to.deep.equal(left);
    await committee.connect(oracles[6]).requestExit(7n * minimumStake, 0n);
    await committee.connect(oracles[5]).requestExit(6n * minimumStake, 0n);
    const rest = [0, 4, 2, 3].map((i) => candidates[i] as Candidate);
    expect(plain(await committee.roster())).to.deep.equal(rest);
    expect(await committee.rosterHash()).to.equal(hashOf(rest));
  });

  it("follows a suspension, a lost role and a new operator when anyone refreshes the entry", async () => {
    const { committee, candidates, registry, supervisor, registrar, stranger } = await chain.loadFixture(withRoster);
    const [suspended, demoted, moved] = oracles as [Signer, Signer, Signer];
    await registry.connect(supervisor).setStatus(suspended, status.suspended);
    await registry.connect(registrar).setRoles(demoted, role.institution);
    await registry.connect(moved).setKeys(chain.signer(16), ethers.id("key"), "");
    for (const account of [suspended, demoted, moved]) await committee.connect(stranger).refresh(account);
    const roster = plain(await committee.roster());
    expect(roster.map(({ account }) => account))
      .to.not.include(suspended.address)
      .and.not.include(demoted.address);
    expect(roster.find(({ account }) => account === moved.address)?.operator).to.equal(chain.signer(16).address);
    await registry.connect(supervisor).setStatus(suspended, status.active);
    await committee.refresh(suspended);
    expect(plain(await committee.roster()).at(-1)).to.deep.equal(candidates[0]);
  });

  it("is not changed by refreshing who was never on it", async () => {
    const { committee, stranger } = await chain.loadFixture(withRoster);
    await expect(committee.refresh(stranger)).to.not.emit(committee, "RosterChanged");
  });
});

describe("OracleCommittee: draw", () => {
  it("is the writers' alone, whom the administrator names", async () => {
    const { committee, candidates, rosterHash, stranger, admin } = await chain.loadFixture(withRoster);
    for (const caller of [stranger, admin, oracle]) {
      for (const act of [
        () => committee.connect(caller).draw(job, rosterHash, candidates, seed, rules),
        () => committee.connect(caller).release(job, [], 0n, 0n),
      ]) {
        await expect(act()).to.be.revertedWithCustomError(committee, "OracleCommittee_NotWriter").withArgs(caller);
      }
    }
    await expect(committee.connect(stranger).setWriter(stranger, true))
      .to.be.revertedWithCustomError(committee, "AccessManagedUnauthorized")
      .withArgs(stranger);
    await expect(committee.setWriter(stranger, true)).to.emit(committee, "WriterSet").withArgs(stranger, true);
  });

  it("refuses candidates that are not the roster bound to the job", async () => {
    const { committee, candidates, rosterHash, draws } = await chain.loadFixture(withRoster);
    const heavier = candidates.map((entry, i) => (i === 0 ? { ...entry, stake: entry.stake * 2n } : entry));
    for (const brought of [heavier, candidates.slice(1), [...candidates].reverse()]) {
      await expect(draws.draw(job, rosterHash, brought, seed, rules))
        .to.be.revertedWithCustomError(committee, "OracleCommittee_RosterMismatch")
        .withArgs(hashOf(brought), rosterHash);
    }
  });

  it("refuses when too few can lock the bond of a seat", async () => {
    const { committee, candidates, rosterHash, draws } = await chain.loadFixture(withRoster);
    for (const account of oracles.slice(0, 3)) await committee.connect(account).requestExit(0n, bond);
    await expect(draws.draw(job, rosterHash, candidates, seed, rules))
      .to.be.revertedWithCustomError(committee, "OracleCommittee_TooFewEligible")
      .withArgs(4, 5);
    await expect(draws.draw(job, rosterHash, candidates, seed, { ...rules, seatBond: 2n ** 80n - 1n }))
      .to.be.revertedWithCustomError(committee, "OracleCommittee_TooFewEligible")
      .withArgs(0, 5);
  });

  it("seats whom the rule seats, with stakes of 1 : 2 : … : 7, for twenty seeds", async () => {
    const { candidates, rosterHash, draws } = await chain.loadFixture(withRoster);
    const contributorGroups = candidates.slice(4).map(({ group }) => group);
    const strict = { ...rules, k: 4, t: 1, contributorGroups, buyerGroup: candidates[0]?.group as number };
    for (let i = 0; i < 20; i++) {
      const value = ethers.id(`beacon ${i}`);
      for (const tried of [rules, strict]) {
        const wanted = expectedDraw(candidates, job, value, tried);
        const call = () => draws.draw.staticCall(job, rosterHash, candidates, value, tried);
        if (wanted === undefined) {
          await expect(call()).to.be.revertedWithCustomError(draws, "OracleCommittee_TooFewEligible");
          continue;
        }
        const expected = wanted.map((index) => [candidates[index]?.account, candidates[index]?.operator]);
        expect((await call()).map((seat: string[]) => [...seat])).to.deep.equal(expected);
      }
    }
  });

  it("leaves out who left the roster or took stake away since the job started", async () => {
    const { committee, candidates, rosterHash, draws } = await chain.loadFixture(withRoster);
    await committee.connect(oracles[6]).requestExit(7n * minimumStake, 0n);
    await committee.connect(oracles[5]).requestExit(1n, 0n);
    const stayed = candidates.map((entry, i) => (i < 5 ? entry : { ...entry, stake: 0n }));
    for (let i = 0; i < 10; i++) {
      const value = ethers.id(`beacon ${i}`);
      const seats: string[][] = await draws.draw.staticCall(job, rosterHash, candidates, value, rules);
      const wanted = expectedDraw(stayed, job, value, rules) as number[];
      expect(seats.map(([account]) => account)).to.deep.equal(wanted.map((index) => candidates[index]?.account));
    }
  });

  it("locks a bond for each seat, which its oracle cannot take away", async () => {
    const { committee, candidates, rosterHash, draws } = await chain.loadFixture(withRoster);
    const seats: string[][] = await draws.draw.staticCall(job, rosterHash, candidates, seed, rules);
    await draws.draw(job, rosterHash, candidates, seed, rules);
    const seated = new Set(seats.map(([account]) => account));
    for (const [i, account] of oracles.entries()) {
      const locked = seated.has(account.address) ? rules.seatBond : 0n;
      expect(await holding(committee, account)).to.deep.equal([minimumStake * BigInt(i + 1), bond - locked, locked]);
      if (locked === 0n) continue;
      await expect(committee.connect(account).requestExit(0n, bond))
        .to.be.revertedWithCustomError(committee, "OracleCommittee_BondTooSmall")
        .withArgs(account, bond - locked, bond);
    }
  });
});

describe("OracleCommittee: release", () => {
  async function seated() {
    const platform = await withRoster();
    const { draws, rosterHash, candidates } = platform;
    const seats: string[][] = await draws.draw.staticCall(job, rosterHash, candidates, seed, rules);
    await draws.draw(job, rosterHash, candidates, seed, rules);
    return { ...platform, accounts: seats.map(([account]) => account as string) };
  }

  it("refuses more than is locked", async () => {
    const { committee, draws, accounts } = await chain.loadFixture(seated);
    await expect(draws.release(job, accounts, rules.seatBond + 1n, 0n))
      .to.be.revertedWithCustomError(committee, "OracleCommittee_LockTooSmall")
      .withArgs(accounts[0], rules.seatBond, rules.seatBond + 1n);
    await draws.release(job, accounts, rules.seatBond, 0n);
    await expect(draws.release(job, accounts, rules.seatBond, 0n))
      .to.be.revertedWithCustomError(committee, "OracleCommittee_LockTooSmall")
      .withArgs(accounts[0], 0, rules.seatBond);
  });

  it("frees bonds, and sends those forfeited to the market", async () => {
    const { committee, stable, draws, market, accounts } = await chain.loadFixture(seated);
    const forfeit = 0b10010n;
    expect(await draws.release.staticCall(job, accounts, rules.seatBond, forfeit)).to.equal(2n * rules.seatBond);
    const act = draws.release(job, accounts, rules.seatBond, forfeit);
    await expect(act).to.emit(committee, "BondForfeited").withArgs(accounts[1], job, rules.seatBond);
    await expect(act).to.emit(committee, "BondForfeited").withArgs(accounts[4], job, rules.seatBond);
    await expect(act).to.changeTokenBalances(
      ethers,
      stable,
      [market, committee],
      [2n * rules.seatBond, -2n * rules.seatBond],
    );
    for (const [seat, account] of accounts.entries()) {
      const lost = seat === 1 || seat === 4 ? rules.seatBond : 0n;
      const { freeBond, lockedBond } = await committee.holdingOf(account);
      expect([freeBond, lockedBond], `seat ${seat}`).to.deep.equal([bond - lost, 0n]);
    }
  });

  it("holds as much of both tokens as its accounts say, through draws, forfeits and exits", async () => {
    const { committee, stable, incentive, draws, accounts, candidates, rosterHash } = await chain.loadFixture(seated);
    await draws.draw(ethers.id("second job"), rosterHash, candidates, ethers.id("second seed"), rules);
    await draws.release(job, accounts, rules.seatBond, 0b1n);
    await committee.connect(oracles[2]).requestExit(minimumStake, 1n);
    let [bonds, stakes] = [0n, 0n];
    for (const account of oracles) {
      const [held, exit] = [await committee.holdingOf(account), await committee.exitOf(account)];
      bonds += held.freeBond + held.lockedBond + exit.bond;
      stakes += held.stake + exit.stake;
    }
    expect(await stable.balanceOf(committee)).to.equal(bonds);
    expect(await incentive.balanceOf(committee)).to.equal(stakes);
  });
});
