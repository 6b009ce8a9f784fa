import { expect } from "chai";
import { versionOf } from "../assets/listings.ts";
import { connect } from "../chain.ts";
import { Job, noisyTermsOf, type Terms, termsOf } from "./job.ts";
import { type Bank, openStage, type Stage } from "./stage.ts";

// Two jobs whose cohorts, or versions, differ by little give the difference away: protocol section 3 (a).

const chain = await connect();
const { ethers } = chain;
let jobs = 0;

async function four(): Promise<Stage> {
  return openStage(chain, 4);
}

/** The stage with these of its banks, in this order. */
function withBanks(stage: Stage, places: readonly number[]): Stage {
  return { ...stage, banks: places.map((place) => stage.banks[place] as Bank) };
}

/** A posted job over the banks of the stage. */
async function jobOf(stage: Stage, terms: (stage: Stage, fields: object) => Terms = termsOf, fields: object = {}) {
  jobs++;
  const job = new Job(stage, {
    ...terms(stage, fields),
    validationRoot: ethers.id(`validation ${jobs}`),
    base: BigInt(jobs),
  });
  await job.post();
  return job;
}

async function started(stage: Stage, fields: object = {}): Promise<Job> {
  const job = await jobOf(stage, termsOf, fields);
  await job.start();
  return job;
}

async function refuses(stage: Stage, error: string, facts: readonly unknown[], fields: object = {}): Promise<void> {
  const job = await jobOf(stage, termsOf, fields);
  await expect(job.as().start(...(await job.startArguments())))
    .to.be.revertedWithCustomError(stage.jobs, error)
    .withArgs(...facts);
}

/** The stage after its bank at `place` listed the next version of its asset, of other rows. */
async function revised(stage: Stage, place: number, release: number, rows: number, same = false): Promise<Stage> {
  const bank = stage.banks[place] as Bank & { number?: number };
  const { version: old, terms } = bank.listing;
  const next = { ...versionOf(chain, "none", release), rows, populationId: old.populationId };
  const version = same ? { ...next, datasetRoot: old.datasetRoot } : next;
  const assets = stage.assets.connect(bank.account);
  const receipt = await (await assets.revise(bank.assetId, version, terms, "ipfs://next")).wait();
  const time = BigInt((await receipt.getBlock()).timestamp);
  const listing = { version: { ...version, time }, terms };
  return { ...stage, banks: stage.banks.with(place, { ...bank, listing }) };
}

/** Terms whose asset at `place` is used in this version. */
function inVersion(place: number, version: number) {
  return (stage: Stage, fields: object) => {
    const terms = termsOf(stage, fields);
    return { ...terms, assets: terms.assets.map((asset, i) => (i === place ? { ...asset, version } : asset)) };
  };
}

describe("start: the cohort of an asset's first use without noise", () => {
  it("is the only one: a job with one bank less, one more or another is refused", async () => {
    const stage = await chain.loadFixture(four);
    const first = withBanks(stage, [0, 1, 2]);
    await (await started(first)).seat();
    const assetId = (place: number) => (stage.banks[place] as Bank).assetId;
    await refuses(withBanks(stage, [0, 1, 2, 3]), "JobMarket_OtherCohort", [assetId(0)]);
    await refuses(withBanks(stage, [3, 1, 2]), "JobMarket_OtherCohort", [assetId(1)]);
    await started(first);
  });

  it("is a set: the same assets in another order are the same cohort", async () => {
    const stage = await chain.loadFixture(four);
    await started(withBanks(stage, [2, 0, 3]));
    await started(withBanks(stage, [3, 2, 0]));
    await started(withBanks(stage, [0, 2, 3]));
  });

  it("binds a job that is started while the first one waits for its committee", async () => {
    const stage = await chain.loadFixture(four);
    await started(withBanks(stage, [0, 1, 2]));
    const { assetId } = stage.banks[0] as Bank;
    await refuses(withBanks(stage, [0, 1, 3]), "JobMarket_OtherCohort", [assetId]);
  });

  it("is free again when the only job expires before it is seated", async () => {
    const stage = await chain.loadFixture(four);
    const job = await started(withBanks(stage, [0, 1, 2]));
    await job.waitForGrace();
    await job.expire();
    await (await started(withBanks(stage, [0, 1, 3]))).seat();
  });

  it("stays when one of two jobs expires: the other may run", async () => {
    const stage = await chain.loadFixture(four);
    const [one, other] = [await started(withBanks(stage, [0, 1, 2])), await started(withBanks(stage, [0, 1, 2]))];
    await other.seat();
    await one.waitForGrace();
    await one.expire();
    const { assetId } = stage.banks[0] as Bank;
    await refuses(withBanks(stage, [0, 1, 3]), "JobMarket_OtherCohort", [assetId]);
  });

  it("does not bind jobs with noise, nor do they bind or free it", async () => {
    const stage = await chain.loadFixture(four);
    const noisy = await jobOf(withBanks(stage, [0, 1, 3]), (own) => noisyTermsOf(own, 1000));
    await noisy.start();
    await started(withBanks(stage, [0, 1, 2]));
    await noisy.waitForGrace();
    await noisy.expire();
    const { assetId } = stage.banks[0] as Bank;
    await refuses(withBanks(stage, [0, 1, 3]), "JobMarket_OtherCohort", [assetId]);
    await (await jobOf(withBanks(stage, [0, 1, 3]), (own) => noisyTermsOf(own, 1000))).start();
  });
});

describe("start: versions of an asset in its cohort", () => {
  const starts = async (stage: Stage, version: number) => (await jobOf(stage, inVersion(1, version))).start();
  const tooClose = async (stage: Stage, version: number, rows: number, needed: number) => {
    const job = await jobOf(stage, inVersion(1, version));
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(stage.jobs, "JobMarket_VersionTooClose")
      .withArgs((stage.banks[1] as Bank).assetId, rows, needed);
  };

  it("with other rows are refused one short of 1 000 more or fewer, and taken at them", async () => {
    const stage = withBanks(await chain.loadFixture(four), [0, 1, 2]);
    await starts(stage, 1);
    const two = await revised(stage, 1, 2, 8999);
    await tooClose(two, 2, 8999, 9000);
    const three = await revised(two, 1, 3, 7001);
    await tooClose(three, 3, 7001, 9000);
    const equal = await revised(three, 1, 4, 8000);
    await tooClose(equal, 4, 8000, 9000);
    const more = await revised(equal, 1, 5, 9000);
    await starts(more, 5);
    const fewer = await revised(more, 1, 6, 7000);
    await starts(fewer, 6);
  });

  it("between the fewest and the most that were used are refused, the first one among them", async () => {
    const stage = withBanks(await chain.loadFixture(four), [0, 1, 2]);
    await starts(stage, 1);
    const large = await revised(stage, 1, 2, 12_000);
    await starts(large, 2);
    await starts(large, 2);
    await tooClose(stage, 1, 8000, 13_000);
    await tooClose(await revised(large, 1, 3, 10_000), 3, 10_000, 13_000);
  });

  it("with the same rows are the same, whatever else the listing changed", async () => {
    const stage = withBanks(await chain.loadFixture(four), [0, 1, 2]);
    await starts(stage, 1);
    await starts(await revised(stage, 1, 2, 8000, true), 2);
  });

  it("differ by 20 rows for each parameter where that is more", async () => {
    const stage = withBanks(await chain.loadFixture(four), [0, 1, 2]);
    const fields = { parameters: 100 };
    await started(stage, fields);
    const two = await revised(stage, 1, 2, 9999);
    const job = await jobOf(two, inVersion(1, 2), fields);
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(stage.jobs, "JobMarket_VersionTooClose")
      .withArgs((stage.banks[1] as Bank).assetId, 9999, 10_000);
    await (await jobOf(await revised(two, 1, 3, 10_000), inVersion(1, 3), fields)).start();
  });
});
