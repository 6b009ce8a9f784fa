import { expect } from "chai";
import fc from "fast-check";
import { connect, type Deployed } from "../chain.ts";
import { role, tier } from "../participants.ts";
import { deployPlatform, listingCaps } from "../platform.ts";
import { list, openTerms, versionOf } from "./listings.ts";

// How many listings an owner may have, and that listing rows again opens no second budget.

const chain = await connect();
const bank = chain.signer(6);
const rival = chain.signer(7);
const newcomer = chain.signer(8);
const version = versionOf(chain, "card holders of bank 1");
const number = (i: number) => versionOf(chain, `customers ${i}`);

async function withBanks() {
  const platform = await deployPlatform(chain);
  await platform.admit(bank);
  await platform.admit(rival, { tier: tier.core });
  await platform.admit(newcomer, { tier: tier.lite });
  return platform;
}
async function listMany(assets: Deployed, owner: typeof bank, count: number, first = 0) {
  for (let i = 0; i < count; i++) await list(assets, owner, number(first + i), openTerms);
}

describe("Open listings", () => {
  it("are capped by the owner's tier", async () => {
    const { assets } = await chain.loadFixture(withBanks);
    for (const [owner, cap] of [
      [newcomer, listingCaps.lite],
      [bank, listingCaps.member],
      [rival, listingCaps.core],
    ] as const) {
      await listMany(assets, owner, cap, cap * 1000);
      expect(await assets.openListings(owner)).to.equal(BigInt(cap));
      await expect(assets.connect(owner).list(0, number(cap * 1000 + cap), openTerms, 1n, ""))
        .to.be.revertedWithCustomError(assets, "AssetRegistry_TooManyListings")
        .withArgs(owner, cap, cap);
    }
  });

  it("a revoked one frees its place, a revision takes none", async () => {
    const { assets } = await chain.loadFixture(withBanks);
    await listMany(assets, newcomer, 3);
    await assets.connect(newcomer).revise(2n, { ...number(1), datasetRoot: number(9).datasetRoot }, openTerms, "");
    await assets.connect(newcomer).revoke(2n);
    expect(await assets.openListings(newcomer)).to.equal(2n);
    await list(assets, newcomer, number(3), openTerms);
    expect(await assets.openListings(newcomer)).to.equal(3n);
  });

  it("move with a transfer, which the new owner must have room for; a revoked one takes no room", async () => {
    const { assets } = await chain.loadFixture(withBanks);
    await listMany(assets, newcomer, 2);
    await listMany(assets, bank, 3, 10);
    await assets.connect(bank).transferFrom(bank, newcomer, 3n);
    expect([await assets.openListings(bank), await assets.openListings(newcomer)]).to.deep.equal([2n, 3n]);
    await expect(assets.connect(bank).transferFrom(bank, newcomer, 4n))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_TooManyListings")
      .withArgs(newcomer, 3, 3);
    await assets.connect(bank).revoke(4n);
    await assets.connect(bank).transferFrom(bank, newcomer, 4n);
    expect([await assets.openListings(bank), await assets.openListings(newcomer)]).to.deep.equal([1n, 3n]);
  });

  it("are as many as are owned and not revoked, after any sequence of listing, revoking and transferring", async () => {
    const owners = [bank, rival, newcomer];
    const act = fc.record({
      kind: fc.constantFrom("list", "revoke", "transfer"),
      who: fc.nat(2),
      to: fc.nat(2),
      which: fc.nat(9),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 16 }), async (acts) => {
        const { assets } = await chain.loadFixture(withBanks);
        const open: { id: bigint; owner: number }[] = [];
        const done = (sent: Promise<unknown>) => sent.then(() => true).catch(() => false);
        let listed = 0n;
        for (const { kind, who, to, which } of acts) {
          const place = which % Math.max(open.length, 1);
          const found = open[place];
          const by = assets.connect(owners[kind === "list" ? who : (found?.owner ?? 0)]);
          const fresh = number(Number(listed) + 1);
          // Each population is its lister's: a name of its own for each listing.
          if (kind === "list" && (await done(by.list(1, fresh, openTerms, 1n, "")))) {
            listed += 1n;
            open.push({ id: listed, owner: who });
          }
          if (found === undefined) continue;
          if (kind === "revoke" && (await done(by.revoke(found.id)))) open.splice(place, 1);
          if (kind === "transfer" && (await done(by.transferFrom(owners[found.owner], owners[to], found.id)))) {
            found.owner = to;
          }
        }
        for (const [i, owner] of owners.entries()) {
          expect(await assets.openListings(owner)).to.equal(BigInt(open.filter((o) => o.owner === i).length));
        }
        expect(await assets.openListings(newcomer)).to.be.at.most(BigInt(listingCaps.lite));
      }),
      { numRuns: 30 },
    );
  });

  it("follow a tier that rises", async () => {
    const { assets, registry, incentive, market } = await chain.loadFixture(withBanks);
    await listMany(assets, newcomer, 3);
    await incentive.connect(market).mintEarned(newcomer, await registry.memberAt());
    await registry.promote(newcomer);
    await list(assets, newcomer, number(4), openTerms);
  });
});

describe("Listing the same rows for a fresh budget", () => {
  const spent = async (privacy: Deployed, market: typeof bank, rhoNano: bigint) => {
    await privacy.connect(market).reserve([version.populationId], [rhoNano]);
    await privacy.connect(market).close([version.populationId], [rhoNano], [rhoNano]);
  };

  it("pays where the population has no holder: the attack on a ledger that forgets", async () => {
    const { manager, registry } = await chain.loadFixture(withBanks);
    const ledger = await chain.deploy("ForgetfulLedger");
    const assets = await chain.deploy("AssetRegistry", [manager, registry, ledger, listingCaps]);
    const { assetId } = await list(assets, bank, version, openTerms, 10_000n);
    await ledger.spend(version.populationId, 10_000n);
    await assets.connect(bank).revoke(assetId);
    await list(assets, bank, version, openTerms, 10_000n);
    await ledger.spend(version.populationId, 10_000n);
  });

  it("finds the budget spent: revoked and listed anew, by the holder or by another", async () => {
    const { assets, privacy, market } = await chain.loadFixture(withBanks);
    const { assetId } = await list(assets, bank, version, openTerms, 10_000n);
    await spent(privacy, market, 10_000n);
    await assets.connect(bank).revoke(assetId);
    await list(assets, bank, version, openTerms, 99_999n);
    await expect(privacy.connect(market).reserve([version.populationId], [1n]))
      .to.be.revertedWithCustomError(privacy, "PrivacyLedger_Exhausted")
      .withArgs(version.populationId, 0, 1);
    await expect(assets.connect(rival).list(1, version, openTerms, 99_999n, ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_PopulationTaken")
      .withArgs(version.populationId, bank);
  });

  it("is refused under another population's name, in a listing as in a revision", async () => {
    const { assets } = await chain.loadFixture(withBanks);
    await list(assets, bank, version, openTerms);
    const other = await list(assets, bank, number(1), openTerms);
    const renamed = { ...version, populationId: chain.ethers.id("the same people, renamed") };
    await expect(assets.connect(bank).list(1, renamed, openTerms, 10_000n, ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_RowsListed")
      .withArgs(version.datasetRoot, version.populationId);
    const revised = { ...number(1), datasetRoot: version.datasetRoot };
    await expect(assets.connect(bank).revise(other.assetId, revised, openTerms, ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_RowsListed")
      .withArgs(version.datasetRoot, version.populationId);
    // A root is not reserved for who saw it first in a pending transaction: another lister's is its own affair.
    await assets.connect(rival).list(1, renamed, openTerms, 10_000n, "");
  });

  it("goes unseen when the rows are salted anew under a new name: what the interface says the chain cannot see", async () => {
    const { assets, privacy } = await chain.loadFixture(withBanks);
    await list(assets, bank, version, openTerms);
    const salted = versionOf(chain, "the same people, salted anew");
    await list(assets, bank, salted, openTerms, 10_000n);
    expect((await privacy.budgetOf(salted.populationId)).cap).to.equal(10_000n);
  });

  it("roles alone do not help: who is no institution lists nothing", async () => {
    const { assets, registry, registrar } = await chain.loadFixture(withBanks);
    await registry.connect(registrar).setRoles(bank, role.buyer);
    await expect(assets.connect(bank).list(1, version, openTerms, 1n, ""))
      .to.be.revertedWithCustomError(assets, "AssetRegistry_NotInstitution")
      .withArgs(bank);
  });
});
