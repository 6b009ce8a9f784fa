import { expect } from "chai";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { standardRoot } from "../../../offchain/crypto/standardTree.ts";
import { connect } from "../chain.ts";
import { tier } from "../participants.ts";
import { deployPlatform } from "../platform.ts";
import { contextOf, list, openTerms, proofOf, type Terms, useOf, versionOf } from "./listings.ts";

const chain = await connect();
const { ethers } = chain;
const bank = chain.signer(6);
const buyer = chain.signer(8).address;
const code = ethers.id("code");
const jurisdictions = [40, 56, 250, 276, 528];
const buyers = [buyer, chain.signer(9).address, chain.signer(10).address];
const codes = [code, ethers.id("release 2"), ethers.id("release 3"), ethers.id("release 4")];

async function withBank() {
  const platform = await deployPlatform(chain);
  await platform.admit(bank);
  return platform;
}

/** Lists under `terms` and uses the asset in a job; `lists` are those that proofs are brought from. */
async function use(terms: Partial<Terms>, context: object = {}, fields: object = {}, lists: object = {}) {
  const { assets, market } = await chain.loadFixture(withBank);
  const { assetId, listing } = await list(assets, bank, versionOf(chain, "people"), { ...openTerms, ...terms });
  const job = contextOf(buyer, code, context);
  const call = () => assets.connect(market).useForJob(job, [useOf(assetId, fields)], [proofOf(listing, lists)]);
  return { assets, call };
}

interface Case {
  readonly term: string;
  readonly terms: Partial<Terms>;
  readonly error: string;
  readonly refused: object;
  readonly args: unknown[];
  readonly allowed: object;
}

const inTheJob: Case[] = [
  {
    ...{ term: "purpose", terms: { purposes: 0b101n }, error: "PurposeNotAllowed" },
    ...{ refused: { purpose: 1 }, args: [1, 1], allowed: { purpose: 2 } },
  },
  {
    ...{ term: "purpose beyond the bitmap", terms: { purposes: 2n ** 256n - 1n }, error: "PurposeNotAllowed" },
    ...{ refused: { purpose: 256 }, args: [1, 256], allowed: { purpose: 255 } },
  },
  {
    ...{ term: "tier of the buyer", terms: { tier: tier.member }, error: "TierTooLow" },
    ...{ refused: { buyerTier: tier.lite }, args: [1, 0, 1], allowed: { buyerTier: tier.member } },
  },
  {
    ...{ term: "rounds", terms: { maxRounds: 9 }, error: "TooManyRounds" },
    ...{ refused: { rounds: 10 }, args: [1, 10, 9], allowed: { rounds: 9 } },
  },
  {
    ...{ term: "noise", terms: { minNoiseMilli: 1100 }, error: "NoiseTooLow" },
    ...{ refused: { noiseMilli: 1099 }, args: [1, 1099, 1100], allowed: { noiseMilli: 1100 } },
  },
];

const inTheUse: Case[] = [
  {
    ...{ term: "price", terms: { price: 25n }, error: "PriceTooLow" },
    ...{ refused: { price: 24n }, args: [1, 24, 25], allowed: { price: 25n } },
  },
  {
    ...{ term: "privacy spend of a job", terms: { rhoPerJob: 70n }, error: "RhoTooHigh" },
    ...{ refused: { rhoNano: 71n }, args: [1, 71, 70], allowed: { rhoNano: 70n } },
  },
];

describe("TermsOfUse: numbers", () => {
  for (const { term, terms, error, refused, args, allowed } of inTheJob) {
    it(`refuses a job beyond the ${term}, and takes one just inside`, async () => {
      const outside = await use(terms, refused);
      await expect(outside.call())
        .to.be.revertedWithCustomError(outside.assets, `AssetRegistry_${error}`)
        .withArgs(...args);
      await (await use(terms, allowed)).call();
    });
  }
  for (const { term, terms, error, refused, args, allowed } of inTheUse) {
    it(`refuses a use beyond the ${term}, and takes one just inside`, async () => {
      const outside = await use({ rhoPerJob: 500n, ...terms }, {}, refused);
      await expect(outside.call())
        .to.be.revertedWithCustomError(outside.assets, `AssetRegistry_${error}`)
        .withArgs(...args);
      await (await use({ rhoPerJob: 500n, ...terms }, {}, allowed)).call();
    });
  }

  it("ends at its expiry to the second", async () => {
    const { assets } = await chain.loadFixture(withBank);
    const expiry = BigInt(await chain.time.latest()) + 1000n;
    const { call } = await use({ expiry });
    await chain.time.setNextBlockTimestamp(expiry);
    await call();
    await chain.time.setNextBlockTimestamp(expiry + 1n);
    await expect(call()).to.be.revertedWithCustomError(assets, "AssetRegistry_Expired").withArgs(1, expiry);
  });

  it("allows as many jobs as it says", async () => {
    const { assets, call } = await use({ maxJobs: 2 });
    await call();
    await call();
    await expect(call()).to.be.revertedWithCustomError(assets, "AssetRegistry_TooManyJobs").withArgs(1, 2);
  });
});

describe("TermsOfUse: lists", () => {
  const roots = {
    jurisdictionsRoot: standardRoot(jurisdictions),
    buyersRoot: standardRoot(buyers as Hex[]),
    codesRoot: standardRoot(codes as Hex[]),
  };

  it("refuses a jurisdiction that is not listed, with whatever proof", async () => {
    const terms = { jurisdictionsRoot: roots.jurisdictionsRoot };
    for (const listed of jurisdictions) {
      const { assets, call } = await use(
        terms,
        { buyerJurisdiction: 840 },
        {},
        { jurisdictions: [jurisdictions, listed] },
      );
      await expect(call())
        .to.be.revertedWithCustomError(assets, "AssetRegistry_JurisdictionNotAllowed")
        .withArgs(1, 840);
    }
  });

  it("refuses a listed jurisdiction without its proof", async () => {
    const { assets, call } = await use({ jurisdictionsRoot: roots.jurisdictionsRoot });
    await expect(call()).to.be.revertedWithCustomError(assets, "AssetRegistry_JurisdictionNotAllowed").withArgs(1, 276);
  });

  it("refuses another buyer with a listed buyer's proof", async () => {
    const other = chain.signer(11).address;
    const { assets, call } = await use(
      { buyersRoot: roots.buyersRoot },
      { buyer: other },
      {},
      { buyers: [buyers, buyer] },
    );
    await expect(call()).to.be.revertedWithCustomError(assets, "AssetRegistry_BuyerNotAllowed").withArgs(1, other);
  });

  it("refuses code that is not listed", async () => {
    const codeHash = ethers.id("patched");
    const { assets, call } = await use({ codesRoot: roots.codesRoot }, { codeHash }, {}, { codes: [codes, code] });
    await expect(call()).to.be.revertedWithCustomError(assets, "AssetRegistry_CodeNotAllowed").withArgs(1, codeHash);
  });

  it("refuses an inner node of the tree as an entry", async () => {
    const pair = standardRoot(codes.slice(0, 2) as Hex[]);
    const { assets, call } = await use({ codesRoot: roots.codesRoot }, { codeHash: pair });
    await expect(call()).to.be.revertedWithCustomError(assets, "AssetRegistry_CodeNotAllowed").withArgs(1, pair);
  });

  it("takes every listed entry with its proof, all three lists at once", async () => {
    for (const buyerJurisdiction of jurisdictions) {
      const lists = {
        jurisdictions: [jurisdictions, buyerJurisdiction],
        buyers: [buyers, buyer],
        codes: [codes, code],
      };
      await (await use(roots, { buyerJurisdiction }, {}, lists)).call();
    }
  });
});
