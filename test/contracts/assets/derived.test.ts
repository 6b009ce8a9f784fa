import { expect } from "chai";
import { standardRoot } from "../../../offchain/crypto/standardTree.ts";
import { connect, type Deployed } from "../chain.ts";
import { deployPlatform } from "../platform.ts";
import { hashOf, type Listing, list, openTerms, versionOf, zero } from "./listings.ts";

// Assets that were made from others: what the parents' terms allow, and whose budget is used.

const chain = await connect();
const bank = chain.signer(6);
const rival = chain.signer(7);
const model = 2;
const none = { ...openTerms, derivativeRule: 0 };
const internal = { ...openTerms, derivativeRule: 1 };
const free = { ...openTerms, derivativeRule: 2 };
/** The list of buyers that names the rival alone. */
const onlyRival = { ...openTerms, buyersRoot: standardRoot([`0x${rival.address.slice(2).padStart(64, "0")}`]) };

interface Parent {
  readonly assetId: bigint;
  readonly listing: Listing;
}

async function withBanks() {
  const platform = await deployPlatform(chain);
  for (const account of [bank, rival]) await platform.admit(account);
  const own = await list(platform.assets, rival, versionOf(chain, "customers of the rival"), none);
  const parent = (name: string, terms: typeof openTerms) => list(platform.assets, bank, versionOf(chain, name), terms);
  const closed = await parent("closed", none);
  const house = await parent("in-house", internal);
  const open = await parent("open", free);
  const second = await parent("second", free);
  return { ...platform, own, closed, house, open, second };
}

const named = (parents: readonly Parent[]) => parents.map(({ assetId, listing }) => ({ assetId, version: 1, listing }));

/** A model's version with the population that its parents imply for the rival. */
async function versionFrom(assets: Deployed, parents: readonly Parent[], name = "model") {
  const populationId = await assets.derivedPopulation(
    rival,
    parents.map(({ assetId }) => assetId),
  );
  return { ...versionOf(chain, name), populationId };
}

async function derive(assets: Deployed, parents: readonly Parent[], terms = openTerms, fields: object = {}) {
  const version = { ...(await versionFrom(assets, parents)), ...fields };
  return assets.connect(rival).listDerived(model, version, terms, named(parents), "");
}

describe("AssetRegistry: listDerived, refused", () => {
  it("raw data, no parents, parents out of order or twice, and parents that are not listed so", async () => {
    const { assets, open, second } = await chain.loadFixture(withBanks);
    const version = await versionFrom(assets, [open]);
    await expect(assets.connect(rival).listDerived(0, version, openTerms, named([open]), ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_BadListing")
      .withArgs("kind");
    await expect(assets.connect(rival).listDerived(model, version, openTerms, [], ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_BadParents")
      .withArgs(0);
    for (const parents of [[open, open] as const, [second, open] as const]) {
      await expect(derive(assets, parents))
        .to.be.revertedWithCustomError(assets, "AssetRegistry_BadParents")
        .withArgs(open.assetId);
    }
    const nothing = [{ assetId: 99n, version: 1, listing: open.listing }];
    await expect(assets.connect(rival).listDerived(model, version, openTerms, nothing, ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_UnknownVersion")
      .withArgs(99, 1);
  });

  it("a parent whose terms are told otherwise than they are", async () => {
    const { assets, closed } = await chain.loadFixture(withBanks);
    const told = { ...closed, listing: { ...closed.listing, terms: free } };
    await expect(derive(assets, [told]))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_ListingMismatch")
      .withArgs(closed.assetId, hashOf(chain, told.listing), hashOf(chain, closed.listing));
  });

  it("a parent that allows no derivatives, beside others that do", async () => {
    const { assets, closed, open } = await chain.loadFixture(withBanks);
    await expect(derive(assets, [closed, open]))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_DerivativeNotAllowed")
      .withArgs(closed.assetId, 0);
  });

  it("for others, what a parent allows for internal use; a revision does not open it either", async () => {
    const { assets, house, open } = await chain.loadFixture(withBanks);
    await expect(derive(assets, [house, open]))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_DerivativeForOthers")
      .withArgs(6, zero, onlyRival.buyersRoot);
    await derive(assets, [house, open], onlyRival);
    const next = await versionFrom(assets, [house, open], "model 2");
    await expect(assets.connect(rival).revise(6n, next, openTerms, ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_DerivativeForOthers")
      .withArgs(6, zero, onlyRival.buyersRoot);
    await assets.connect(rival).revise(6n, next, onlyRival, "");
  });

  it("a revoked parent", async () => {
    const { assets, open } = await chain.loadFixture(withBanks);
    await assets.connect(bank).revoke(open.assetId);
    await expect(derive(assets, [open]))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_Revoked")
      .withArgs(open.assetId);
  });

  it("while new listings are paused, and from who is no institution", async () => {
    const { assets, open, admin, stranger } = await chain.loadFixture(withBanks);
    const version = await versionFrom(assets, [open]);
    const populationId = await assets.derivedPopulation(stranger, [open.assetId]);
    const entry = [model, { ...version, populationId }, openTerms, named([open]), ""] as const;
    await expect(assets.connect(stranger).listDerived(...entry))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_NotInstitution")
      .withArgs(stranger);
    await assets.connect(admin).pause();
    await expect(derive(assets, [open])).to.be.revertedWithCustomError(assets, "EnforcedPause");
  });

  it("a population that is not the parents': neither a new one nor the bank's, whose budget others would spend", async () => {
    const { assets, open } = await chain.loadFixture(withBanks);
    const needed = await assets.derivedPopulation(rival, [open.assetId]);
    for (const populationId of [chain.ethers.id("nobody's"), open.listing.version.populationId]) {
      await expect(derive(assets, [open], openTerms, { populationId }))
        .to.be.revertedWithCustomError(assets, "AssetRegistry_PopulationChanged")
        .withArgs(6, populationId, needed);
    }
  });

  it("a budget that was opened beforehand under the name of the derived population", async () => {
    const { assets, open } = await chain.loadFixture(withBanks);
    const populationId = await assets.derivedPopulation(rival, [open.assetId]);
    await list(assets, rival, { ...versionOf(chain, "bait"), populationId }, openTerms, 10_000n);
    await expect(derive(assets, [open]))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_FreshBudget")
      .withArgs(populationId, 10_000);
  });
});

describe("AssetRegistry: listDerived", () => {
  it("lists what free parents allow, and names them", async () => {
    const { assets, open, second } = await chain.loadFixture(withBanks);
    const act = derive(assets, [open, second]);
    await expect(act).to.emit(assets, "AssetDerived").withArgs(6, [open.assetId, second.assetId]);
    expect(await assets.parentsOf(6)).to.deep.equal([open.assetId, second.assetId]);
    expect(await assets.parentsOf(open.assetId)).to.deep.equal([]);
    expect([await assets.ownerOf(6), await assets.kindOf(6)]).to.deep.equal([rival.address, 2n]);
  });

  it("has no budget of its own: what its people may still spend is their banks' to decide", async () => {
    const { assets, privacy, market, open, second } = await chain.loadFixture(withBanks);
    await derive(assets, [open, second]);
    const population = await assets.populationOf(6);
    expect((await privacy.budgetOf(population)).cap).to.equal(0n);
    await expect(privacy.connect(market).reserve([population], [1n]))
      .to.be.revertedWithCustomError(privacy, "PrivacyLedger_Exhausted")
      .withArgs(population, 0, 1);
  });

  it("is not bound by the lister's own terms, and shares the budget of its own people", async () => {
    const { assets, own } = await chain.loadFixture(withBanks);
    const { populationId } = own.listing.version;
    await derive(assets, [own], openTerms, { populationId });
    expect(await assets.populationOf(6)).to.equal(populationId);
  });

  it("inherits over generations: the child of a derived asset is of the same people", async () => {
    const { assets, open } = await chain.loadFixture(withBanks);
    const version = await versionFrom(assets, [open]);
    await assets.connect(rival).listDerived(model, version, free, named([open]), "");
    const time = BigInt(await chain.time.latest());
    const child = { assetId: 6n, listing: { version: { ...version, time }, terms: free } };
    await derive(assets, [child], openTerms, { populationId: version.populationId, datasetRoot: chain.ethers.id("c") });
    expect(await assets.populationOf(7)).to.equal(version.populationId);
  });
});
