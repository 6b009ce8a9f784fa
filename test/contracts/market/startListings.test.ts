import { expect } from "chai";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { standardRoot } from "../../../offchain/crypto/standardTree.ts";
import { hashOf, type Listing, type Terms as ListingTerms, proofOf } from "../assets/listings.ts";
import { connect } from "../chain.ts";
import { tier } from "../participants.ts";
import { fixtureOf, Job, noisyTermsOf, rhoOf, termsOf } from "./job.ts";
import { type Bank, openActor, openBank, price, type Stage } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const fresh = fixtureOf(chain, async () => {});
const code = ethers.id("code");
const otherCode = ethers.id("other code");
const rho = rhoOf(4, 1000);

/** A job on a stage whose third bank lists an asset with these restrictions. */
async function restricted(restrictions: Partial<ListingTerms>, terms: (stage: Stage) => object = termsOf) {
  const { stage } = await fresh();
  const bank = await openBank(chain, stage, await openActor(chain, stage, 15, {}), 15, restrictions);
  const own: Stage = { ...stage, banks: [...stage.banks.slice(0, 2), bank] };
  const job = new Job(own, { ...termsOf(own), ...terms(own) });
  await job.post();
  return { job, bank };
}

/** `start` with the third listing's proof replaced. */
async function startWith(job: Job, third: object) {
  return job.as().start(...(await job.startArguments([...job.listings().slice(0, 2), third])));
}

type Refusal = [
  error: string,
  what: string,
  restrictions: Partial<ListingTerms>,
  facts: unknown[],
  terms?: (stage: Stage) => object,
];
const purpose = (stage: Stage) => termsOf(stage, { purpose: 1 });
const refusals: Refusal[] = [
  ["PurposeNotAllowed", "a purpose that is not in its bitmap", { purposes: 0b1101n }, [1], purpose],
  ["TierTooLow", "a buyer below its tier", { tier: tier.core }, [tier.member, tier.core]],
  ["PriceTooLow", "a price below its own", { price: price + 1n }, [price, price + 1n]],
  ["TooManyRounds", "more rounds than it allows", { maxRounds: 3 }, [4, 3]],
  ["NoiseTooLow", "less noise than it demands", { minNoiseMilli: 1 }, [0, 1]],
  ["NoiseTooLow", "a little less noise", { minNoiseMilli: 1001 }, [1000, 1001], (stage) => noisyTermsOf(stage, 1000)],
  ["RhoTooHigh", "a rho above its own", { rhoPerJob: rho - 1n }, [rho, rho - 1n], (stage) => noisyTermsOf(stage, 1000)],
];

describe("start: a listing refuses", () => {
  for (const [error, what, restrictions, facts, terms] of refusals) {
    it(what, async () => {
      const { job, bank } = await restricted(restrictions, terms);
      await expect(startWith(job, proofOf(bank.listing)))
        .to.be.revertedWithCustomError(job.stage.assets, `AssetRegistry_${error}`)
        .withArgs(bank.assetId, ...facts);
    });
  }

  it("a job that starts after its expiry", async () => {
    const expiry = BigInt(await chain.time.latest()) + 1000n;
    const { job, bank } = await restricted({ expiry });
    await job.waitUntilAfter(Number(expiry));
    await expect(startWith(job, proofOf(bank.listing)))
      .to.be.revertedWithCustomError(job.stage.assets, "AssetRegistry_Expired")
      .withArgs(bank.assetId, expiry);
  });

  it("a buyer, a jurisdiction and a code that are not on its lists", async () => {
    const { buyer } = (await fresh()).stage;
    const lists: [string, Partial<ListingTerms>, unknown][] = [
      ["BuyerNotAllowed", { buyersRoot: rootOf([chain.signer(5).address, chain.signer(7).address]) }, buyer.account],
      ["JurisdictionNotAllowed", { jurisdictionsRoot: rootOf([250, 528]) }, 276],
      ["CodeNotAllowed", { codesRoot: rootOf([otherCode, ethers.id("a third")]) }, code],
    ];
    for (const [error, restrictions, fact] of lists) {
      const { job, bank } = await restricted(restrictions);
      await expect(startWith(job, proofOf(bank.listing)))
        .to.be.revertedWithCustomError(job.stage.assets, `AssetRegistry_${error}`)
        .withArgs(bank.assetId, fact);
    }
  });

  it("more jobs than it allows, counted when they start", async () => {
    const { job, bank } = await restricted({ maxJobs: 1 });
    const next = new Job(job.stage, termsOf(job.stage, { validationRoot: ethers.id("validation 2") }));
    await next.post();
    await job.start();
    await expect(next.as().start(...(await next.startArguments())))
      .to.be.revertedWithCustomError(job.stage.assets, "AssetRegistry_TooManyJobs")
      .withArgs(bank.assetId, 1);
  });

  it("every job once it is revoked", async () => {
    const { job, bank } = await restricted({});
    await job.stage.assets.connect(bank.account).revoke(bank.assetId);
    await expect(startWith(job, proofOf(bank.listing)))
      .to.be.revertedWithCustomError(job.stage.assets, "AssetRegistry_Revoked")
      .withArgs(bank.assetId);
  });
});

describe("start: a listing that is brought", () => {
  const forged: [string, (listing: Listing) => Listing][] = [
    ["a lower price", ({ version, terms }) => ({ version, terms: { ...terms, price: 0n } })],
    ["more purposes", ({ version, terms }) => ({ version, terms: { ...terms, purposes: 2n ** 256n - 1n } })],
    ["a smaller cohort", ({ version, terms }) => ({ version, terms: { ...terms, minimumCohort: 0 } })],
    ["another population", ({ version, terms }) => ({ terms, version: { ...version, populationId: code as Hex } })],
    ["another data set", ({ version, terms }) => ({ terms, version: { ...version, datasetRoot: code as Hex } })],
  ];
  for (const [what, forge] of forged) {
    it(`with ${what} than the chain stored is refused`, async () => {
      const { job, bank } = await restricted({});
      const had = forge(bank.listing);
      const { assets } = job.stage;
      await expect(startWith(job, proofOf(had)))
        .to.be.revertedWithCustomError(assets, "AssetRegistry_ListingMismatch")
        .withArgs(bank.assetId, hashOf(chain, had), hashOf(chain, bank.listing));
    });
  }

  it("for another asset is refused, and so is a version that was never listed", async () => {
    const { job, bank } = await restricted({});
    const { assets, banks } = job.stage;
    const first = (banks[0] as Bank).listing;
    await expect(startWith(job, proofOf(first)))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_ListingMismatch")
      .withArgs(bank.assetId, hashOf(chain, first), hashOf(chain, bank.listing));
    const second = job.terms.assets.map((asset, i) => (i === 2 ? { ...asset, version: 2 } : asset));
    const next = new Job(job.stage, termsOf(job.stage, { assets: second }));
    await next.post();
    await expect(next.as().start(...(await next.startArguments())))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_UnknownVersion")
      .withArgs(bank.assetId, 2);
  });

  it("is missing: the call is refused", async () => {
    const { job } = await restricted({});
    await expect(job.as().start(...(await job.startArguments(job.listings().slice(0, 2))))).to.be.revert(ethers);
  });
});

describe("start: a listing accepts", () => {
  it("what keeps each term at its bound, and who is on its lists", async () => {
    const { buyer } = (await fresh()).stage;
    const buyers = [chain.signer(5).address, buyer.account.address];
    const { job, bank } = await restricted(
      {
        ...{ purposes: 1n, tier: tier.member, price, maxRounds: 4, maxJobs: 1, minNoiseMilli: 1000, rhoPerJob: rho },
        ...{ buyersRoot: rootOf(buyers), jurisdictionsRoot: rootOf([276, 250]), codesRoot: rootOf([code, otherCode]) },
      },
      (stage) => noisyTermsOf(stage, 1000),
    );
    const lists = {
      buyers: [buyers, buyer.account.address] as [string[], string],
      jurisdictions: [[276, 250], 276] as [number[], number],
      codes: [[code, otherCode], code] as [string[], string],
    };
    await job.apply("start", startWith(job, proofOf(bank.listing, lists)));
    expect(job.record.state).to.equal("Seating");
  });
});

function rootOf(values: (string | number)[]): Hex {
  return standardRoot(values as Hex[]);
}
