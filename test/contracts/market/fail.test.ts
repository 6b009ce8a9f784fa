import { expect } from "chai";
import { largestRemainder } from "../../../offchain/valuation/payout.ts";
import { connect } from "../chain.ts";
import { accountsHash, fixtureOf, type Job, noisyTermsOf } from "./job.ts";
import { changesBy, missingFrom, sum } from "./money.ts";
import { packing } from "./packing.ts";
import { grace, jobDeposit, openStage, price } from "./stage.ts";

const chain = await connect();
const posted = fixtureOf(chain, (job) => job.post());
const seated = fixtureOf(chain, (job) => job.toSeated());
const afterThree = fixtureOf(chain, (job) => job.toRound(3));
const finished = fixtureOf(chain, (job) => job.toFinished());
const proposed = fixtureOf(chain, (job) => job.toProposed());
const withNoise = fixtureOf(
  chain,
  (job) => job.toSeated(),
  openStage,
  (stage) => noisyTermsOf(stage, 1000),
);
const [base, performance, oracleFee] = [1_000_000_000n, 5_000_000_000n, 250_000_000n];
const escrow = base + performance + oracleFee + 3n * price;
const bond = escrow / 5n;

/** Fails the job after its grace; what each seat got beside its bond, and how many bonds were kept. */
async function fails(job: Job) {
  await job.waitForGrace();
  const changes = await changesBy(job, () => job.fail());
  expect(await missingFrom(job.stage, [job])).to.equal(0n);
  expect(job.record.committee?.seatBond).to.equal(bond);
  return changes;
}

/** Parts of an amount by the weights of the stage's banks. */
function byWeight(amount: bigint): bigint[] {
  return largestRemainder(amount, [333_333_334n, 333_333_333n, 333_333_333n]);
}

describe("fail, refused", () => {
  it("until deadline and grace are over, of a job that runs and of one that is finished", async () => {
    for (const fixture of [seated, afterThree, finished]) {
      const job = await fixture();
      const { deadline } = job.record;
      await job.waitUntil(deadline + grace);
      await expect(job.as().fail(...job.failArguments()))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooEarly")
        .withArgs(job.id, deadline + grace + 1);
    }
  });

  it("of a job that has a result or is closed", async () => {
    const job = await proposed();
    await job.waitForGrace();
    await expect(job.as().fail(...job.failArguments()))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_WrongState")
      .withArgs(job.id, 5, 3);
    const other = await seated();
    await fails(other);
    await expect(other.as().fail(...other.failArguments()))
      .to.be.revertedWithCustomError(other.stage.jobs, "JobMarket_WrongState")
      .withArgs(other.id, 8, 3);
  });

  it("with terms, parties, rounds or accounts that are not the job's", async () => {
    const job = await afterThree();
    const { jobs, stranger } = job.stage;
    await job.waitForGrace();
    const [jobId, head, terms, parties, committee, accounts, rounds] = job.failArguments();
    const forged = [
      [jobId, head, terms, { ...(parties as object), minimumCohort: 2 }, committee, accounts, rounds],
      [jobId, head, terms, parties, { ...(committee as object), seatBond: bond + 1n }, accounts, rounds],
      [jobId, head, terms, parties, committee, accounts, { ...(rounds as object), completed: 3 }],
      [jobId, head, terms, parties, committee, accounts, { ...(rounds as object), certified: 4 }],
    ];
    for (const args of forged) {
      await expect(job.as().fail(...args))
        .to.be.revertedWithCustomError(jobs, "JobMarket_PartsMismatch")
        .withArgs(jobId);
    }
    const named = [stranger.address, ...job.record.seatAccounts.slice(1)];
    await expect(job.as().fail(jobId, head, terms, parties, committee, named, rounds))
      .to.be.revertedWithCustomError(jobs, "JobMarket_AccountsMismatch")
      .withArgs(accountsHash(named), accountsHash(job.record.seatAccounts));
    const cheaper = { ...job.terms, base: 0n };
    await expect(job.as().fail(jobId, head, cheaper, parties, committee, accounts, rounds))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TermsMismatch")
      .withArgs(await packing(jobs).hashTerms(cheaper), job.record.termsHash);
    const open = await posted();
    await expect(open.as().fail(open.id, open.record.head, open.terms, parties, committee, accounts, rounds))
      .to.be.revertedWithCustomError(open.stage.jobs, "JobMarket_WrongState")
      .withArgs(open.id, 1, 3);
  });
});

describe("fail: stakes", () => {
  it("a silent seat loses a tenth to the treasury, one that was ready in time nothing", async () => {
    const job = await afterThree();
    await job.ready(1);
    await job.ready(3);
    await fails(job);
    const { committee, treasury } = job.stage;
    const stake = 20_000n * 10n ** 18n;
    const left = await Promise.all(job.record.seatAccounts.map((account) => committee.stakeOf(account)));
    const less = (stake * 9n) / 10n;
    expect(left).to.deep.equal([less, stake, less, stake, less]);
    expect(await committee.rewardOf(treasury)).to.equal((3n * stake) / 10n);
  });
});

describe("fail before the first certified round", () => {
  it("gives the buyer everything but the deposit, and the bonds of silent seats to the contributors by weight", async () => {
    const job = await seated();
    const changes = await fails(job);
    expect([changes.buyer, changes.treasury]).to.deep.equal([escrow, jobDeposit]);
    expect(changes.seats).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
    expect(changes.banks).to.deep.equal(byWeight(5n * bond));
    const { closing } = job.record;
    expect(closing).to.include({ outcome: "Failed", refunded: escrow, treasury: jobDeposit, firstProof: 0n });
    expect(await job.stage.usage.size()).to.equal(0n);
  });

  it("gives seats that were there their bond back, and no fee", async () => {
    const job = await seated();
    for (const seat of [1, 3]) await job.ready(seat);
    const changes = await fails(job);
    expect(changes.seats).to.deep.equal([0n, bond, 0n, bond, 0n]);
    expect(changes.banks).to.deep.equal(byWeight(3n * bond));
    expect([changes.buyer, changes.treasury]).to.deep.equal([escrow, jobDeposit]);
  });

  it("frees the budget that was reserved", async () => {
    const job = await withNoise();
    await fails(job);
    for (const { listing } of job.stage.banks) {
      const budget = await job.stage.privacy.budgetOf(listing.version.populationId);
      expect([budget.spent, budget.reserved]).to.deep.equal([0n, 0n]);
    }
  });
});

describe("fail of a job that runs", () => {
  it("pays for rounds whose next state is certified: two of four after three certified ones", async () => {
    const job = await afterThree();
    for (const seat of [0, 2, 4]) await job.ready(seat);
    const changes = await fails(job);
    const fee = oracleFee / 2n / 5n;
    expect(changes.seats).to.deep.equal([bond + fee, 0n, bond + fee, 0n, bond + fee]);
    const [base2, bonds] = [byWeight(base / 2n), byWeight(2n * bond)];
    expect(changes.banks).to.deep.equal(base2.map((part, i) => part + price / 2n + (bonds[i] as bigint)));
    expect(changes.treasury).to.equal(performance / 2n + 2n * fee);
    expect(changes.buyer).to.equal(
      escrow + jobDeposit - base / 2n - (3n * price) / 2n - oracleFee / 2n - performance / 2n,
    );
    expect(job.record.closing?.credits).to.deep.equal([...changes.banks, ...[fee, 0n, fee, 0n, fee]]);
  });

  it("pays nothing for a single round: no state of it was certified, but its budget is spent", async () => {
    const job = await withNoise();
    await job.certify();
    const changes = await fails(job);
    expect([changes.buyer, changes.treasury]).to.deep.equal([escrow + jobDeposit, 0n]);
    expect(changes.banks).to.deep.equal(byWeight(5n * bond));
    const { listing } = job.stage.banks[2] as (typeof job.stage.banks)[0];
    const budget = await job.stage.privacy.budgetOf(listing.version.populationId);
    expect([budget.spent, budget.reserved]).to.deep.equal([500_000_000n, 0n]);
    expect(await job.stage.usage.size()).to.equal(3n);
  });
});

describe("fail of a finished job", () => {
  it("pays base, price and fee for all rounds, and the whole performance to the treasury", async () => {
    const job = await finished();
    await job.ready(2);
    const changes = await fails(job);
    const [base4, bonds] = [byWeight(base), byWeight(4n * bond)];
    expect(changes.banks).to.deep.equal(base4.map((part, i) => part + price + (bonds[i] as bigint)));
    expect(changes.seats).to.deep.equal([0n, 0n, bond + oracleFee / 5n, 0n, 0n]);
    expect(changes.treasury).to.equal(performance + (4n * oracleFee) / 5n);
    expect(changes.buyer).to.equal(jobDeposit);
  });

  it("pays nothing for a certified round whose sums never came", async () => {
    const job = await afterThree();
    await job.waitUntilAfter(job.record.deadline);
    await job.finish({ reason: 2, round: 2 });
    await job.waitForGrace();
    const changes = await changesBy(job, () => job.fail());
    expect(changes.treasury).to.equal(performance / 2n + oracleFee / 2n);
    expect(sum(changes.banks)).to.equal(base / 2n + (3n * price) / 2n + 5n * bond);
    expect(job.record.closing).to.include({ outcome: "Failed" });
  });

  it("pays for the rounds before a plateau or an absence, and whoever may call", async () => {
    for (const reason of [1, 2]) {
      const job = await afterThree();
      if (reason === 2) await job.waitUntilAfter(job.record.deadline);
      await job.finish({ reason });
      await job.waitForGrace();
      const changes = await changesBy(job, () =>
        job.apply("fail", job.as(job.stage.stranger).fail(...job.failArguments())),
      );
      expect(changes.treasury).to.equal((performance * 3n) / 4n + (oracleFee * 3n) / 4n);
      expect(sum(changes.banks)).to.equal((base * 3n) / 4n + (3n * price * 3n) / 4n + 5n * bond);
      expect(job.record.closing).to.include({ outcome: "Failed" });
    }
  });
});
