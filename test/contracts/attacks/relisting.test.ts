import { expect } from "chai";
import { list, openTerms, versionOf } from "../assets/listings.ts";
import { connect } from "../chain.ts";
import { Job, noisyTermsOf } from "../market/job.ts";
import { openStage, type Stage } from "../market/stage.ts";

// Re-listing for a fresh budget. Actor: a bank, with a buyer who wants more of the same people than they were promised. Cost: one
// listing. Victims: the people whose records these are. Bound: the cap of the population, whatever lists it; not stopped: a
// bank that says that the same people are another population, which only its auditors can see.

const chain = await connect();
const terms = { ...openTerms, rhoPerJob: 10n ** 12n };
/** Rounds 2, noise multiplier 1: 2 · 5e14 / 1000² nano-rho a job. */
const perJob = 1_000_000_000n;

/** Every bank has promised its population one job and a half. */
async function withSmallCaps(): Promise<Stage> {
  const stage = await openStage(chain);
  const banks: Stage["banks"][number][] = [];
  for (const [i, bank] of stage.banks.entries()) {
    const version = versionOf(chain, `few people ${i}`);
    banks.push({ ...bank, ...(await list(stage.assets, bank.account, version, terms, (perJob * 3n) / 2n)) });
  }
  const spent = new Job({ ...stage, banks }, noisyTermsOf({ ...stage, banks }, 1000, { rounds: 2 }));
  await spent.toSettled();
  return { ...stage, banks };
}

/** The first bank lists again, what it says of its people being `population`; the same job with that listing, not posted yet. */
async function relisted(stage: Stage, population: string): Promise<Job> {
  const [bank, ...others] = stage.banks as [Stage["banks"][0], ...Stage["banks"]];
  const rows = versionOf(chain, population, 2);
  const again = { ...bank, ...(await list(stage.assets, bank.account, rows, terms, 10n ** 15n)) };
  const banks = [again, ...others];
  const fresh = { validationRoot: chain.ethers.id("fresh rows") };
  return new Job({ ...stage, banks }, { ...noisyTermsOf({ ...stage, banks }, 1000, { rounds: 2 }), ...fresh });
}

describe("Attack by listing again", () => {
  it("brings no fresh budget: the population's cap is that of its first listing", async () => {
    const stage = await chain.loadFixture(withSmallCaps);
    const { populationId } = (stage.banks[0] as Stage["banks"][0]).listing.version;
    const job = await relisted(stage, "few people 0");
    const [cap, spent] = await stage.privacy.budgetOf(populationId);
    expect([cap, spent]).to.deep.equal([(perJob * 3n) / 2n, perJob]);
    await job.post();
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(stage.privacy, "PrivacyLedger_Exhausted")
      .withArgs(populationId, perJob / 2n, perJob);
  });

  it("by another account is refused: a population has one holder", async () => {
    const stage = await chain.loadFixture(withSmallCaps);
    const other = (stage.banks[1] as Stage["banks"][0]).account;
    const { populationId } = (stage.banks[0] as Stage["banks"][0]).listing.version;
    const version = { ...versionOf(chain, "few people 0"), populationId };
    await expect(stage.assets.connect(other).list(1, version, terms, 1n, ""))
      .to.be.revertedWithCustomError(stage.assets, "AssetRegistry_PopulationTaken")
      .withArgs(populationId, (stage.banks[0] as Stage["banks"][0]).account.address);
  });

  it("pays where the bank lies about whose records they are: the chain takes the population as declared", async () => {
    const stage = await chain.loadFixture(withSmallCaps);
    await relisted(stage, "the same people under another name");
    const lie = chain.ethers.id("the same people under another name");
    const [cap] = await stage.privacy.budgetOf(lie);
    expect(cap, "a budget of its own").to.equal(10n ** 15n);
  });
});
