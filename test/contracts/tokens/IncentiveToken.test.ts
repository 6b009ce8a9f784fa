import { expect } from "chai";
import { connect } from "../chain.ts";
import { deployPlatform, genesisAmount, incentiveCap, openSchedule } from "../platform.ts";
import { signPermit } from "./permit.ts";

const chain = await connect();
const { ethers } = chain;
const bank = chain.signer(6);
const other = chain.signer(7);

async function deployed() {
  return deployPlatform(chain);
}

describe("IncentiveToken: genesis", () => {
  const issue = async (cap: bigint, recipients: unknown[], amounts: bigint[]) => {
    const { manager } = await chain.loadFixture(deployed);
    return chain.deploy("IncentiveToken", [manager, cap, openSchedule, recipients, amounts]);
  };

  it("refuses lists of different length and a cap of zero", async () => {
    const { incentive } = await chain.loadFixture(deployed);
    await expect(issue(10n, [bank], [])).to.be.revertedWithCustomError(incentive, "IncentiveToken_BadGenesis");
    await expect(issue(0n, [], [])).to.be.revertedWithCustomError(incentive, "IncentiveToken_BadGenesis");
  });

  it("refuses more than the cap", async () => {
    const { incentive } = await chain.loadFixture(deployed);
    await expect(issue(10n, [bank, other], [7n, 4n]))
      .to.be.revertedWithCustomError(incentive, "IncentiveToken_CapExceeded")
      .withArgs(11, 10);
  });

  it("is allotted inside the cap and is not earned", async () => {
    const token = await issue(11n, [bank, other], [7n, 4n]);
    expect(await token.totalSupply()).to.equal(11n);
    expect([await token.balanceOf(bank), await token.earned(bank)]).to.deep.equal([7n, 0n]);
    expect(await token.cap()).to.equal(11n);
  });
});

describe("IncentiveToken: minting", () => {
  it("is for minters that the administrator named", async () => {
    const { incentive, stranger, admin, market } = await chain.loadFixture(deployed);
    for (const caller of [stranger, admin]) {
      await expect(incentive.connect(caller).mintEarned(bank, 1))
        .to.be.revertedWithCustomError(incentive, "IncentiveToken_NotMinter")
        .withArgs(caller);
    }
    await expect(incentive.connect(stranger).setMinter(stranger, true))
      .to.be.revertedWithCustomError(incentive, "AccessManagedUnauthorized")
      .withArgs(stranger);
    await expect(incentive.connect(admin).setMinter(market, false))
      .to.emit(incentive, "MinterSet")
      .withArgs(market, false);
    await expect(incentive.connect(market).mintEarned(bank, 1))
      .to.be.revertedWithCustomError(incentive, "IncentiveToken_NotMinter")
      .withArgs(market);
  });

  it("stops at the cap, and the refused amount does not count as earned", async () => {
    const { incentive, market } = await chain.loadFixture(deployed);
    const room = incentiveCap - genesisAmount;
    await expect(incentive.connect(market).mintEarned(bank, room + 1n))
      .to.be.revertedWithCustomError(incentive, "IncentiveToken_CapExceeded")
      .withArgs(incentiveCap + 1n, incentiveCap);
    expect(await incentive.earned(bank)).to.equal(0n);
    await incentive.connect(market).mintEarned(bank, room);
    await expect(incentive.connect(market).mintEarned(other, 1)).to.be.revertedWithCustomError(
      incentive,
      "IncentiveToken_CapExceeded",
    );
    expect(await incentive.totalSupply()).to.equal(incentiveCap);
  });

  it("counts what was earned; transfers move the tokens and not the count", async () => {
    const { incentive, market } = await chain.loadFixture(deployed);
    await expect(incentive.connect(market).mintEarned(bank, 300n))
      .to.emit(incentive, "IncentiveEarned")
      .withArgs(bank, 300);
    await incentive.connect(market).mintEarned(bank, 45n);
    await incentive.connect(bank).transfer(other, 345n);
    expect([await incentive.earned(bank), await incentive.earned(other)]).to.deep.equal([345n, 0n]);
    expect([await incentive.balanceOf(bank), await incentive.balanceOf(other)]).to.deep.equal([0n, 345n]);
  });
});

describe("IncentiveToken: emission", () => {
  const week = 604_800;
  const schedule = { initialEmission: 1000n, epochSeconds: week, halvingEpochs: 2 };
  async function scheduled() {
    const platform = await deployPlatform(chain);
    const token = await chain.deploy("IncentiveToken", [platform.manager, 10_000n, schedule, [bank], [500n]]);
    const [first, second] = [chain.signer(8), chain.signer(9)];
    for (const minter of [first, second]) await token.setMinter(minter, true);
    return { token, first, second };
  }
  const begin = async (token: { emissionStart(): Promise<bigint> }, epoch: number) =>
    chain.time.increaseTo(Number(await token.emissionStart()) + epoch * week);

  it("is not deployed without an epoch or without a halving", async () => {
    const { manager, incentive } = await chain.loadFixture(deployed);
    for (const field of ["epochSeconds", "halvingEpochs"]) {
      await expect(chain.deploy("IncentiveToken", [manager, 10n, { ...schedule, [field]: 0 }, [], []]))
        .to.be.revertedWithCustomError(incentive, "IncentiveToken_BadSchedule")
        .withArgs(field);
    }
  });

  it("binds two markets together: what one minted the other cannot", async () => {
    const { token, first, second } = await chain.loadFixture(scheduled);
    await token.connect(first).mintEarned(bank, 600n);
    await expect(token.connect(second).mintEarned(other, 401n))
      .to.be.revertedWithCustomError(token, "IncentiveToken_EmissionExceeded")
      .withArgs(401, 400);
    expect([await token.earned(other), await token.totalEarned()]).to.deep.equal([0n, 600n]);
    await token.connect(second).mintEarned(other, 400n);
    expect([await token.emissionLeft(), await token.totalEarned()]).to.deep.equal([0n, 1000n]);
    expect(await token.totalSupply(), "genesis is not of the schedule").to.equal(1500n);
  });

  it("lets what an epoch did not use be minted later, and halves with the epochs", async () => {
    const { token, first } = await chain.loadFixture(scheduled);
    expect([...(await token.schedule())]).to.deep.equal([1000n, BigInt(week), 2n]);
    const left = async (epoch: number) => {
      await begin(token, epoch);
      return token.emissionLeft();
    };
    expect([await left(1), await left(2), await left(3), await left(4)]).to.deep.equal([2000n, 2500n, 3000n, 3250n]);
    await token.connect(first).mintEarned(bank, 3250n);
    expect(await left(5)).to.equal(250n);
    expect(await left(500)).to.equal(2n * 1000n + 2n * (500n + 250n + 125n + 62n + 31n + 15n + 7n + 3n + 1n) - 3250n);
  });

  it("never passes the cap, whatever the schedule allows", async () => {
    const { manager } = await chain.loadFixture(deployed);
    const token = await chain.deploy("IncentiveToken", [manager, 1400n, schedule, [bank], [500n]]);
    await token.setMinter(other, true);
    await expect(token.connect(other).mintEarned(other, 901n))
      .to.be.revertedWithCustomError(token, "IncentiveToken_CapExceeded")
      .withArgs(1401, 1400);
    await token.connect(other).mintEarned(other, 900n);
  });
});

describe("IncentiveToken: votes", () => {
  it("count by block time, and the past alone can be asked for", async () => {
    const { incentive } = await chain.loadFixture(deployed);
    const now = BigInt(await chain.time.latest());
    expect(await incentive.clock()).to.equal(now);
    expect(await incentive.CLOCK_MODE()).to.equal("mode=timestamp");
    await expect(incentive.getPastVotes(bank, now + 1n))
      .to.be.revertedWithCustomError(incentive, "ERC5805FutureLookup")
      .withArgs(now + 1n, now);
  });

  it("start with the delegation, follow transfers, and keep their past by time", async () => {
    const { incentive, market } = await chain.loadFixture(deployed);
    await incentive.connect(market).mintEarned(bank, 100n);
    expect(await incentive.getVotes(bank)).to.equal(0n);
    await incentive.connect(bank).delegate(bank);
    const before = await chain.time.latest();
    await chain.time.increase(1000);
    await incentive.connect(bank).transfer(other, 30n);
    expect(await incentive.getVotes(bank)).to.equal(70n);
    await chain.time.increase(1);
    expect(await incentive.getPastVotes(bank, before + 999)).to.equal(100n);
    expect(await incentive.getPastVotes(bank, before - 1)).to.equal(0n);
    expect(await incentive.getPastTotalSupply(before)).to.equal(genesisAmount + 100n);
  });

  it("are delegated by a signature once: permit and delegation share one nonce", async () => {
    const { incentive, market } = await chain.loadFixture(deployed);
    await incentive.connect(market).mintEarned(bank, 100n);
    const deadline = 2n ** 40n;
    const signed = await signPermit(chain, incentive, bank, { spender: other.address, value: 9n, deadline });
    await incentive.permit(bank, other, 9, deadline, ...signed);
    expect(await incentive.nonces(bank)).to.equal(1n);
    await incentive.connect(other).transferFrom(bank, other, 9);
    expect(await incentive.balanceOf(other)).to.equal(9n);
    const [v, r, s] = await signDelegation(incentive, 0n, deadline);
    await expect(incentive.delegateBySig(other, 0, deadline, v, r, s))
      .to.be.revertedWithCustomError(incentive, "InvalidAccountNonce")
      .withArgs(bank, 1);
    const [v1, r1, s1] = await signDelegation(incentive, 1n, deadline);
    await incentive.delegateBySig(other, 1, deadline, v1, r1, s1);
    expect(await incentive.getVotes(other)).to.equal(91n);
  });
});

async function signDelegation(token: { eip712Domain(): Promise<unknown[]> }, nonce: bigint, expiry: bigint) {
  const [, name, version, chainId, verifyingContract] = (await token.eip712Domain()) as [
    string,
    string,
    string,
    bigint,
    string,
  ];
  const types = {
    Delegation: [
      { name: "delegatee", type: "address" },
      { name: "nonce", type: "uint256" },
      { name: "expiry", type: "uint256" },
    ],
  };
  const message = { delegatee: other.address, nonce, expiry };
  const signature = await bank.signTypedData({ name, version, chainId, verifyingContract }, types, message);
  const { v, r, s } = ethers.Signature.from(signature);
  return [v, r, s] as const;
}
