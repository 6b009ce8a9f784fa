import { expect } from "chai";
import { noPart } from "../../../offchain/chain/partsHash.ts";
import { connect } from "../chain.ts";
import { type ProfileFields, role, status } from "../participants.ts";
import { evaluatorIndex, fixtureOf, Job, noisyTermsOf, type Terms, termsOf, usualConsents } from "./job.ts";
import { missingFrom, stableOf } from "./money.ts";
import { packing } from "./packing.ts";
import { jobDeposit, openActor, openBank, openStage, type Stage, seatSeconds, withEvaluator } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const posted = fixtureOf(chain, (job) => job.post());
const started = fixtureOf(chain, async (job) => {
  await job.post();
  await job.start();
});

/** A job posted on a stage whose third bank is another one: of `fields`, with a listing of `restrictions`. */
async function withThirdBank(fields: object, restrictions: object = {}, terms: object = {}, noiseMilli = 0) {
  const job = await posted();
  const third = await openActor(chain, job.stage, 15, { roles: role.institution, ...fields });
  const bank = await openBank(chain, job.stage, third, 15, restrictions);
  const stage: Stage = { ...job.stage, banks: [...job.stage.banks.slice(0, 2), bank] };
  const own = noiseMilli === 0 ? termsOf(stage, terms) : { ...noisyTermsOf(stage, noiseMilli), ...terms };
  const next = new Job(stage, own as Terms);
  await next.post();
  return next;
}

async function evaluated(fields: ProfileFields, balance = jobDeposit) {
  const job = await posted();
  const stage = await withEvaluator(job.stage, balance, fields);
  const evaluator = stage.evaluator as NonNullable<Stage["evaluator"]>;
  const next = new Job(stage, termsOf(stage, { evaluator: evaluator.account.address }));
  await next.post();
  return { job: next, evaluator };
}

/** Group of the stage's participants, in the order they were admitted: buyer, banks, oracles. */
const groupOf = (place: number) => 101 + place;

describe("start: the job", () => {
  it("is one that is open and not past its deadline", async () => {
    const job = await posted();
    const { jobs } = job.stage;
    const args = await job.startArguments();
    await expect(job.as().start(ethers.id("no job"), ...args.slice(1)))
      .to.be.revertedWithCustomError(jobs, "JobMarket_UnknownJob")
      .withArgs(ethers.id("no job"));
    await job.waitUntilAfter(job.record.deadline);
    await expect(job.as().start(...args))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TooLate")
      .withArgs(job.id, job.record.deadline);
    const other = await started();
    await expect(other.as().start(...(await other.startArguments())))
      .to.be.revertedWithCustomError(other.stage.jobs, "JobMarket_WrongState")
      .withArgs(other.id, 2, 1);
  });

  it("still starts in the deadline's own second, whoever calls", async () => {
    const job = await posted();
    const args = await job.startArguments();
    await job.waitUntil(job.record.deadline);
    await job.apply("start", job.as(job.stage.stranger).start(...args));
    expect(job.record.state).to.equal("Seating");
  });

  it("has the terms of its head, and its own head", async () => {
    const job = await posted();
    const { jobs } = job.stage;
    const [jobId, head, terms, ...rest] = (await job.startArguments()) as [string, object, Terms, ...object[]];
    const dearer = { ...terms, base: terms.base + 1n };
    await expect(job.as().start(jobId, head, dearer, ...rest))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TermsMismatch")
      .withArgs(await packing(jobs).hashTerms(dearer), job.record.termsHash);
    await expect(job.as().start(jobId, { ...head, m: 3 }, terms, ...rest))
      .to.be.revertedWithCustomError(jobs, "JobMarket_PartsMismatch")
      .withArgs(jobId);
  });

  it("has validation rows that no job of the buyer had: even one that is settled keeps its own", async () => {
    const first = await posted();
    await first.start();
    await first.seat();
    await first.certify(4);
    await first.finish();
    await first.propose();
    await first.settle();
    const job = new Job(first.stage, termsOf(first.stage, { base: 7n, validationRoot: first.terms.validationRoot }));
    await expect(job.post())
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_AlreadyPosted")
      .withArgs(first.id);
  });
});

describe("start: the parties", () => {
  it("are active: contributors and buyer, and have their roles still", async () => {
    const job = await posted();
    const { jobs, banks, buyer, registry, supervisor, registrar } = job.stage;
    const refusal = async (error: string, ...facts: unknown[]) =>
      expect(job.as().start(...(await job.startArguments())))
        .to.be.revertedWithCustomError(jobs, error)
        .withArgs(...facts);
    for (const account of [banks[1]?.account, buyer.account]) {
      await registry.connect(supervisor).setStatus(account, status.suspended, 7);
      await refusal("JobMarket_NotActive", account);
      await registry.connect(supervisor).setStatus(account, status.active, 0);
    }
    await registry.connect(registrar).setRoles(banks[2]?.account, role.regulator);
    await refusal("JobMarket_MissingRole", banks[2]?.account, role.institution);
    await registry.connect(registrar).setRoles(banks[2]?.account, role.institution);
    await registry.connect(registrar).setRoles(buyer.account, role.institution);
    await refusal("JobMarket_MissingRole", buyer.account, role.buyer);
  });

  it("have at least the tier that the job names", async () => {
    const job = await withThirdBank({ tier: 0 }, {}, { tier: 1 });
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TierTooLow")
      .withArgs(chain.signer(15), 0, 1);
    const open = await withThirdBank({ tier: 0 }, {}, { tier: 0 });
    await open.start();
  });

  it("include no contributor of the buyer's group", async () => {
    const job = await withThirdBank({ group: groupOf(0) });
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_Conflict")
      .withArgs(chain.signer(15), groupOf(0));
  });

  it("include no evaluator of the buyer's or a contributor's group", async () => {
    for (const group of [groupOf(0), groupOf(1), groupOf(3)]) {
      const { job, evaluator } = await evaluated({ group });
      await expect(job.as().start(...(await job.startArguments())))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_Conflict")
        .withArgs(evaluator.account, group);
    }
  });

  it("include an evaluator that is still active and has the role", async () => {
    const { job, evaluator } = await evaluated({});
    const { jobs, registry, supervisor, registrar } = job.stage;
    await registry.connect(supervisor).setStatus(evaluator.account, status.suspended, 7);
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(jobs, "JobMarket_NotActive")
      .withArgs(evaluator.account);
    await registry.connect(supervisor).setStatus(evaluator.account, status.active, 0);
    await registry.connect(registrar).setRoles(evaluator.account, role.buyer);
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(jobs, "JobMarket_MissingRole")
      .withArgs(evaluator.account, role.evaluator);
    await registry.connect(registrar).setRoles(evaluator.account, role.evaluator);
    await job.start();
    expect(job.record.parties?.evaluatorGroup).to.equal(groupOf(9));
  });
});

describe("start: an evaluator", () => {
  it("accepts itself: without its acceptance, with one for an asset or of another key the job does not start", async () => {
    const { job, evaluator } = await evaluated({});
    const all = await job.acceptances();
    const banks = all.slice(0, 3);
    const forged = [
      [],
      [await job.acceptance(evaluator.operator, 3)],
      [await job.acceptance(evaluator.operator, 0)],
      [await job.acceptance(job.stage.buyer.operator, evaluatorIndex)],
    ];
    for (const own of forged) {
      await expect(job.as().start(...(await job.startArguments(job.listings(), [...banks, ...own]))))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadAcceptance")
        .withArgs(evaluatorIndex, evaluator.account);
    }
  });

  it("puts up a bond: one unit less than the market's deposit is too little", async () => {
    const { job, evaluator } = await evaluated({}, jobDeposit - 1n);
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(job.stage.jobs, "Escrow_BalanceTooSmall")
      .withArgs(evaluator.account, jobDeposit - 1n, jobDeposit);
  });

  it("has it taken from its balance, and gets it back from a job that was never seated", async () => {
    const { job, evaluator } = await evaluated({});
    await job.start();
    expect(await stableOf(job.stage, evaluator.account)).to.equal(0n);
    await job.waitForGrace();
    await job.expire();
    expect(await stableOf(job.stage, evaluator.account)).to.equal(jobDeposit);
  });

  it("that never started pays nothing and gets nothing when the open job expires", async () => {
    const { job, evaluator } = await evaluated({});
    await job.waitForGrace();
    await job.expire();
    expect(await stableOf(job.stage, evaluator.account)).to.equal(jobDeposit);
  });
});

describe("start: the cohort", () => {
  it("has three groups without noise: two banks of one group count once", async () => {
    const job = await withThirdBank({ group: groupOf(1) });
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_CohortTooSmall")
      .withArgs(2, 3);
  });

  it("has two groups with noise where the listings ask for no more", async () => {
    const less = async (minimumCohort: number) => {
      const job = await posted();
      const [one, two] = [await openActor(chain, job.stage, 15, {}), await openActor(chain, job.stage, 16, {})];
      const first = await openBank(chain, job.stage, one, 15, { minimumCohort: 1 });
      const second = await openBank(chain, job.stage, two, 16, { minimumCohort });
      const stage: Stage = { ...job.stage, banks: [first, second] };
      const next = new Job(stage, noisyTermsOf(stage, 1000));
      await next.post();
      return next;
    };
    const refused = await less(3);
    await expect(refused.as().start(...(await refused.startArguments())))
      .to.be.revertedWithCustomError(refused.stage.jobs, "JobMarket_CohortTooSmall")
      .withArgs(2, 3);
    const job = await less(1);
    await job.start();
    expect(job.record.parties?.minimumCohort).to.equal(2);
  });

  it("has as many groups as the strictest listing asks for", async () => {
    const job = await withThirdBank({}, { minimumCohort: 4 });
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_CohortTooSmall")
      .withArgs(3, 4);
  });
});

describe("start", () => {
  it("changes nothing when the last acceptance is missing", async () => {
    const job = await withThirdBank({}, { maxJobs: 1 });
    const { jobs, assets, banks } = job.stage;
    const limited = banks[2]?.assetId;
    const acceptances = await job.acceptances();
    const args = await job.startArguments(job.listings(), acceptances.slice(0, 2));
    await expect(job.as().start(...args))
      .to.be.revertedWithCustomError(jobs, "JobMarket_BadAcceptance")
      .withArgs(2, banks[2]?.account);
    expect(await assets.jobsOf(limited)).to.equal(0n);
    expect((await jobs.jobOf(job.id)).state).to.equal(1n);
    await job.start();
    expect(await assets.jobsOf(limited)).to.equal(1n);
  });

  it("fixes owners, groups, data, the roster and a round of the beacon that is still to come", async () => {
    const job = await started();
    const { jobs, banks, committee } = job.stage;
    const [state, deadline] = await jobs.jobOf(job.id);
    const now = await chain.time.latestBlock();
    expect([state, Number(deadline)]).to.deep.equal([2n, (await chain.time.latest()) + seatSeconds]);
    const { contributors, ...parties } = job.record.parties as NonNullable<typeof job.record.parties>;
    expect(parties).to.deep.equal({
      ...{ buyerGroup: groupOf(0), evaluatorGroup: 0, minimumCohort: 3, beaconRound: BigInt(now + 1) },
      roster: await committee.rosterHash(),
    });
    expect(contributors).to.deep.equal(
      banks.map(({ account, listing: { version } }, i) => ({
        ...{ account: account.address, group: groupOf(1 + i), consents: usualConsents },
        // Nobody's budget is spent without noise.
        ...{ datasetRoot: version.datasetRoot, populationId: noPart },
      })),
    );
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("names who owns the asset now, not who listed it", async () => {
    const job = await posted();
    const { assets, banks } = job.stage;
    const heir = await openActor(chain, job.stage, 15, {});
    const [first] = banks as [(typeof banks)[0], ...typeof banks];
    await assets.connect(first.account).transferFrom(first.account, heir.account, first.assetId);
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadAcceptance")
      .withArgs(0, heir.account);
    const signers = [heir, ...banks.slice(1)];
    await job.apply(
      "start",
      job.as().start(...(await job.startArguments(job.listings(), await job.acceptances({}, signers)))),
    );
    expect(job.record.parties?.contributors[0]?.account).to.equal(heir.account.address);
  });

  it("takes four contributors as it takes three", async () => {
    const stage = await openStage(chain, 4);
    const job = new Job(stage);
    await job.post();
    await job.start();
    expect(job.record.parties?.contributors.length).to.equal(4);
  });
});
