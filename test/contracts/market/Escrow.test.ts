import { expect } from "chai";
import { connect, type Deployed } from "../chain.ts";
import { deployPlatform } from "../platform.ts";
import { signPermit } from "../tokens/permit.ts";

const chain = await connect();
const { ethers } = chain;
const buyer = chain.signer(6);
const bank = chain.signer(7);
const whole = 2n ** 128n - 1n;
const far = 2n ** 40n;

async function deployed() {
  const platform = await deployPlatform(chain);
  const escrow = await chain.deploy("EscrowHarness", [platform.stable, platform.incentive]);
  await platform.stable.setProtocolContract(escrow, true);
  await platform.incentive.setMinter(escrow, true);
  for (const account of [buyer, bank]) await platform.admit(account);
  await platform.fund(buyer, 1000n);
  return { ...platform, escrow, as: escrow.connect(buyer) };
}
async function withDeposit() {
  const platform = await deployed();
  await platform.stable.connect(buyer).approve(platform.escrow, 600n);
  await platform.as.deposit(600n);
  return platform;
}

async function creditOf(escrow: Deployed, account: unknown): Promise<bigint[]> {
  return [...(await escrow.creditOf(account))];
}

describe("Escrow: deposit", () => {
  it("refuses nothing, and what the token refuses", async () => {
    const { escrow, stable, as, stranger } = await chain.loadFixture(deployed);
    await expect(as.deposit(0n)).to.be.revertedWithCustomError(escrow, "Escrow_ZeroAmount");
    await expect(as.deposit(1n))
      .to.be.revertedWithCustomError(stable, "ERC20InsufficientAllowance")
      .withArgs(escrow, 0, 1);
    await stable.connect(bank).approve(escrow, 5n);
    await expect(escrow.connect(bank).deposit(1n))
      .to.be.revertedWithCustomError(stable, "ERC20InsufficientBalance")
      .withArgs(bank, 0, 1);
    await stable.connect(stranger).approve(escrow, 5n);
    await expect(escrow.connect(stranger).deposit(1n))
      .to.be.revertedWithCustomError(stable, "ERC7943CannotSend")
      .withArgs(stranger);
  });

  it("credits the caller with what came in", async () => {
    const { escrow, stable, as } = await chain.loadFixture(deployed);
    await stable.connect(buyer).approve(escrow, 600n);
    const act = as.deposit(600n);
    await expect(act).to.emit(escrow, "Deposited").withArgs(buyer, 600);
    await expect(act).to.changeTokenBalances(ethers, stable, [buyer, escrow], [-600, 600]);
    expect(await creditOf(escrow, buyer)).to.deep.equal([600n, 0n]);
  });

  it("takes a permit of the caller alone; one signed for less, by another or expired leaves no allowance", async () => {
    const { escrow, stable } = await chain.loadFixture(deployed);
    const spender: string = await escrow.getAddress();
    const signed = await signPermit(chain, stable, buyer, { spender, value: 100n, deadline: far });
    const late = BigInt(await chain.time.latest()) - 1n;
    const expired = await signPermit(chain, stable, buyer, { spender, value: 100n, deadline: late });
    for (const [caller, amount, deadline, signature] of [
      [bank, 100n, far, signed],
      [buyer, 101n, far, signed],
      [buyer, 100n, late, expired],
    ] as const) {
      await expect(
        escrow.connect(caller).depositWithPermit(amount, deadline, ...signature),
      ).to.be.revertedWithCustomError(stable, "ERC20InsufficientAllowance");
    }
    await escrow.connect(buyer).depositWithPermit(100n, far, ...signed);
    expect(await creditOf(escrow, buyer)).to.deep.equal([100n, 0n]);
  });

  it("goes through when somebody else used the permit up first", async () => {
    const { escrow, stable, stranger } = await chain.loadFixture(deployed);
    const spender: string = await escrow.getAddress();
    const signed = await signPermit(chain, stable, buyer, { spender, value: 100n, deadline: far });
    await stable.connect(stranger).permit(buyer, spender, 100n, far, ...signed);
    await escrow.connect(buyer).depositWithPermit(100n, far, ...signed);
    expect(await creditOf(escrow, buyer)).to.deep.equal([100n, 0n]);
  });
});

describe("Escrow: withdrawal", () => {
  it("refuses nothing at all, the whole of nothing, and more than is held of either token", async () => {
    const { escrow, as } = await chain.loadFixture(withDeposit);
    await expect(as.withdraw(0n, 0n)).to.be.revertedWithCustomError(escrow, "Escrow_ZeroAmount");
    await expect(escrow.connect(bank).withdraw(whole, whole)).to.be.revertedWithCustomError(
      escrow,
      "Escrow_ZeroAmount",
    );
    await expect(as.withdraw(601n, 0n))
      .to.be.revertedWithCustomError(escrow, "Escrow_BalanceTooSmall")
      .withArgs(buyer, 600, 601);
    await expect(as.withdraw(600n, 1n))
      .to.be.revertedWithCustomError(escrow, "Escrow_BalanceTooSmall")
      .withArgs(buyer, 0, 1);
  });

  it("is refused to a party that is suspended: its balance waits", async () => {
    const { escrow, stable, as, registry, supervisor } = await chain.loadFixture(withDeposit);
    await registry.connect(supervisor).setStatus(buyer, 2, 7);
    await expect(as.withdraw(whole, 0n)).to.be.revertedWithCustomError(stable, "ERC7943CannotReceive").withArgs(buyer);
    expect(await creditOf(escrow, buyer)).to.deep.equal([600n, 0n]);
  });

  it("pays stable tokens, and mints incentive tokens as earned", async () => {
    const { escrow, stable, incentive, as } = await chain.loadFixture(withDeposit);
    await escrow.lock(buyer, 200n);
    await escrow.pay(buyer, 50n, 900n);
    expect(await creditOf(escrow, buyer)).to.deep.equal([450n, 900n]);
    const act = as.withdraw(400n, 300n);
    await expect(act).to.emit(escrow, "Withdrawn").withArgs(buyer, 400, 300);
    await expect(act).to.changeTokenBalances(ethers, stable, [escrow, buyer], [-400, 400]);
    expect([await incentive.balanceOf(buyer), await incentive.earned(buyer)]).to.deep.equal([300n, 300n]);
    // An estimate of the same second counts no checkpoint of votes that the next second adds.
    await as.withdraw(whole, whole, { gasLimit: 1_000_000 });
    expect(await creditOf(escrow, buyer)).to.deep.equal([0n, 0n]);
    expect(await incentive.earned(buyer)).to.equal(900n);
  });
});

describe("Escrow: moves of jobs", () => {
  it("take from a balance no more than it holds, and pay back into balances", async () => {
    const { escrow } = await chain.loadFixture(withDeposit);
    await expect(escrow.lock(buyer, 601n))
      .to.be.revertedWithCustomError(escrow, "Escrow_BalanceTooSmall")
      .withArgs(buyer, 600, 601);
    await escrow.lock(buyer, 600n);
    await escrow.pay(bank, 250n, 0n);
    expect(await creditOf(escrow, bank)).to.deep.equal([250n, 0n]);
    await expect(escrow.lock(buyer, 1n))
      .to.be.revertedWithCustomError(escrow, "Escrow_BalanceTooSmall")
      .withArgs(buyer, 0, 1);
  });

  it("stop at 2^112 of incentives instead of running into what lies beside them", async () => {
    const { escrow } = await chain.loadFixture(withDeposit);
    const most = 2n ** 112n - 1n;
    await escrow.pay(bank, 0n, most);
    await expect(escrow.pay(bank, 0n, 1n)).to.be.revertedWithPanic(0x11);
    await expect(escrow.pay(buyer, 0n, whole)).to.be.revertedWithPanic(0x11);
    await escrow.lock(buyer, 5n);
    await escrow.pay(bank, 5n, 0n);
    expect(await creditOf(escrow, bank)).to.deep.equal([5n, most]);
  });

  it("keep the lower bits of the slot: a debit of stable tokens leaves the incentive credit", async () => {
    const { escrow } = await chain.loadFixture(withDeposit);
    await escrow.pay(buyer, 0n, 77n);
    await escrow.lock(buyer, 599n);
    expect(await creditOf(escrow, buyer)).to.deep.equal([1n, 77n]);
  });

  it("cost the same with 1 and with 200 amounts open", async () => {
    const { escrow, as, stable } = await chain.loadFixture(withDeposit);
    const gas = async () => (await (await escrow.lock(buyer, 1n)).wait()).gasUsed as bigint;
    await gas();
    const early = await gas();
    for (let i = 0; i < 198; i++) await escrow.lock(buyer, 1n);
    expect(await gas()).to.equal(early);
    await stable.connect(buyer).approve(escrow, 100n);
    await as.deposit(100n);
    expect(await stable.balanceOf(escrow)).to.equal(700n);
  });
});

describe("Escrow: hostile tokens", () => {
  async function withFee() {
    const { incentive } = await deployPlatform(chain);
    const token = await chain.deploy("FeeToken", [buyer.address, 1000n]);
    const escrow = await chain.deploy("BrokenEscrow", [token, incentive]);
    await token.connect(buyer).approve(escrow, 1000n);
    return { token, escrow, as: escrow.connect(buyer) };
  }

  it("that keep a part are refused; without the measure the escrow owes more than it has", async () => {
    const { token, escrow, as } = await chain.loadFixture(withFee);
    await expect(as.deposit(100n)).to.be.revertedWithCustomError(escrow, "Escrow_AmountNotReceived").withArgs(99, 100);
    await as.depositUnmeasured(100n);
    expect((await creditOf(escrow, buyer))[0]).to.be.greaterThan((await token.balanceOf(escrow)) as bigint);
  });

  async function withHook() {
    const { incentive } = await deployPlatform(chain);
    const token = await chain.deploy("HookToken", [100n, buyer.address, 1000n]);
    const escrow = await chain.deploy("BrokenEscrow", [token, incentive]);
    await token.connect(buyer).approve(escrow, 1000n);
    await token.allow(escrow);
    const call = (name: string, args: unknown[]) => escrow.interface.encodeFunctionData(name, args);
    await escrow.connect(buyer).deposit(500n);
    await token.act(escrow, call("deposit", [60n]));
    return { token, escrow, call, as: escrow.connect(buyer) };
  }

  it("that deposit within a deposit are refused", async () => {
    const { token, escrow, call, as } = await chain.loadFixture(withHook);
    await token.hook(escrow, call("deposit", [10n]));
    await expect(as.deposit(100n)).to.be.revertedWithCustomError(escrow, "Escrow_AmountNotReceived").withArgs(110, 100);
  });

  it("that withdraw within a deposit are refused", async () => {
    const { token, escrow, call, as } = await chain.loadFixture(withHook);
    await token.hook(escrow, call("withdraw", [10n, 0n]));
    await expect(as.deposit(100n)).to.be.revertedWithCustomError(escrow, "Escrow_AmountNotReceived").withArgs(90, 100);
  });

  it("that withdraw within a withdrawal get their credit once; paying first pays it twice", async () => {
    const { token, escrow, call } = await chain.loadFixture(withHook);
    await token.hook(escrow, call("withdraw", [60n, 0n]));
    await expect(token.act(escrow, call("withdraw", [60n, 0n]))).to.be.revertedWith("the call back was refused");
    await token.hook(escrow, call("withdrawPayingFirst", [60n]));
    const before: bigint = await token.balanceOf(token);
    await token.act(escrow, call("withdrawPayingFirst", [60n]));
    expect((await token.balanceOf(token)) - before).to.equal(120n);
    expect(await token.balanceOf(escrow)).to.be.lessThan(500n);
  });
});
