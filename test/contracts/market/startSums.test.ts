import { expect } from "chai";
import { connect } from "../chain.ts";
import { assetsWith } from "./badTerms.ts";
import { fixtureOf, Job, noisyTermsOf, type Terms, termsOf, usualConsents } from "./job.ts";
import { type Bank, openBank, openStage, type Stage } from "./stage.ts";

// Sums without noise: what `start` asks of rows, consents and weights (protocol, section 3).

const chain = await connect();
const posted = fixtureOf(chain, (job) => job.post());
const [fewRows, clear, sumsWithoutNoise] = [1, 2, 4];

/** A posted job whose third bank lists `rows`. */
async function withRows(rows: number, fields: object = {}, terms: (stage: Stage, fields: object) => Terms = termsOf) {
  const stage = await chain.loadFixture(three);
  const [first, second, third] = stage.banks as [Bank, Bank, Bank];
  const own = { ...stage, banks: [first, second, await openBank(chain, stage, third, 30, {}, { rows })] };
  const job = new Job(own, terms(own, fields));
  await job.post();
  return job;
}

async function three(): Promise<Stage> {
  return openStage(chain);
}

async function startsWith(job: Job, consents: number): Promise<void> {
  const [first, second] = await job.acceptances();
  const third = await job.acceptance((job.stage.banks[2] as Bank).operator, 2, { consents });
  await job.apply(
    "start",
    job.as().start(...(await job.startArguments(job.listings(), [first, second, third] as object[]))),
  );
}

async function refuses(job: Job, consents: number, error: string, ...facts: unknown[]) {
  await expect(startsWith(job, consents))
    .to.be.revertedWithCustomError(job.stage.jobs, error)
    .withArgs(...facts);
}

describe("start: rows", () => {
  it("are 1 000 at least, of each contributor, where the model is small", async () => {
    await refuses(await withRows(999), usualConsents, "JobMarket_TooFewRows", 2, 999, 1000);
    await startsWith(await withRows(1000), usualConsents);
  });

  it("are 20 for each parameter where that is more", async () => {
    const parameters = 51;
    await refuses(await withRows(1019, { parameters }), usualConsents, "JobMarket_TooFewRows", 2, 1019, 1020);
    await startsWith(await withRows(1020, { parameters }), usualConsents);
    await refuses(await withRows(1000, { parameters: 10_000_000 }), 6, "JobMarket_TooFewRows", 0, 8000, 200_000_000);
  });

  it("may be fewer with the owner's consent, or with noise", async () => {
    await startsWith(await withRows(40), usualConsents | fewRows);
    const noisy = await withRows(40, {}, (stage) => noisyTermsOf(stage, 1000));
    await startsWith(noisy, 0);
  });
});

describe("start: consents", () => {
  it("to sums without noise and to be read in the clear are needed, of each contributor", async () => {
    const job = await posted();
    await refuses(job, sumsWithoutNoise, "JobMarket_MissingConsent", 2, clear);
    await refuses(job, clear, "JobMarket_MissingConsent", 2, sumsWithoutNoise);
    await refuses(job, fewRows, "JobMarket_MissingConsent", 2, clear);
    await startsWith(job, clear | sumsWithoutNoise);
  });

  it("to be read are not needed where updates are shared or encrypted", async () => {
    for (const aggregation of [1, 2]) {
      const job = await withRows(8000, { aggregation });
      await refuses(job, clear, "JobMarket_MissingConsent", 2, sumsWithoutNoise);
      await startsWith(job, sumsWithoutNoise);
    }
  });
});

describe("start: weights", () => {
  it("follow the committed rows: two units moved from one contributor to another are refused", async () => {
    const stage = await chain.loadFixture(three);
    const terms = termsOf(stage);
    const moved = (by: number) =>
      assetsWith({ ...terms, assets: assetsWith(terms, 1, { weight: 333_333_333 + by }) as never }, 2, {
        weight: 333_333_333 - by,
      });
    for (const by of [1, 2, -1, 100_000_000]) {
      const job = new Job(stage, {
        ...terms,
        assets: moved(by) as Terms["assets"],
        base: BigInt(by + 5),
        validationRoot: chain.ethers.id(`moved ${by}`),
      });
      await job.post();
      await expect(job.as().start(...(await job.startArguments())))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadTerms")
        .withArgs("weight");
    }
  });

  it("may round either way, and are those of rows however unequal", async () => {
    const stage = await chain.loadFixture(three);
    const terms = termsOf(stage);
    // 333 333 333.33 each: the unit that is left may be anybody's.
    const other = assetsWith({ ...terms, assets: assetsWith(terms, 0, { weight: 333_333_333 }) as never }, 1, {
      weight: 333_333_334,
    });
    const job = new Job(stage, { ...terms, assets: other as Terms["assets"] });
    await job.post();
    await job.start();
    const unequal = await withRows(4_000_000_000, { validationRoot: chain.ethers.id("validation 2") });
    expect(unequal.terms.assets.map(({ weight }) => weight)).to.deep.equal([2000, 2000, 999_996_000]);
    await unequal.start();
  });

  it("follow them with noise too: size is paid for", async () => {
    const stage = await chain.loadFixture(three);
    const terms = noisyTermsOf(stage, 1000);
    const more = assetsWith({ ...terms, assets: assetsWith(terms, 1, { weight: 433_333_333 }) as never }, 2, {
      weight: 233_333_333,
    });
    const job = new Job(stage, { ...terms, assets: more as Terms["assets"] });
    await job.post();
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadTerms")
      .withArgs("weight");
  });
});
