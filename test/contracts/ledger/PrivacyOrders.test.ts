import { expect } from "chai";
import { rdpOrders, subsampledEpsilons } from "../../../offchain/privacy/subsampledRdp.ts";
import { connect, type Deployed } from "../chain.ts";

const chain = await connect();
const { ethers } = chain;
const population = ethers.id("customers");
const other = ethers.id("other customers");
const sampled = { noiseMilli: 1000, samplePpb: 10_000_000, releases: 1000 };
const epsilons = subsampledEpsilons(sampled);
const most = (1n << 64n) - 1n;
/** Caps that are the same multiple of what `sampled` costs, but for single orders. */
const caps = (times: bigint, change: Record<number, bigint> = {}) =>
  epsilons.map((e, i) => change[rdpOrders[i] as number] ?? e * times);

/** A ledger with two populations of one holder; the deployer writes. */
async function ledger() {
  const [admin, holder, stranger] = [chain.signer(0), chain.signer(1), chain.signer(2)];
  const manager = await chain.deploy("AccessManager", [admin]);
  const held: Deployed = await chain.deploy("PrivacyLedger", [manager]);
  await held.setWriter(admin, true);
  for (const id of [population, other]) await held.open(id, holder, 1_000_000_000n);
  return { ledger: held, own: held.connect(holder), stranger };
}

describe("PrivacyLedger, sampled releases", () => {
  it("tells the orders and what samples cost, and refuses what is out of range", async () => {
    const w = await chain.loadFixture(ledger);
    expect([...(await w.ledger.orders())].map(Number)).to.deep.equal([...rdpOrders]);
    expect([...(await w.ledger.epsilonsOf(sampled))]).to.deep.equal(epsilons);
    for (const [field, bad] of [
      ["noiseMilli", { noiseMilli: 9 }],
      ["noiseMilli", { noiseMilli: 1_000_001 }],
      ["samplePpb", { samplePpb: 0 }],
      ["samplePpb", { samplePpb: 1_000_000_000 }],
      ["releases", { releases: 65_536 }],
    ] as const) {
      await expect(w.ledger.epsilonsOf({ ...sampled, ...bad }))
        .to.be.revertedWithCustomError(w.ledger, "PrivacyLedger_BadSampling")
        .withArgs(field);
    }
  });

  it("are admitted for populations whose orders their holder capped, and reserved by writers", async () => {
    const w = await chain.loadFixture(ledger);
    await expect(w.ledger.reserveSampled([population], sampled))
      .to.be.revertedWithCustomError(w.ledger, "PrivacyLedger_OrdersNotCapped")
      .withArgs(population);
    await expect(w.ledger.capOrders(population, caps(1n))).to.be.revertedWithCustomError(
      w.ledger,
      "PrivacyLedger_NotHolder",
    );
    await expect(w.own.capOrders(population, caps(0n))).to.be.revertedWithCustomError(w.ledger, "PrivacyLedger_NoCaps");
    await expect(w.own.capOrders(population, caps(1n))).to.emit(w.ledger, "OrdersCapped");
    await expect(w.ledger.connect(w.stranger).reserveSampled([population], sampled)).to.be.revertedWithCustomError(
      w.ledger,
      "PrivacyLedger_NotWriter",
    );
    await expect(w.ledger.reserveSampled([population], sampled)).to.emit(w.ledger, "SampledReserved");
    const { reserved } = await w.ledger.orderBudgetOf(population);
    expect([...reserved]).to.deep.equal(epsilons);
  });

  it("may have their caps lowered, never raised", async () => {
    const w = await chain.loadFixture(ledger);
    await w.own.capOrders(population, caps(2n));
    await expect(w.own.capOrders(population, caps(2n, { 8: (epsilons[4] as bigint) * 2n + 1n })))
      .to.be.revertedWithCustomError(w.ledger, "PrivacyLedger_CapRaised")
      .withArgs(8, (epsilons[4] as bigint) * 2n + 1n, (epsilons[4] as bigint) * 2n);
    await w.own.capOrders(population, caps(1n));
    await w.ledger.reserveSampled([population], sampled);
    await expect(w.ledger.reserveSampled([population], { ...sampled, releases: 1 }))
      .to.be.revertedWithCustomError(w.ledger, "PrivacyLedger_OrdersExhausted")
      .withArgs(population);
  });

  it("are admitted while one order is within its cap, whatever the others say, and to the last unit", async () => {
    for (const [index, order] of rdpOrders.entries()) {
      const w = await chain.loadFixture(ledger);
      const cost = epsilons[index] as bigint;
      const only = (cap: bigint) => rdpOrders.map((o) => (o === order ? cap : 0n));
      await w.own.capOrders(population, only(cost));
      await w.own.capOrders(other, only(cost - 1n));
      await w.ledger.reserveSampled([population], sampled);
      await expect(w.ledger.reserveSampled([other], sampled)).to.be.revertedWithCustomError(
        w.ledger,
        "PrivacyLedger_OrdersExhausted",
      );
    }
  });

  it("share the orders with releases of the full batch, which cost order · rho", async () => {
    const w = await chain.loadFixture(ledger);
    const cost = epsilons[4] as bigint;
    const only = rdpOrders.map((order) => (order === 8 ? cost + 8n * 5_000n : 0n));
    await w.own.capOrders(population, only);
    await w.ledger.reserveSampled([population], sampled);
    await expect(w.ledger.reserve([population], [5_001])).to.be.revertedWithCustomError(
      w.ledger,
      "PrivacyLedger_OrdersExhausted",
    );
    await w.ledger.reserve([population], [5_000]);
    // A population without caps is asked for its rho alone.
    await w.ledger.reserve([other], [5_001]);
    await w.ledger.close([population], [5_000], [0]);
    await w.ledger.reserve([population], [5_000]);
  });

  it("are spent by what was released, the rest is free again", async () => {
    const w = await chain.loadFixture(ledger);
    await w.own.capOrders(population, caps(3n));
    await w.ledger.reserveSampled([population], sampled);
    await w.ledger.reserveSampled([population], sampled);
    await expect(w.ledger.closeSampled([population], sampled, 1001)).to.be.revertedWithCustomError(
      w.ledger,
      "PrivacyLedger_NotReserved",
    );
    await expect(w.ledger.closeSampled([population], sampled, 300)).to.emit(w.ledger, "SampledClosed");
    const after = await w.ledger.orderBudgetOf(population);
    expect([...after.reserved]).to.deep.equal(epsilons);
    expect([...after.spent]).to.deep.equal(subsampledEpsilons({ ...sampled, releases: 300 }));
    await w.ledger.closeSampled([population], sampled, 0);
    expect([...(await w.ledger.orderBudgetOf(population)).reserved]).to.deep.equal(epsilons.map(() => 0n));
    await expect(w.ledger.closeSampled([population], sampled, 0)).to.be.revertedWithCustomError(
      w.ledger,
      "PrivacyLedger_NotReserved",
    );
  });

  it("beyond counting at an order lose that order for good, and no other", async () => {
    const w = await chain.loadFixture(ledger);
    const loud = { noiseMilli: 10, samplePpb: 999_999_999, releases: 65_535 };
    const cost = subsampledEpsilons(loud);
    expect(cost.at(-1)).to.equal(most);
    await w.own.capOrders(population, cost);
    await w.ledger.reserveSampled([population], loud);
    await w.ledger.closeSampled([population], loud, 0);
    const { reserved } = await w.ledger.orderBudgetOf(population);
    expect([...reserved]).to.deep.equal(cost.map((e) => (e === most ? most : 0n)));
  });

  it("are told several populations at a time", async () => {
    const w = await chain.loadFixture(ledger);
    await w.ledger.reserve([other], [7]);
    const budgets = await w.ledger.budgetsOf([population, other, ethers.ZeroHash]);
    expect(budgets.map((b: { cap: bigint; reserved: bigint }) => [b.cap, b.reserved])).to.deep.equal([
      [1_000_000_000n, 0n],
      [1_000_000_000n, 7n],
      [0n, 0n],
    ]);
  });
});
