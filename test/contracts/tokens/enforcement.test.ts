import { expect } from "chai";
import fc from "fast-check";
import { connect } from "../chain.ts";
import { status } from "../participants.ts";
import { deployPlatform } from "../platform.ts";

// StableToken under ERC-7943: cases, freezes and forced transfers.

const chain = await connect();
const { ethers } = chain;
const bank = chain.signer(6);
const buyer = chain.signer(7);
const heir = chain.signer(8);
const market = chain.signer(9);
const whole = 2n ** 256n - 1n;
const courtOrder = 1;
const sanctions = 5;
const caseA = ethers.id("case A");
const caseB = ethers.id("case B");
const evidence = ethers.id("order 17/2026");

async function withMoney() {
  const platform = await deployPlatform(chain);
  for (const account of [bank, buyer, heir]) await platform.admit(account);
  await platform.fund(buyer, 1000n);
  await platform.stable.setProtocolContract(market, true);
  return { ...platform, as: platform.stable.connect(platform.regulator) };
}
async function withCase() {
  const platform = await withMoney();
  await platform.as.openCase(caseA, sanctions, evidence);
  return platform;
}

describe("StableToken: ERC-7943", () => {
  it("says that it is fungible under its id, and nothing else", async () => {
    const { stable } = await chain.loadFixture(withMoney);
    for (const id of ["0x3edbb4c4", "0x01ffc9a7"]) expect(await stable.supportsInterface(id), id).to.equal(true);
    for (const id of ["0xffffffff", "0xbf1ef5fe"]) expect(await stable.supportsInterface(id), id).to.equal(false);
  });

  it("answers for accounts that nobody admitted without a revert", async () => {
    const { stable, stranger } = await chain.loadFixture(withMoney);
    expect([await stable.canSend(stranger), await stable.canReceive(stranger)]).to.deep.equal([false, false]);
    expect(await stable.canTransfer(stranger, buyer, 0)).to.equal(false);
    expect(await stable.canTransfer(buyer, stranger, 0)).to.equal(false);
    expect(await stable.canTransfer(buyer, bank, whole), "a balance is not a permission").to.equal(true);
  });
});

describe("StableToken: cases", () => {
  it("are the regulator's alone, as every act under them", async () => {
    const { stable, issuer, admin, registrar } = await chain.loadFixture(withCase);
    for (const caller of [issuer, admin, registrar, buyer]) {
      const by = stable.connect(caller);
      for (const act of [
        () => by.openCase(caseB, courtOrder, evidence),
        () => by.resumeCase(caseA),
        () => by.closeCase(caseA),
        () => by.setFrozenTokens(buyer, 1),
        () => by.forcedTransfer(buyer, bank, 1),
      ]) {
        await expect(act()).to.be.revertedWithCustomError(stable, "AccessManagedUnauthorized").withArgs(caller);
      }
    }
  });

  it("need an id, a reason of the table, and are opened once", async () => {
    const { stable, as } = await chain.loadFixture(withCase);
    await expect(as.openCase(ethers.ZeroHash, courtOrder, evidence))
      .to.be.revertedWithCustomError(stable, "StableToken_UnknownCase")
      .withArgs(ethers.ZeroHash);
    for (const reason of [0, 10]) {
      await expect(as.openCase(caseB, reason, evidence))
        .to.be.revertedWithCustomError(stable, "StableToken_UnknownReason")
        .withArgs(reason);
    }
    await expect(as.openCase(caseA, courtOrder, evidence))
      .to.be.revertedWithCustomError(stable, "StableToken_CaseExists")
      .withArgs(caseA);
  });

  it("are needed for every act, and a closed one is none", async () => {
    const { stable, as, regulator } = await chain.loadFixture(withMoney);
    const acts = [() => as.setFrozenTokens(buyer, 1), () => as.forcedTransfer(buyer, bank, 1)];
    for (const act of acts) {
      await expect(act()).to.be.revertedWithCustomError(stable, "StableToken_NoCaseInHand").withArgs(regulator);
    }
    await as.openCase(caseA, courtOrder, evidence);
    await expect(as.closeCase(caseA)).to.emit(stable, "CaseClosed").withArgs(caseA, regulator);
    for (const act of [...acts, () => as.resumeCase(caseA), () => as.closeCase(caseA)]) {
      await expect(act()).to.be.revertedWithCustomError(stable, "StableToken_CaseIsClosed").withArgs(caseA);
    }
    await expect(as.resumeCase(caseB)).to.be.revertedWithCustomError(stable, "StableToken_UnknownCase").withArgs(caseB);
  });

  it("keep who opened them, why and on what, and are taken up again", async () => {
    const { stable, as, regulator } = await chain.loadFixture(withMoney);
    await expect(as.openCase(caseA, sanctions, evidence))
      .to.emit(stable, "CaseOpened")
      .withArgs(caseA, sanctions, regulator, evidence);
    const opened = BigInt(await chain.time.latest());
    expect([...(await stable.caseOf(caseA))]).to.deep.equal([5n, regulator.address, opened, false, evidence]);
    await as.openCase(caseB, courtOrder, evidence);
    expect(await stable.caseInHand(regulator)).to.equal(caseB);
    await expect(as.resumeCase(caseA)).to.emit(stable, "CaseResumed").withArgs(caseA, regulator);
    await as.setFrozenTokens(buyer, 1);
    expect(await stable.frozenUnder(buyer)).to.equal(caseA);
  });
});

describe("StableToken: freeze", () => {
  it("refuses a contract of the protocol, and a frozen account is made none", async () => {
    const { stable, as } = await chain.loadFixture(withCase);
    await expect(as.setFrozenTokens(market, 1))
      .to.be.revertedWithCustomError(stable, "StableToken_ProtocolContract")
      .withArgs(market);
    await as.setFrozenTokens(heir, 3);
    await expect(stable.setProtocolContract(heir, true))
      .to.be.revertedWithCustomError(stable, "StableToken_FrozenAccount")
      .withArgs(heir, 3);
  });

  it("of an amount holds that much back and no more", async () => {
    const { stable, as, regulator } = await chain.loadFixture(withCase);
    const act = as.setFrozenTokens(buyer, 700n);
    await expect(act).to.emit(stable, "Frozen").withArgs(buyer, 700);
    await expect(act).to.emit(stable, "FrozenUnderCase").withArgs(caseA, buyer, sanctions, 700);
    expect(await stable.getFrozenTokens(buyer)).to.equal(700n);
    await expect(stable.connect(buyer).transfer(bank, 301n))
      .to.be.revertedWithCustomError(stable, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(buyer, 301, 300);
    await expect(stable.connect(buyer).transfer(bank, 1001n), "more than the balance is the token's own error")
      .to.be.revertedWithCustomError(stable, "ERC20InsufficientBalance")
      .withArgs(buyer, 1000, 1001);
    await stable.connect(buyer).approve(regulator, 301n);
    await expect(as.transferFrom(buyer, bank, 301n)).to.be.revertedWithCustomError(
      stable,
      "ERC7943InsufficientUnfrozenBalance",
    );
    const can = (amount: bigint) => stable.canTransfer(buyer, bank, amount);
    expect([await can(300n), await can(301n), await can(1001n)]).to.deep.equal([true, false, true]);
    await stable.connect(buyer).transfer(bank, 300n);
    expect(await stable.balanceOf(buyer)).to.equal(700n);
  });

  it("of the whole account takes in what comes and lets nothing out, until it is lifted", async () => {
    const { stable, as } = await chain.loadFixture(withCase);
    await as.setFrozenTokens(bank, whole);
    await stable.connect(buyer).transfer(bank, 5n);
    expect(await stable.canReceive(bank)).to.equal(true);
    await expect(stable.connect(bank).transfer(buyer, 1n))
      .to.be.revertedWithCustomError(stable, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(bank, 1, 0);
    await expect(as.setFrozenTokens(bank, 0)).to.emit(stable, "Frozen").withArgs(bank, 0);
    await stable.connect(bank).transfer(buyer, 5n);
  });

  it("binds the issuer's burn too", async () => {
    const { stable, as, issuer, admit, fund } = await chain.loadFixture(withCase);
    await admit(issuer);
    await fund(issuer, 10n);
    await as.setFrozenTokens(issuer, 4n);
    await expect(stable.connect(issuer).burn(7, ethers.id("pay-out")))
      .to.be.revertedWithCustomError(stable, "ERC7943InsufficientUnfrozenBalance")
      .withArgs(issuer, 7, 6);
    await stable.connect(issuer).burn(6, ethers.id("pay-out"));
  });
});

describe("StableToken: forced transfer", () => {
  it("touches no contract of the protocol, neither way", async () => {
    const { stable, as } = await chain.loadFixture(withCase);
    await stable.connect(buyer).transfer(market, 100n);
    for (const [from, to] of [[market, bank] as const, [buyer, market] as const]) {
      await expect(as.forcedTransfer(from, to, 1))
        .to.be.revertedWithCustomError(stable, "StableToken_ProtocolContract")
        .withArgs(market);
    }
  });

  it("goes to who may receive, and not above the balance", async () => {
    const { stable, as, stranger, registry } = await chain.loadFixture(withCase);
    await registry.connect(heir).leave();
    for (const to of [stranger, heir]) {
      await expect(as.forcedTransfer(buyer, to, 1))
        .to.be.revertedWithCustomError(stable, "ERC7943CannotReceive")
        .withArgs(to);
    }
    await expect(as.forcedTransfer(buyer, bank, 1001n))
      .to.be.revertedWithCustomError(stable, "ERC20InsufficientBalance")
      .withArgs(buyer, 1000, 1001);
  });

  it("moves what is free first, then what is frozen, which it unfreezes before", async () => {
    const { stable, as } = await chain.loadFixture(withCase);
    await as.setFrozenTokens(buyer, 600n);
    await expect(as.forcedTransfer(buyer, bank, 400n)).to.not.emit(stable, "Frozen");
    expect(await stable.getFrozenTokens(buyer)).to.equal(600n);
    const act = await as.forcedTransfer(buyer, heir, 250n);
    await expect(act).to.emit(stable, "Frozen").withArgs(buyer, 350);
    await expect(act).to.emit(stable, "ForcedTransfer").withArgs(buyer, heir, 250);
    await expect(act).to.emit(stable, "ForcedTransferUnderCase").withArgs(caseA, buyer, sanctions, heir, 250);
    const names = (await act.wait()).logs.map((log: { fragment: { name: string } }) => log.fragment.name);
    expect(names).to.deep.equal(["Frozen", "Transfer", "ForcedTransfer", "ForcedTransferUnderCase"]);
    expect([await stable.balanceOf(buyer), await stable.balanceOf(heir)]).to.deep.equal([350n, 250n]);
  });

  it("takes from a party that is suspended or frozen as a whole", async () => {
    const { stable, as, registry, supervisor } = await chain.loadFixture(withCase);
    await registry.connect(supervisor).setStatus(buyer, status.suspended, courtOrder);
    await as.setFrozenTokens(buyer, whole);
    await as.forcedTransfer(buyer, bank, 1000n);
    expect([await stable.balanceOf(buyer), await stable.getFrozenTokens(buyer)]).to.deep.equal([0n, 0n]);
  });
});

describe("StableToken: any sequence of acts", () => {
  const parties = [bank, buyer, heir];
  const act = fc.record({
    kind: fc.constantFrom("freeze", "transfer", "force"),
    from: fc.nat(2),
    to: fc.nat(2),
    amount: fc.oneof(fc.bigInt(0n, 1200n), fc.constant(whole)),
  });

  it("never lets a holder move what is frozen, agrees with canTransfer, and keeps the supply", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 12 }), async (acts) => {
        const { stable, as } = await chain.loadFixture(withCase);
        for (const { kind, from, to, amount } of acts) {
          const [source, target] = [parties[from], parties[to]] as [typeof bank, typeof bank];
          if (kind === "freeze") await as.setFrozenTokens(source, amount);
          const balance: bigint = await stable.balanceOf(source);
          const frozen: bigint = await stable.getFrozenTokens(source);
          const free = frozen < balance ? balance - frozen : 0n;
          const done = (sent: Promise<unknown>) => sent.then(() => true).catch(() => false);
          if (kind === "force") {
            expect(await done(as.forcedTransfer(source, target, amount))).to.equal(amount <= balance);
            const after: bigint = await stable.getFrozenTokens(source);
            if (amount <= balance && frozen <= balance) expect(after <= balance - amount).to.equal(true);
          }
          if (kind === "transfer") {
            const can: boolean = await stable.canTransfer(source, target, amount);
            expect(await done(stable.connect(source).transfer(target, amount))).to.equal(amount <= free);
            expect(can && amount <= balance).to.equal(amount <= free);
          }
        }
        expect(await stable.totalSupply()).to.equal(1000n);
      }),
      { numRuns: 25 },
    );
  });
});
