import { expect } from "chai";
import { connect } from "../chain.ts";
import {
  challengeArguments,
  disputedJob,
  openWide,
  resolveArguments,
  ruling,
  seatedPanel,
  seatSecondArguments,
  serveArguments,
  toPanel,
  verdictOf,
} from "./disputed.ts";
import { fixtureOf, Job, noisyTermsOf, termsOf } from "./job.ts";
import { missingFrom, stableOf } from "./money.ts";
import { packing } from "./packing.ts";
import { type Bank, deployMarket, openBank, openStage, parametersOf, type Stage } from "./stage.ts";

// What opens, ends and disputes a job runs as the code of four contracts on the market's storage. Called by themselves, they have
// to be useless.

const chain = await connect();
const { ethers } = chain;
const posted = fixtureOf(chain, (job) => job.post());
const running = fixtureOf(
  chain,
  (job) => job.toRound(2),
  openStage,
  (stage) => noisyTermsOf(stage, 1000),
);

const judged = fixtureOf(chain, (job) => toPanel(job), openWide);

describe("JobOpening, called by itself", () => {
  it("has no balance of anybody's: post finds nothing to reserve", async () => {
    const job = await posted();
    const { opening, buyer } = job.stage;
    const needed = job.record.head.escrow + 10_000_000n;
    await expect(packing(opening.connect(buyer.account)).post(job.terms))
      .to.be.revertedWithCustomError(job.stage.jobs, "Escrow_BalanceTooSmall")
      .withArgs(buyer.account, 0, needed);
  });

  it("knows none of the market's jobs, whatever the step", async () => {
    const job = await running();
    const { opening, buyer } = job.stage;
    const calls: [string, readonly unknown[]][] = [
      ["cancel", job.cancelArguments()],
      ["expire", job.expireArguments()],
      ["start", await job.startArguments()],
      ["seat", await job.seatArguments()],
    ];
    for (const [name, args] of calls) {
      await expect(packing(opening.connect(buyer.account))[name](...args), name)
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_UnknownJob")
        .withArgs(job.id);
    }
  });

  it("does not take an acceptance back in the market", async () => {
    const job = await posted();
    const [bank] = job.stage.banks as [Bank];
    await job.stage.opening.connect(bank.account).cancelAcceptance(job.id, bank.account, 0n);
    await job.start();
    expect(job.record.state).to.equal("Seating");
  });

  it("cannot use the house's contracts: even a job that costs nothing does not start there", async () => {
    const stage = await freeStage();
    const free = { base: 0n, performance: 0n, oracleFee: 0n };
    const terms = termsOf(stage, { ...free, assets: termsOf(stage).assets.map((asset) => ({ ...asset, price: 0n })) });
    // The same stage with the half in the market's place: parts and signatures are made for it.
    const job = new Job({ ...stage, jobs: stage.opening }, terms);
    await job.post();
    expect((await stage.jobs.jobOf(job.id)).state).to.equal(0n);
    await expect(packing(stage.opening.connect(stage.buyer.account)).start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(stage.assets, "AssetRegistry_NotWriter")
      .withArgs(stage.opening);
    const writers = [stage.assets, stage.privacy, stage.usage].map((ledger) => ledger.isWriter(stage.opening));
    expect(await Promise.all(writers)).to.deep.equal([false, false, false]);
    expect(await stage.incentive.isMinter(stage.opening)).to.equal(false);
  });
});

/** A market that demands no deposit, and listings that cost nothing. */
async function freeStage(): Promise<Stage> {
  const stage = await openStage(chain, 3, { deposit: 0n });
  const banks: Bank[] = [];
  for (const [i, bank] of stage.banks.entries()) {
    banks.push(await openBank(chain, stage, bank, 20 + i, { price: 0n }));
  }
  return { ...stage, banks };
}

describe("JobEnding, JobDisputes and JobVerdicts, called by themselves", () => {
  it("know none of the market's jobs, whatever the step and whoever calls", async () => {
    const job = await judged();
    const { ending, disputes, verdicts, admin, buyer, jobs } = job.stage;
    const other = await running();
    const stated = verdictOf(job, ruling.upheld);
    const calls: [object, string, readonly unknown[], string][] = [
      [ending, "certifySmaller", await other.certifySmallerArguments(0b011n), other.id],
      [ending, "ready", other.readyArguments(), other.id],
      [ending, "fail", other.failArguments(), other.id],
      [disputes, "challenge", challengeArguments(job), job.id],
      [disputes, "serveEvidence", serveArguments(job), job.id],
      [disputes, "seatSecond", await seatSecondArguments(job), job.id],
      [verdicts, "resolve", await resolveArguments(job, stated), job.id],
      [verdicts, "adjudicate", [job.id, disputedJob(job), seatedPanel(job), stated.verdict, stated.words], job.id],
      [verdicts, "closeDispute", [job.id, disputedJob(job), seatedPanel(job)], job.id],
    ];
    for (const caller of [buyer.account, admin]) {
      for (const [half, name, args, id] of calls) {
        const called = packing((half as typeof ending).connect(caller))[name](...args);
        await expect(called, name).to.be.revertedWithCustomError(jobs, "JobMarket_UnknownJob").withArgs(id);
      }
    }
  });

  it("cannot slash: the committee does not know them", async () => {
    const job = await judged();
    const { committee, jobs, opening, ending, disputes, verdicts } = job.stage;
    expect(await committee.isSlasher(jobs)).to.equal(true);
    for (const half of [opening, ending, disputes, verdicts]) expect(await committee.isSlasher(half)).to.equal(false);
  });
});

describe("JobMarket's constructor", () => {
  it("refuses a half that was built with another parameter or another contract, whichever it is", async () => {
    const { stage } = await posted();
    const { opening, ending, disputes, verdicts } = stage;
    const parameters = parametersOf(stage.treasury.address);
    const other = await deployMarket(chain, stage, parametersOf(stage.treasury.address, { grace: 61 }));
    const own = { opening, ending, disputes, verdicts };
    const deploy = (contracts: object, halves: object) =>
      chain.deploy("JobMarket", [stage.manager, contracts, parameters, halves]);
    for (const name of ["opening", "ending", "disputes", "verdicts"] as const) {
      await expect(deploy(stage.contracts, { ...own, [name]: other[name] }))
        .to.be.revertedWithCustomError(stage.jobs, "JobMarket_BadParameter")
        .withArgs(name);
    }
    await expect(deploy({ ...stage.contracts, beacon: stage.stranger.address }, own))
      .to.be.revertedWithCustomError(stage.jobs, "JobMarket_BadParameter")
      .withArgs("opening");
    const built = await deploy(stage.contracts, own);
    const named = await Promise.all([built.opening(), built.ending(), built.disputes(), built.verdicts()]);
    expect(named).to.deep.equal([opening, ending, disputes, verdicts].map(({ target }) => target));
  });
});

describe("A half with a bug", () => {
  // What the conservation check is worth: one that pays a unit too much is caught.
  it("is caught by the market's invariant: one unit that no job held", async () => {
    const job = await posted();
    const { stage } = job;
    const broken = await chain.deploy("OverpayingOpening", [stage.contracts, parametersOf(stage.treasury.address)]);
    await chain.setCode(String(stage.opening.target), await ethers.provider.getCode(broken.target));
    const before = await stableOf(stage, stage.buyer.account);
    await job.cancel();
    expect((await stableOf(stage, stage.buyer.account)) - before).to.equal(job.record.head.escrow + 10_000_001n);
    expect(await missingFrom(stage, [job])).to.equal(1n);
  });
});
