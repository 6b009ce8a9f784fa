import { expect } from "chai";
import { connect } from "../chain.ts";
import { fixtureOf, Job, noisyTermsOf, rhoOf } from "./job.ts";
import { openActor, openBank, openStage, type Stage } from "./stage.ts";

const chain = await connect();
const cap = 10n ** 12n;
/** z = 0.05: four rounds take four fifths of a population's budget. */
const rho = rhoOf(4, 50);
const plain = fixtureOf(chain, (job) => job.post());
const noisy = fixtureOf(
  chain,
  (job) => job.post(),
  openStage,
  (stage) => noisyTermsOf(stage, 50),
);

/** A job with noise whose third bank counts the jobs of its asset. */
const limited = fixtureOf(
  chain,
  (job) => job.post(),
  async () => {
    const stage = await openStage(chain);
    const third = await openBank(chain, stage, await openActor(chain, stage, 15, {}), 15, { maxJobs: 2 });
    return { ...stage, banks: [...stage.banks.slice(0, 2), third] } satisfies Stage;
  },
  (stage) => noisyTermsOf(stage, 50),
);

/** Cap, spent and reserved of each bank's population, nano-rho. */
async function budgetsOf({ stage: { privacy, banks } }: Job): Promise<bigint[][]> {
  const budgets = banks.map(({ listing }) => privacy.budgetOf(listing.version.populationId));
  return (await Promise.all(budgets)).map((budget) => [...budget]);
}

describe("start: the privacy budget", () => {
  it("is left alone by a job without noise", async () => {
    const job = await plain();
    await job.start();
    expect(await budgetsOf(job)).to.deep.equal([1, 2, 3].map(() => [cap, 0n, 0n]));
  });

  it("is reserved for all rounds of a job with noise, of every contributor", async () => {
    const job = await noisy();
    expect(rho).to.equal(800_000_000_000n);
    expect(await budgetsOf(job)).to.deep.equal([1, 2, 3].map(() => [cap, 0n, 0n]));
    await job.start();
    expect(await budgetsOf(job)).to.deep.equal([1, 2, 3].map(() => [cap, 0n, rho]));
  });

  it("stops a second job that does not fit beside the first; nothing of it stays, and it starts when there is room", async () => {
    const job = await limited();
    const { stage } = job;
    const next = new Job(stage, { ...noisyTermsOf(stage, 50), validationRoot: chain.ethers.id("validation 2") });
    await next.post();
    await job.start();
    await expect(next.as().start(...(await next.startArguments())))
      .to.be.revertedWithCustomError(stage.privacy, "PrivacyLedger_Exhausted")
      .withArgs(stage.banks[0]?.listing.version.populationId, cap - rho, rho);
    expect(await budgetsOf(job)).to.deep.equal([1, 2, 3].map(() => [cap, 0n, rho]));
    expect(await stage.assets.jobsOf(stage.banks[2]?.assetId), "the second was not counted").to.equal(1n);
    await job.waitForGrace();
    await job.expire();
    const later = new Job(stage, { ...next.terms, validationRoot: chain.ethers.id("validation 3"), base: 7n });
    await later.post();
    await later.start();
    expect(await budgetsOf(job)).to.deep.equal([1, 2, 3].map(() => [cap, 0n, rho]));
  });

  it("keeps an asset from changing hands while a job holds some of it", async () => {
    const job = await noisy();
    const { assets, banks } = job.stage;
    const [from, to] = [banks[0]?.account, banks[1]?.account];
    await job.start();
    await expect(assets.connect(from).transferFrom(from, to, banks[0]?.assetId))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_BudgetReserved")
      .withArgs(banks[0]?.assetId);
  });
});
