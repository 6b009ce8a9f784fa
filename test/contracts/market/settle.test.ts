import { expect } from "chai";
import { connect, type Signer } from "../chain.ts";
import { accountsHash, fixtureOf, Job, noisyTermsOf, termsOf, threeValues } from "./job.ts";
import { changesBy, incentiveOf, missingFrom, stableOf, sum } from "./money.ts";
import { packing } from "./packing.ts";
import { type Bank, jobDeposit, openBank, openStage, price, type Stage, withEvaluator } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const finished = fixtureOf(chain, (job) => job.toFinished());
const proposed = fixtureOf(chain, (job) => job.toProposed());
const ofUnequal = fixtureOf(chain, (job) => job.toFinished(), openUnequal);
const absent = fixtureOf(chain, toAbsence);
const [base, performance, oracleFee] = [1_000_000_000n, 5_000_000_000n, 250_000_000n];
const held = base + performance + oracleFee + 3n * price + jobDeposit;
const fee = oracleFee / 5n;
/** Two thirds of the way to the target: base and two thirds of the performance, rounded down. */
const paid = base + 3_333_333_333n;

/** The first bank has 1 000 rows of 17 000. */
async function openUnequal(): Promise<Stage> {
  const stage = await openStage(chain);
  const [first, ...others] = stage.banks as [Bank, Bank, Bank];
  return { ...stage, banks: [await openBank(chain, stage, first, 30, {}, { rows: 1000 }), ...others] };
}

async function toAbsence(job: Job): Promise<void> {
  await job.toRound(2);
  await job.waitUntilAfter(job.record.deadline);
  await job.finish({ reason: 2 });
}

/** A finished job whose validation rows an evaluator delivers. */
async function evaluated() {
  const stage = await withEvaluator(await chain.loadFixture(stageOfThree));
  const evaluator = stage.evaluator as NonNullable<Stage["evaluator"]>;
  const job = new Job(stage, termsOf(stage, { evaluator: evaluator.account.address }));
  await job.toFinished();
  return { job, evaluator };
}

async function stageOfThree(): Promise<Stage> {
  return openStage(chain);
}

/** Settles the job beside others that are still open; what each party got, fees without the bonds that come back. */
async function settles(job: Job, others: readonly Job[] = []) {
  const bond = job.record.committee?.seatBond ?? 0n;
  const changes = await changesBy(job, () => job.settle());
  expect(await missingFrom(job.stage, [job, ...others])).to.equal(0n);
  return { ...changes, fees: changes.seats.map((change) => change - bond) };
}

describe("settle, refused", () => {
  it("until the window for challenges is over", async () => {
    const job = await proposed();
    await job.waitUntil(job.record.deadline);
    await expect(job.as().settle(...job.settleArguments()))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooEarly")
      .withArgs(job.id, job.record.deadline + 1);
  });

  it("before a result is proposed, and a second time", async () => {
    const early = await finished();
    const [first] = [early.settleArguments()];
    const proposal = { kind: 0, signers: 0n, excess: 0n, amounts: [], shares: [], modelRoot: ethers.ZeroHash };
    const empty = { ...proposal, evidenceRoot: ethers.ZeroHash, deliveryRoot: ethers.ZeroHash };
    await expect(early.as().settle(...first.slice(0, -1), empty))
      .to.be.revertedWithCustomError(early.stage.jobs, "JobMarket_WrongState")
      .withArgs(early.id, 4, 5);
    const job = await proposed();
    await job.settle();
    await expect(job.as().settle(...job.settleArguments()))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_WrongState")
      .withArgs(job.id, 7, 5);
  });

  it("with amounts, terms or contributors that are not the job's", async () => {
    const job = await proposed();
    const { jobs } = job.stage;
    await job.waitUntilAfter(job.record.deadline);
    const [jobId, head, terms, parties, committee, accounts, rounds, proposal] = job.settleArguments();
    const { amounts } = job.record.proposal as { amounts: readonly bigint[] };
    const greedy = { ...(proposal as object), amounts: [(amounts[0] as bigint) + 1n, ...amounts.slice(1)] };
    const signers = { ...(proposal as object), signers: 0b11111n };
    const { contributors } = job.record.parties as { contributors: readonly object[] };
    const usurper = { ...(parties as object), contributors: [contributors[1], contributors[0], contributors[2]] };
    const forged = [
      [jobId, head, terms, parties, committee, accounts, rounds, greedy],
      [jobId, head, terms, parties, committee, accounts, rounds, signers],
      [jobId, head, terms, usurper, committee, accounts, rounds, proposal],
      [
        jobId,
        { ...(head as object), buyer: job.stage.stranger.address },
        terms,
        parties,
        committee,
        accounts,
        rounds,
        proposal,
      ],
    ];
    for (const args of forged) {
      await expect(job.as().settle(...args))
        .to.be.revertedWithCustomError(jobs, "JobMarket_PartsMismatch")
        .withArgs(jobId);
    }
    const dearer = { ...job.terms, oracleFee: oracleFee + 5n };
    await expect(job.as().settle(jobId, head, dearer, parties, committee, accounts, rounds, proposal))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TermsMismatch")
      .withArgs(await packing(jobs).hashTerms(dearer), job.record.termsHash);
  });

  it("with accounts of seats that are not the committee's", async () => {
    const job = await proposed();
    const { jobs, stranger } = job.stage;
    await job.waitUntilAfter(job.record.deadline);
    const [jobId, head, terms, parties, committee, own, rounds, proposal] = job.settleArguments();
    const named = [...job.record.seatAccounts.slice(0, 4), stranger.address];
    for (const accounts of [named, named.slice(0, 4), [], [...job.record.seatAccounts, stranger.address]]) {
      await expect(job.as().settle(jobId, head, terms, parties, committee, accounts, rounds, proposal))
        .to.be.revertedWithCustomError(jobs, "JobMarket_AccountsMismatch")
        .withArgs(accountsHash(accounts), accountsHash(own as string[]));
    }
  });
});

describe("settle", () => {
  it("pays price and share, fees to who signed, the rest of the fee to the treasury and what is left to the buyer", async () => {
    const job = await proposed();
    const amounts = [...(job.record.proposal?.amounts ?? [])];
    expect(sum(amounts)).to.equal(paid);
    const { banks, fees, treasury, buyer } = await settles(job);
    expect(banks).to.deep.equal(amounts.map((amount) => amount + price));
    expect(fees).to.deep.equal([fee, fee, fee, fee, 0n]);
    expect([treasury, buyer]).to.deep.equal([fee, performance - 3_333_333_333n + jobDeposit]);
    expect(sum([...banks, ...fees, treasury, buyer])).to.equal(held);
    const { closing } = job.record;
    expect(closing).to.include({ outcome: "Settled", refunded: buyer, treasury });
    expect(closing?.credits).to.deep.equal([...banks, ...fees]);
  });

  it("pays a fee to seats that said they were there, though others had signed before them", async () => {
    const job = await finished();
    await job.ready(4);
    await job.ready(0);
    await job.propose();
    const { fees, treasury } = await settles(job);
    expect([...fees, treasury]).to.deep.equal([fee, fee, fee, fee, fee, 0n]);
  });

  it("leaves what does not divide by the seats to the treasury", async () => {
    const other = await finished();
    const { stage } = other;
    const job = new Job(stage, termsOf(stage, { oracleFee: 103n, validationRoot: ethers.id("validation 2") }));
    await job.toProposed();
    const { fees, treasury } = await settles(job, [other]);
    expect([...fees, treasury]).to.deep.equal([20n, 20n, 20n, 20n, 0n, 23n]);
  });

  it("gives the performance back when no score is positive, and pays the base by weight", async () => {
    const job = await finished();
    await job.propose([0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
    const { banks, buyer } = await settles(job);
    expect(banks).to.deep.equal([333_333_334n, 333_333_333n, 333_333_333n].map((amount) => amount + price));
    expect(buyer).to.equal(performance + jobDeposit);
  });

  it("by weight pays the whole pot and forfeits the deposit of the buyer who owed the rows", async () => {
    const job = await finished();
    await job.proposeByWeight();
    const { banks, buyer, treasury } = await settles(job);
    expect(banks).to.deep.equal([2_000_000_004n, 1_999_999_998n, 1_999_999_998n].map((amount) => amount + price));
    expect([buyer, treasury]).to.deep.equal([0n, fee + jobDeposit]);
  });

  it("by weight leaves the buyer its deposit when an evaluator owed the rows", async () => {
    const { job, evaluator } = await evaluated();
    await job.proposeByWeight();
    const { buyer, treasury } = await settles(job);
    expect([buyer, treasury]).to.deep.equal([jobDeposit, fee + jobDeposit]);
    expect(await stableOf(job.stage, evaluator.account), "the bond is forfeited").to.equal(0n);
  });

  it("gives an evaluator its bond back with any other result, and when the job fails", async () => {
    const { job, evaluator } = await evaluated();
    expect(await stableOf(job.stage, evaluator.account)).to.equal(0n);
    await job.propose();
    const { treasury } = await settles(job);
    expect(treasury).to.equal(fee);
    expect(await stableOf(job.stage, evaluator.account)).to.equal(jobDeposit);
    const { job: failed } = await evaluated();
    await failed.waitForGrace();
    await failed.fail();
    expect(await stableOf(failed.stage, evaluator.account)).to.equal(jobDeposit);
    expect(await missingFrom(failed.stage, [failed])).to.equal(0n);
  });

  it("credits the treasury with what the cap of 3.5 weights cut off", async () => {
    const job = await ofUnequal();
    const { weight } = job.terms.assets[0] as { weight: number };
    await job.proposeProjected([90_000_000n, 5_000_000n, 5_000_000n]);
    const cap = (paid * BigInt(weight) * 7n) / 2_000_000_000n;
    expect(job.record.proposal?.amounts[0]).to.equal(cap);
    const excess = job.record.proposal?.excess ?? 0n;
    expect(sum(job.record.proposal?.amounts ?? []) + excess).to.equal(paid);
    expect(excess).to.be.within((paid * 69n) / 100n, (paid * 70n) / 100n);
    const { treasury, buyer, banks } = await settles(job);
    expect(treasury).to.equal(fee + excess);
    expect(sum(banks) - 3n * price).to.equal(paid - excess);
    expect(buyer).to.equal(held - paid - oracleFee - 3n * price);
  });

  it("after an absence pays base, price and fee for the rounds that were completed", async () => {
    const job = await absent();
    await job.propose(threeValues);
    const { banks, fees, treasury, buyer } = await settles(job);
    const shared = base / 2n + 3_333_333_333n;
    expect(sum(banks)).to.equal(shared + (3n * price) / 2n);
    expect([...fees, treasury]).to.deep.equal([fee / 2n, fee / 2n, fee / 2n, fee / 2n, 0n, fee / 2n]);
    expect(buyer).to.equal(held - shared - (3n * price) / 2n - oracleFee / 2n);
  });

  it("whoever calls, in any later time, and closes the job at that time", async () => {
    const job = await proposed();
    await chain.time.increase(10_000_000);
    await job.apply("settle", job.as(job.stage.stranger).settle(...job.settleArguments()));
    const [state, closedAt] = await job.stage.jobs.jobOf(job.id);
    expect([state, Number(closedAt)]).to.deep.equal([7n, await chain.time.latest()]);
  });

  it("pays nothing for a certified round whose sums never came, and spends its budget all the same", async () => {
    const other = await finished();
    const { stage } = other;
    const job = new Job(stage, { ...noisyTermsOf(stage, 1000), validationRoot: ethers.id("validation 2") });
    await job.toRound(3);
    await job.waitUntilAfter(job.record.deadline);
    await job.finish({ reason: 2, round: 2 });
    await job.propose([0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
    const { banks, treasury } = await settles(job, [other]);
    expect(sum(banks)).to.equal(base / 2n + (3n * price) / 2n);
    expect(treasury).to.equal(fee / 2n);
    for (const { listing } of stage.banks) {
      const budget = await stage.privacy.budgetOf(listing.version.populationId);
      expect([budget.spent, budget.reserved]).to.deep.equal([1_500_000_000n, 0n]);
    }
  });

  it("spends the budget of the certified rounds and frees the rest", async () => {
    const other = await finished();
    const { stage } = other;
    const job = new Job(stage, { ...noisyTermsOf(stage, 1000), validationRoot: ethers.id("validation 2") });
    await job.toRound(3);
    await job.finish();
    await job.propose();
    await settles(job, [other]);
    for (const { listing } of stage.banks) {
      const budget = await stage.privacy.budgetOf(listing.version.populationId);
      expect([budget.spent, budget.reserved]).to.deep.equal([1_500_000_000n, 0n]);
    }
  });
});

describe("settle: what was credited", () => {
  it("is withdrawn by its owners, incentives minted as earned, up to the token's cap", async () => {
    const job = await proposed();
    const { stage } = job;
    await job.settle();
    const bank = stage.banks[0]?.account as Signer;
    const [stable, earned] = [await stableOf(stage, bank), await incentiveOf(stage, bank)];
    expect(earned).to.be.greaterThan(0n);
    const { jobs, incentive } = stage;
    await jobs.connect(bank).withdraw(2n ** 128n - 1n, 2n ** 128n - 1n);
    expect(await stage.stable.balanceOf(bank)).to.equal(stable);
    expect([await incentive.balanceOf(bank), await incentive.earned(bank)]).to.deep.equal([earned, earned]);
    expect(await missingFrom(stage, [job])).to.equal(0n);
  });

  it("stays credited while the incentive token's cap has no room for it", async () => {
    const stage = await openStage(chain, 3, { incentivePerStable: 10n ** 18n, epochEmission: 10n ** 28n });
    await new Job(stage).toSettled();
    const bank = stage.banks[0]?.account as Signer;
    const { jobs, incentive } = stage;
    const earned = await incentiveOf(stage, bank);
    const [supply, cap] = [await incentive.totalSupply(), await incentive.cap()];
    await expect(jobs.connect(bank).withdraw(0n, earned))
      .to.be.revertedWithCustomError(incentive, "IncentiveToken_CapExceeded")
      .withArgs(supply + earned, cap);
    expect(await incentiveOf(stage, bank)).to.equal(earned);
    await jobs.connect(bank).withdraw(0n, cap - supply);
    expect(await incentiveOf(stage, bank)).to.equal(earned - cap + supply);
  });
});
