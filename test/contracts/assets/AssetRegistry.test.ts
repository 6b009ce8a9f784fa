import { expect } from "chai";
import { connect } from "../chain.ts";
import { role, status } from "../participants.ts";
import { deployPlatform } from "../platform.ts";
import { claimOf, hashOf, list, openTerms, versionOf, zero } from "./listings.ts";

const chain = await connect();
const bank = chain.signer(6);
const rival = chain.signer(7);
const buyer = chain.signer(8);
const version = versionOf(chain, "card holders of bank 1");

async function withBanks() {
  const platform = await deployPlatform(chain);
  await platform.admit(bank);
  await platform.admit(rival);
  await platform.admit(buyer, { roles: role.buyer });
  return platform;
}
async function withListing() {
  const platform = await withBanks();
  return { ...platform, ...(await list(platform.assets, bank, version, openTerms)) };
}

describe("AssetRegistry: list", () => {
  it("is for active institutions", async () => {
    const { assets, registry, supervisor, stranger } = await chain.loadFixture(withBanks);
    await registry.connect(supervisor).setStatus(rival, status.suspended, 7);
    for (const caller of [stranger, buyer, rival]) {
      await expect(assets.connect(caller).list(0, version, openTerms, 1n, ""))
        .to.be.revertedWithCustomError(assets, "AssetRegistry_NotInstitution")
        .withArgs(caller);
    }
  });

  const faults = [
    { field: "populationId", version: { populationId: zero } },
    { field: "rows", version: { rows: 0 } },
    { field: "datasetRoot", version: { datasetRoot: zero } },
    { field: "schemaHash", version: { schemaHash: zero } },
    { field: "purposes", terms: { purposes: 0n } },
    { field: "expiry", terms: { expiry: 1n } },
    { field: "derivativeRule", terms: { derivativeRule: 3 } },
    { field: "royaltyPpb", terms: { royaltyPpb: 1_000_000_001 } },
    { field: "tier", terms: { tier: 3 } },
  ];
  for (const { field, version: wrong, terms } of faults) {
    it(`refuses wrong ${field}`, async () => {
      const { assets } = await chain.loadFixture(withBanks);
      const entry = [
        { ...version, ...wrong },
        { ...openTerms, ...terms },
      ];
      await expect(assets.connect(bank).list(0, ...entry, 1n, ""))
        .to.be.revertedWithCustomError(assets, "AssetRegistry_BadListing")
        .withArgs(field);
    });
  }

  it("refuses the population of another institution", async () => {
    const { assets } = await chain.loadFixture(withListing);
    await expect(assets.connect(rival).list(0, version, openTerms, 1n, ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_PopulationTaken")
      .withArgs(version.populationId, bank);
  });

  it("stores the hash of the listing under the block's time, and opens the population's budget", async () => {
    const { assets, privacy } = await chain.loadFixture(withBanks);
    const act = assets.connect(bank).list(1, version, openTerms, 10_000n, "ipfs://data");
    await expect(act).to.emit(privacy, "PopulationOpened").withArgs(version.populationId, bank, 10_000);
    const listing = { version: { ...version, time: BigInt(await chain.time.latest()) }, terms: openTerms };
    const tuple = [Object.values(listing.version), Object.values(openTerms)];
    await expect(act).to.emit(assets, "AssetListed").withArgs(1, bank, 1, 1, tuple, "ipfs://data");
    expect(await assets.listingHash(1, 1)).to.equal(hashOf(chain, listing));
    expect(await assets.ownerOf(1)).to.equal(bank.address);
    expect([await assets.kindOf(1), await assets.latestVersion(1), await assets.jobsOf(1)]).to.deep.equal([1n, 1n, 0n]);
  });

  it("leaves the budget of a population as it is when a second asset is listed on it", async () => {
    const { assets, privacy } = await chain.loadFixture(withListing);
    await list(assets, bank, { ...version, rows: 100 }, openTerms, 99_999n);
    expect((await privacy.budgetOf(version.populationId)).cap).to.equal(10_000n);
    expect(await assets.populationOf(2)).to.equal(version.populationId);
  });
});

describe("AssetRegistry: pause", () => {
  it("is for who the authority names, and so is its end", async () => {
    const { assets, stranger } = await chain.loadFixture(withListing);
    for (const caller of [stranger, bank]) {
      for (const act of ["pause", "unpause"]) {
        await expect(assets.connect(caller)[act]())
          .to.be.revertedWithCustomError(assets, "AccessManagedUnauthorized")
          .withArgs(caller);
      }
    }
  });

  it("stops new listings until it ends, and nothing that an owner does with one that is there", async () => {
    const { assets, assetId, listing, market, admin } = await chain.loadFixture(withListing);
    const as = assets.connect(bank);
    const other = versionOf(chain, "mortgages of bank 1");
    await expect(assets.connect(admin).pause()).to.emit(assets, "Paused").withArgs(admin);
    await expect(as.list(0, other, openTerms, 1n, "")).to.be.revertedWithCustomError(assets, "EnforcedPause");
    await assets.connect(market).useForJob([claimOf(chain, assetId, listing)]);
    await as.revise(assetId, versionOf(chain, "card holders of bank 1", 2), { ...openTerms, price: 9n }, "");
    await as.transferFrom(bank, rival, assetId);
    await assets.connect(rival).revoke(assetId);
    await expect(assets.connect(admin).unpause()).to.emit(assets, "Unpaused").withArgs(admin);
    await as.list(0, other, openTerms, 1n, "");
    expect(await assets.ownerOf(assetId + 1n)).to.equal(bank.address);
  });
});

describe("AssetRegistry: revise and revoke", () => {
  const next = versionOf(chain, "card holders of bank 1", 2);

  it("are the owner's alone", async () => {
    const { assets, assetId, admin } = await chain.loadFixture(withListing);
    for (const caller of [rival, admin]) {
      for (const act of [
        () => assets.connect(caller).revise(assetId, next, openTerms, ""),
        () => assets.connect(caller).revoke(assetId),
      ]) {
        await expect(act()).to.be.revertedWithCustomError(assets, "AssetRegistry_NotOwner").withArgs(caller, assetId);
      }
    }
    await expect(assets.connect(bank).revoke(77n))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_NotOwner")
      .withArgs(bank, 77);
  });

  it("refuses another population, a suspended owner, wrong fields, and a revoked listing", async () => {
    const { assets, assetId, registry, supervisor } = await chain.loadFixture(withListing);
    const as = assets.connect(bank);
    const elsewhere = versionOf(chain, "other people");
    await expect(as.revise(assetId, elsewhere, openTerms, ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_PopulationChanged")
      .withArgs(assetId, elsewhere.populationId, version.populationId);
    await expect(as.revise(assetId, { ...next, rows: 0 }, openTerms, ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_BadListing")
      .withArgs("rows");
    await registry.connect(supervisor).setStatus(bank, status.suspended, 7);
    await expect(as.revise(assetId, next, openTerms, ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_NotInstitution")
      .withArgs(bank);
    await registry.connect(supervisor).setStatus(bank, status.active, 0);
    await as.revoke(assetId);
    await expect(as.revise(assetId, next, openTerms, ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_Revoked")
      .withArgs(assetId);
  });

  it("a revision gets the next number and leaves the versions before it", async () => {
    const { assets, assetId, listing } = await chain.loadFixture(withListing);
    const act = assets.connect(bank).revise(assetId, next, openTerms, "ipfs://2");
    await expect(act).to.emit(assets, "AssetRevised");
    const second = { version: { ...next, time: BigInt(await chain.time.latest()) }, terms: openTerms };
    expect(await assets.latestVersion(assetId)).to.equal(2n);
    expect(await assets.listingHash(assetId, 1)).to.equal(hashOf(chain, listing));
    expect(await assets.listingHash(assetId, 2)).to.equal(hashOf(chain, second));
  });

  it("a suspended owner can still revoke", async () => {
    const { assets, assetId, registry, supervisor } = await chain.loadFixture(withListing);
    await registry.connect(supervisor).setStatus(bank, status.suspended, 7);
    await expect(assets.connect(bank).revoke(assetId)).to.emit(assets, "AssetRevoked").withArgs(assetId);
    expect(await assets.isRevoked(assetId)).to.equal(true);
    await expect(assets.connect(bank).revoke(assetId))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_Revoked")
      .withArgs(assetId);
  });

  it("anyone revokes the listings of an owner that left, of no other", async () => {
    const { assets, assetId, registry, stranger } = await chain.loadFixture(withListing);
    await registry.connect(bank).leave();
    await expect(assets.connect(stranger).revoke(assetId)).to.emit(assets, "AssetRevoked").withArgs(assetId);
    await expect(assets.connect(stranger).revoke(99n)).to.be.revertedWithCustomError(assets, "AssetRegistry_NotOwner");
  });
});

describe("AssetRegistry: use for a job", () => {
  async function withLimit() {
    const platform = await withBanks();
    return { ...platform, ...(await list(platform.assets, bank, version, { ...openTerms, maxJobs: 2 })) };
  }

  it("is the market's alone, and the administrator names it", async () => {
    const { assets, assetId, listing, stranger, admin } = await chain.loadFixture(withListing);
    for (const caller of [stranger, admin, bank]) {
      await expect(assets.connect(caller).useForJob([claimOf(chain, assetId, listing)]))
        .to.be.revertedWithCustomError(assets, "AssetRegistry_NotWriter")
        .withArgs(caller);
    }
    await expect(assets.connect(stranger).setWriter(stranger, true))
      .to.be.revertedWithCustomError(assets, "AccessManagedUnauthorized")
      .withArgs(stranger);
    await expect(assets.connect(admin).setWriter(stranger, true)).to.emit(assets, "WriterSet").withArgs(stranger, true);
    await assets.connect(admin).setWriter(stranger, false);
    await expect(assets.connect(stranger).useForJob([])).to.be.revertedWithCustomError(
      assets,
      "AssetRegistry_NotWriter",
    );
  });

  it("refuses an unknown asset or version, another listing, and a revoked one", async () => {
    const { assets, assetId, listing, market } = await chain.loadFixture(withListing);
    const use = (id: bigint, number: number, brought = listing) =>
      assets.connect(market).useForJob([claimOf(chain, id, brought, { version: number })]);
    for (const [id, number] of [[assetId, 2] as const, [assetId, 0] as const, [99n, 1] as const]) {
      await expect(use(id, number))
        .to.be.revertedWithCustomError(assets, "AssetRegistry_UnknownVersion")
        .withArgs(id, number);
    }
    const cheaper = { ...listing, terms: { ...openTerms, price: 0n } };
    await expect(use(assetId, 1, cheaper))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_ListingMismatch")
      .withArgs(assetId, hashOf(chain, cheaper), hashOf(chain, listing));
    await assets.connect(bank).revoke(assetId);
    await expect(use(assetId, 1)).to.be.revertedWithCustomError(assets, "AssetRegistry_Revoked").withArgs(assetId);
  });

  it("takes an older version too, with the listing of that version", async () => {
    const { assets, assetId, listing, market } = await chain.loadFixture(withListing);
    await assets.connect(bank).revise(assetId, versionOf(chain, "card holders of bank 1", 2), openTerms, "");
    const as = assets.connect(market);
    const first = claimOf(chain, assetId, listing);
    await expect(as.useForJob([{ ...first, version: 2 }]))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_ListingMismatch")
      .withArgs(assetId, first.listingHash, await assets.listingHash(assetId, 2));
    expect(await as.useForJob.staticCall([first])).to.deep.equal([bank.address]);
  });

  it("allows as many jobs as the listing says, over all its versions", async () => {
    const { assets, assetId, listing, market } = await chain.loadFixture(withLimit);
    const as = assets.connect(market);
    await as.useForJob([claimOf(chain, assetId, listing)]);
    const next = versionOf(chain, "card holders of bank 1", 2);
    await assets.connect(bank).revise(assetId, next, listing.terms, "");
    const second = { version: { ...next, time: BigInt(await chain.time.latest()) }, terms: listing.terms };
    await as.useForJob([claimOf(chain, assetId, second, { version: 2 })]);
    expect(await assets.jobsOf(assetId)).to.equal(2n);
    for (const [number, entry] of [[1, listing] as const, [2, second] as const]) {
      await expect(as.useForJob([claimOf(chain, assetId, entry, { version: number })]))
        .to.be.revertedWithCustomError(assets, "AssetRegistry_TooManyJobs")
        .withArgs(assetId, 2);
    }
  });

  it("counts an asset twice that is named twice, and refuses where that is too often", async () => {
    const { assets, assetId, listing, market } = await chain.loadFixture(withLimit);
    const claim = claimOf(chain, assetId, listing);
    await expect(assets.connect(market).useForJob([claim, claim, claim]))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_TooManyJobs")
      .withArgs(assetId, 2);
    expect(await assets.jobsOf(assetId)).to.equal(0n);
  });

  it("counts no job of an asset without a limit", async () => {
    const { assets, assetId, listing, market } = await chain.loadFixture(withListing);
    for (let i = 0; i < 2; i++) await assets.connect(market).useForJob([claimOf(chain, assetId, listing)]);
    expect(await assets.jobsOf(assetId)).to.equal(0n);
  });

  it("names the owners in order, counts the use, and takes all assets or none", async () => {
    const { assets, assetId, listing, market } = await chain.loadFixture(withLimit);
    const second = await list(assets, rival, versionOf(chain, "card holders of bank 2"), { ...openTerms, maxJobs: 7 });
    const as = assets.connect(market);
    const [own, other] = [claimOf(chain, assetId, listing), claimOf(chain, second.assetId, second.listing)];
    await expect(as.useForJob([other, { ...own, version: 2 }]))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_UnknownVersion")
      .withArgs(assetId, 2);
    expect(await assets.jobsOf(second.assetId)).to.equal(0n);
    expect(await as.useForJob.staticCall([other, own])).to.deep.equal([rival.address, bank.address]);
    await as.useForJob([other, own]);
    expect([await assets.jobsOf(assetId), await assets.jobsOf(second.assetId)]).to.deep.equal([1n, 1n]);
  });
});

describe("AssetRegistry: transfer of a listing", () => {
  it("is refused to who is no active institution", async () => {
    const { assets, assetId, registry, supervisor, stranger } = await chain.loadFixture(withListing);
    await registry.connect(supervisor).setStatus(rival, status.suspended, 7);
    for (const to of [stranger, buyer, rival]) {
      await expect(assets.connect(bank).transferFrom(bank, to, assetId))
        .to.be.revertedWithCustomError(assets, "AssetRegistry_NotInstitution")
        .withArgs(to);
    }
  });

  it("is refused from an institution that is suspended, by an approved third party too", async () => {
    const { assets, assetId, registry, supervisor } = await chain.loadFixture(withListing);
    await assets.connect(bank).approve(rival, assetId);
    await registry.connect(supervisor).setStatus(bank, status.suspended, 7);
    for (const caller of [bank, rival]) {
      await expect(assets.connect(caller).transferFrom(bank, rival, assetId))
        .to.be.revertedWithCustomError(assets, "AssetRegistry_NotInstitution")
        .withArgs(bank);
    }
  });

  it("is refused while budget of the population is reserved, and goes through when it is closed", async () => {
    const { assets, assetId, privacy, market } = await chain.loadFixture(withListing);
    await privacy.connect(market).reserve([version.populationId], [10n]);
    const transfer = () => assets.connect(bank).transferFrom(bank, rival, assetId);
    await expect(transfer()).to.be.revertedWithCustomError(assets, "AssetRegistry_BudgetReserved").withArgs(assetId);
    await privacy.connect(market).close([version.populationId], [10n], [10n]);
    await expect(transfer()).to.emit(assets, "Transfer").withArgs(bank, rival, assetId);
  });

  it("makes the new owner the contributor of the next job, with the right to revise on the same budget", async () => {
    const { assets, assetId, listing, market } = await chain.loadFixture(withListing);
    await assets.connect(bank).transferFrom(bank, rival, assetId);
    const owners = await assets.connect(market).useForJob.staticCall([claimOf(chain, assetId, listing)]);
    expect(owners).to.deep.equal([rival.address]);
    await assets.connect(rival).revise(assetId, versionOf(chain, "card holders of bank 1", 2), openTerms, "");
    await expect(assets.connect(bank).revoke(assetId)).to.be.revertedWithCustomError(assets, "AssetRegistry_NotOwner");
  });
});
