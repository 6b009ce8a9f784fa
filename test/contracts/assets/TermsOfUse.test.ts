import { expect } from "chai";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { standardRoot } from "../../../offchain/crypto/standardTree.ts";
import { connect } from "../chain.ts";
import { packing } from "../market/packing.ts";
import { tier } from "../participants.ts";
import { contextOf, hashOf, openTerms, proofOf, type Terms, useOf, versionOf } from "./listings.ts";

const chain = await connect();
const { ethers } = chain;
const version = versionOf(chain, "people");
const buyer = chain.signer(8).address;
const code = ethers.id("code");
const jurisdictions = [40, 56, 250, 276, 528];
const buyers = [buyer, chain.signer(9).address, chain.signer(10).address];
const codes = [code, ethers.id("release 2"), ethers.id("release 3"), ethers.id("release 4")];

/** The library, and the interface that declares its errors. */
async function withLibrary() {
  const rules = packing(await chain.deploy("TermsOfUseHarness"));
  return { rules, errors: await ethers.getContractAt("IAssetRegistry", await rules.getAddress()) };
}

/** Holds a use in a job against a listing under `terms`; `lists` are those that proofs are brought from. */
async function use(terms: Partial<Terms>, context: object = {}, fields: object = {}, lists: object = {}) {
  const { rules, errors } = await chain.loadFixture(withLibrary);
  const listing = { version, terms: { ...openTerms, ...terms } };
  const job = contextOf(buyer, code, context);
  return { rules, errors, call: () => rules.check(job, useOf(1n, fields), proofOf(listing, lists)) };
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

/** The use keeps its terms. */
async function takes(allowed: ReturnType<typeof use>) {
  const { rules, call } = await allowed;
  await expect(call()).to.emit(rules, "Kept").withArgs(1);
}

describe("TermsOfUse: numbers", () => {
  for (const { term, terms, error, refused, args, allowed } of inTheJob) {
    it(`refuses a job beyond the ${term}, and takes one just inside`, async () => {
      const outside = await use(terms, refused);
      await expect(outside.call())
        .to.be.revertedWithCustomError(outside.errors, `AssetRegistry_${error}`)
        .withArgs(...args);
      await takes(use(terms, allowed));
    });
  }
  for (const { term, terms, error, refused, args, allowed } of inTheUse) {
    it(`refuses a use beyond the ${term}, and takes one just inside`, async () => {
      const outside = await use({ rhoPerJob: 500n, ...terms }, {}, refused);
      await expect(outside.call())
        .to.be.revertedWithCustomError(outside.errors, `AssetRegistry_${error}`)
        .withArgs(...args);
      await takes(use({ rhoPerJob: 500n, ...terms }, {}, allowed));
    });
  }

  it("ends at its expiry to the second", async () => {
    await chain.loadFixture(withLibrary);
    const expiry = BigInt(await chain.time.latest()) + 1000n;
    const { rules, errors, call } = await use({ expiry });
    await chain.time.setNextBlockTimestamp(expiry);
    await expect(call()).to.emit(rules, "Kept").withArgs(1);
    await chain.time.setNextBlockTimestamp(expiry + 1n);
    await expect(call()).to.be.revertedWithCustomError(errors, "AssetRegistry_Expired").withArgs(1, expiry);
  });

  it("restricts neither rounds nor time where it names none", async () => {
    await takes(use({ maxRounds: 0, expiry: 0n }, { rounds: 65_535 }));
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
      const { errors, call } = await use(
        terms,
        { buyerJurisdiction: 840 },
        {},
        { jurisdictions: [jurisdictions, listed] },
      );
      await expect(call())
        .to.be.revertedWithCustomError(errors, "AssetRegistry_JurisdictionNotAllowed")
        .withArgs(1, 840);
    }
  });

  it("refuses a listed jurisdiction without its proof", async () => {
    const { errors, call } = await use({ jurisdictionsRoot: roots.jurisdictionsRoot });
    await expect(call()).to.be.revertedWithCustomError(errors, "AssetRegistry_JurisdictionNotAllowed").withArgs(1, 276);
  });

  it("refuses another buyer with a listed buyer's proof", async () => {
    const other = chain.signer(11).address;
    const { errors, call } = await use(
      { buyersRoot: roots.buyersRoot },
      { buyer: other },
      {},
      { buyers: [buyers, buyer] },
    );
    await expect(call()).to.be.revertedWithCustomError(errors, "AssetRegistry_BuyerNotAllowed").withArgs(1, other);
  });

  it("refuses code that is not listed", async () => {
    const codeHash = ethers.id("patched");
    const { errors, call } = await use({ codesRoot: roots.codesRoot }, { codeHash }, {}, { codes: [codes, code] });
    await expect(call()).to.be.revertedWithCustomError(errors, "AssetRegistry_CodeNotAllowed").withArgs(1, codeHash);
  });

  it("refuses an inner node of the tree as an entry", async () => {
    const pair = standardRoot(codes.slice(0, 2) as Hex[]);
    const { errors, call } = await use({ codesRoot: roots.codesRoot }, { codeHash: pair });
    await expect(call()).to.be.revertedWithCustomError(errors, "AssetRegistry_CodeNotAllowed").withArgs(1, pair);
  });

  it("takes every listed entry with its proof, all three lists at once", async () => {
    for (const buyerJurisdiction of jurisdictions) {
      const lists = {
        jurisdictions: [jurisdictions, buyerJurisdiction],
        buyers: [buyers, buyer],
        codes: [codes, code],
      };
      await takes(use(roots, { buyerJurisdiction }, {}, lists));
    }
  });
});

describe("TermsOfUse: the hash of a listing", () => {
  it("is that of its words, and another in each of its nineteen fields", async () => {
    const { rules } = await chain.loadFixture(withLibrary);
    const listing = { version, terms: { ...openTerms, maxJobs: 3, expiry: 9n, royaltyPpb: 5 } };
    const had: string = await rules.hashOf(listing);
    expect(had).to.equal(hashOf(chain, listing));
    const changed = (fields: object) =>
      Object.entries(fields).map(([name, value]) => [name, typeof value === "string" ? ethers.id(name) : 77] as const);
    const others = [
      ...changed(listing.version).map(([name, value]) => ({ ...listing, version: { ...version, [name]: value } })),
      ...changed(listing.terms).map(([name, value]) => ({ ...listing, terms: { ...listing.terms, [name]: value } })),
    ];
    const hashes = await Promise.all(others.map((other): Promise<string> => rules.hashOf(other)));
    expect(new Set([had, ...hashes]).size).to.equal(20);
  });
});
