import { expect } from "chai";
import { connect } from "../chain.ts";
import { deployPlatform } from "../platform.ts";

const chain = await connect();
const { ethers } = chain;
const [cards, loans] = [ethers.id("card holders"), ethers.id("borrowers")];
const holder = chain.signer(6);
const largest = 2n ** 64n - 1n;

async function opened() {
  const platform = await deployPlatform(chain);
  const ledger = platform.privacy.connect(platform.market);
  await ledger.open(cards, holder, 1000n);
  await ledger.open(loans, holder, 50n);
  return { ...platform, ledger };
}

describe("PrivacyLedger", () => {
  it("is written by its writers alone, whom the administrator names", async () => {
    const { privacy, stranger, admin } = await chain.loadFixture(opened);
    for (const caller of [stranger, admin, holder]) {
      const as = privacy.connect(caller);
      const acts = [
        () => as.open(ethers.id("x"), caller, 1n),
        () => as.reserve([cards], [1n]),
        () => as.close([cards], [1n], [1n]),
      ];
      for (const act of acts) {
        await expect(act()).to.be.revertedWithCustomError(privacy, "PrivacyLedger_NotWriter").withArgs(caller);
      }
    }
    await expect(privacy.connect(stranger).setWriter(stranger, true))
      .to.be.revertedWithCustomError(privacy, "AccessManagedUnauthorized")
      .withArgs(stranger);
    await expect(privacy.connect(admin).setWriter(holder, true)).to.emit(privacy, "WriterSet").withArgs(holder, true);
  });

  it("opens a population once, even one whose cap is zero", async () => {
    const { ledger } = await chain.loadFixture(opened);
    const closed = ethers.id("no budget");
    await expect(ledger.open(closed, holder, 0n))
      .to.emit(ledger, "PopulationOpened")
      .withArgs(closed, holder, 0);
    for (const population of [cards, closed]) {
      await expect(ledger.open(population, chain.signer(7), 10_000n))
        .to.be.revertedWithCustomError(ledger, "PrivacyLedger_AlreadyOpen")
        .withArgs(population, holder);
    }
  });

  it("reserves nothing of an unknown population", async () => {
    const { ledger } = await chain.loadFixture(opened);
    const unknown = ethers.id("unknown");
    await expect(ledger.reserve([unknown], [1n]))
      .to.be.revertedWithCustomError(ledger, "PrivacyLedger_UnknownPopulation")
      .withArgs(unknown);
  });

  it("keeps spent + reserved within the cap, to the last unit", async () => {
    const { ledger } = await chain.loadFixture(opened);
    await ledger.reserve([cards], [400n]);
    await ledger.close([cards], [400n], [300n]);
    await ledger.reserve([cards], [500n]);
    await expect(ledger.reserve([cards], [201n]))
      .to.be.revertedWithCustomError(ledger, "PrivacyLedger_Exhausted")
      .withArgs(cards, 200, 201);
    await expect(ledger.reserve([cards], [largest])).to.be.revertedWithCustomError(ledger, "PrivacyLedger_Exhausted");
    await ledger.reserve([cards], [200n]);
    await expect(ledger.reserve([cards], [1n]))
      .to.be.revertedWithCustomError(ledger, "PrivacyLedger_Exhausted")
      .withArgs(cards, 0, 1);
    expect([...(await ledger.budgetOf(cards))]).to.deep.equal([1000n, 300n, 700n]);
  });

  it("counts one population brought twice in one call twice", async () => {
    const { ledger } = await chain.loadFixture(opened);
    await expect(ledger.reserve([loans, loans], [30n, 30n]))
      .to.be.revertedWithCustomError(ledger, "PrivacyLedger_Exhausted")
      .withArgs(loans, 20, 30);
  });

  it("reserves all or nothing", async () => {
    const { ledger } = await chain.loadFixture(opened);
    await expect(ledger.reserve([cards, loans], [10n, 51n]))
      .to.be.revertedWithCustomError(ledger, "PrivacyLedger_Exhausted")
      .withArgs(loans, 50, 51);
    expect((await ledger.budgetOf(cards)).reserved).to.equal(0n);
  });

  it("refuses to close more than is reserved, and to spend more than is closed", async () => {
    const { ledger } = await chain.loadFixture(opened);
    await ledger.reserve([cards], [10n]);
    await expect(ledger.close([cards], [11n], [0n]))
      .to.be.revertedWithCustomError(ledger, "PrivacyLedger_NotReserved")
      .withArgs(cards, 10, 11);
    await expect(ledger.close([cards], [9n], [10n]))
      .to.be.revertedWithCustomError(ledger, "PrivacyLedger_NotReserved")
      .withArgs(cards, 9, 10);
    await ledger.close([cards], [10n], [10n]);
    await expect(ledger.close([cards], [1n], [0n]))
      .to.be.revertedWithCustomError(ledger, "PrivacyLedger_NotReserved")
      .withArgs(cards, 0, 1);
  });

  it("skips entries of zero, also of populations it does not know", async () => {
    const { ledger } = await chain.loadFixture(opened);
    const unknown = ethers.id("unknown");
    await expect(ledger.reserve([unknown, cards], [0n, 5n]))
      .to.emit(ledger, "BudgetReserved")
      .withArgs(cards, 5);
    await ledger.close([unknown, cards], [0n, 5n], [0n, 0n]);
    expect([...(await ledger.budgetOf(cards))]).to.deep.equal([1000n, 0n, 0n]);
  });

  it("commits what was spent and frees the rest", async () => {
    const { ledger } = await chain.loadFixture(opened);
    await expect(ledger.reserve([cards, loans], [100n, 40n]))
      .to.emit(ledger, "BudgetReserved")
      .withArgs(loans, 40);
    await expect(ledger.close([cards, loans], [100n, 40n], [60n, 0n]))
      .to.emit(ledger, "BudgetClosed")
      .withArgs(cards, 100, 60)
      .and.to.emit(ledger, "BudgetClosed")
      .withArgs(loans, 40, 0);
    expect([...(await ledger.budgetOf(cards))]).to.deep.equal([1000n, 60n, 0n]);
    expect([...(await ledger.budgetOf(loans))]).to.deep.equal([50n, 0n, 0n]);
    expect(await ledger.holderOf(cards)).to.equal(holder.address);
  });

  it("keeps two jobs on one population apart: closing one leaves the other's reservation", async () => {
    const { ledger } = await chain.loadFixture(opened);
    await ledger.reserve([cards], [300n]);
    await ledger.reserve([cards], [600n]);
    await ledger.close([cards], [300n], [0n]);
    expect([...(await ledger.budgetOf(cards))]).to.deep.equal([1000n, 0n, 600n]);
    await ledger.reserve([cards], [400n]);
  });

  it("holds a cap of the whole range without wrapping around", async () => {
    const { ledger } = await chain.loadFixture(opened);
    const whole = ethers.id("whole range");
    await ledger.open(whole, holder, largest);
    await ledger.reserve([whole], [largest]);
    await expect(ledger.reserve([whole], [1n]))
      .to.be.revertedWithCustomError(ledger, "PrivacyLedger_Exhausted")
      .withArgs(whole, 0, 1);
    await ledger.close([whole], [largest], [largest]);
    expect([...(await ledger.budgetOf(whole))]).to.deep.equal([largest, largest, 0n]);
  });
});
