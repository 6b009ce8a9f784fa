import { expect } from "chai";
import { connect } from "../chain.ts";
import { contactOf, profileOf, role, status, tier } from "../participants.ts";
import { coreAt, deployPlatform, memberAt } from "../platform.ts";

const chain = await connect();
const { ethers } = chain;
const bank = chain.signer(6);
const other = chain.signer(7);

async function deployed() {
  return deployPlatform(chain);
}
async function withBank() {
  const platform = await deployPlatform(chain);
  await platform.admit(bank);
  return platform;
}

describe("ParticipantRegistry: admission", () => {
  it("is the registrar's alone: neither a stranger nor the administrator admits or sets roles", async () => {
    const { registry, manager, stranger, admin, supervisor } = await chain.loadFixture(withBank);
    const entry = [other, profileOf(chain, 9), contactOf(chain, 9)] as const;
    for (const caller of [stranger, admin, supervisor, bank]) {
      await expect(registry.connect(caller).admit(...entry))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller);
      await expect(registry.connect(caller).setRoles(bank, 63))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller);
    }
    expect(await registry.authority()).to.equal(await manager.getAddress());
  });

  it("refuses an account that is already admitted, whatever its status is now", async () => {
    const { registry, registrar } = await chain.loadFixture(withBank);
    const again = () => registry.connect(registrar).admit(bank, profileOf(chain, 9), contactOf(chain, 9));
    await expect(again()).to.be.revertedWithCustomError(registry, "ParticipantRegistry_AlreadyAdmitted").withArgs(bank);
    await registry.connect(bank).leave();
    await expect(again()).to.be.revertedWithCustomError(registry, "ParticipantRegistry_AlreadyAdmitted").withArgs(bank);
  });

  const faults = [
    { field: "status", profile: { status: status.suspended } },
    { field: "status", profile: { status: status.none } },
    { field: "roles", profile: { roles: 0 } },
    { field: "group", profile: { group: 0 } },
    { field: "operator", profile: { operator: ethers.ZeroAddress } },
    { field: "encryptionKey", contact: { encryptionKey: ethers.ZeroHash } },
  ];
  for (const { field, profile, contact } of faults) {
    it(`refuses a wrong ${field}: ${JSON.stringify(profile ?? contact)}`, async () => {
      const { registry, registrar } = await chain.loadFixture(deployed);
      const entry = [
        { ...profileOf(chain, 9), ...profile },
        { ...contactOf(chain, 9), ...contact },
      ];
      await expect(registry.connect(registrar).admit(other, ...entry))
        .to.be.revertedWithCustomError(registry, "ParticipantRegistry_BadField")
        .withArgs(other, field);
    });
  }

  it("refuses the zero account and an LEI whose check digits do not fit", async () => {
    const { registry, registrar } = await chain.loadFixture(deployed);
    const as = registry.connect(registrar);
    await expect(as.admit(ethers.ZeroAddress, profileOf(chain, 9), contactOf(chain, 9)))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_BadField")
      .withArgs(ethers.ZeroAddress, "account");
    const lei = ethers.hexlify(ethers.toUtf8Bytes("5493001KJTIIGC8Y1R13"));
    await expect(as.admit(other, profileOf(chain, 9), { ...contactOf(chain, 9), lei }))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_BadLei")
      .withArgs(other, lei);
  });

  it("refuses an operator that another participant uses", async () => {
    const { registry, registrar } = await chain.loadFixture(withBank);
    const operator = (await registry.profileOf(bank)).operator;
    await expect(registry.connect(registrar).admit(other, profileOf(chain, 9, { operator }), contactOf(chain, 9)))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_OperatorTaken")
      .withArgs(operator, bank);
  });

  it("stores profile and contact, lists the account and tells everybody", async () => {
    const { registry, registrar } = await chain.loadFixture(deployed);
    const [profile, contact] = [profileOf(chain, 9, { roles: role.oracle | role.buyer }), contactOf(chain, 9)];
    const tuple = [profile.operator, profile.roles, status.active, tier.member, 276, 109];
    expect(await registry.isActive(other)).to.equal(false);
    await expect(registry.connect(registrar).admit(other, profile, contact))
      .to.emit(registry, "ParticipantAdmitted")
      .withArgs(other, tuple, [contact.encryptionKey, contact.lei, contact.name, contact.endpoint]);
    expect([...(await registry.profileOf(other))]).to.deep.equal(
      tuple.map((x) => (typeof x === "number" ? BigInt(x) : x)),
    );
    expect([...(await registry.contactOf(other))]).to.deep.equal(Object.values(contact));
    expect(await registry.accountOf(profile.operator)).to.equal(other.address);
    expect(await registry.isActive(other)).to.equal(true);
    expect(await registry.count()).to.equal(1n);
    expect(await registry.accountAt(0)).to.equal(other.address);
    expect((await registry.profilesOf([bank, other])).map((p: { group: bigint }) => p.group)).to.deep.equal([0n, 109n]);
  });
});

describe("ParticipantRegistry: status and roles", () => {
  it("suspends by the supervisor alone, and only known participants to a status that exists", async () => {
    const { registry, supervisor, registrar } = await chain.loadFixture(withBank);
    await expect(registry.connect(registrar).setStatus(bank, status.suspended))
      .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
      .withArgs(registrar);
    await expect(registry.connect(supervisor).setStatus(other, status.suspended))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_UnknownParticipant")
      .withArgs(other);
    await expect(registry.connect(supervisor).setStatus(bank, status.none))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_BadField")
      .withArgs(bank, "status");
    await expect(registry.connect(registrar).setRoles(other, role.buyer))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_UnknownParticipant")
      .withArgs(other);
  });

  it("suspends, readmits and changes roles", async () => {
    const { registry, supervisor, registrar } = await chain.loadFixture(withBank);
    await expect(registry.connect(supervisor).setStatus(bank, status.suspended))
      .to.emit(registry, "ParticipantStatusChanged")
      .withArgs(bank, status.suspended);
    expect(await registry.isActive(bank)).to.equal(false);
    await registry.connect(supervisor).setStatus(bank, status.active);
    expect(await registry.isActive(bank)).to.equal(true);
    await expect(registry.connect(registrar).setRoles(bank, role.evaluator))
      .to.emit(registry, "ParticipantRolesChanged")
      .withArgs(bank, role.evaluator);
    expect((await registry.profileOf(bank)).roles).to.equal(BigInt(role.evaluator));
  });

  it("lets a participant leave once; who is not active cannot leave or change keys", async () => {
    const { registry, stranger } = await chain.loadFixture(withBank);
    await expect(registry.connect(stranger).leave())
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_NotAccount")
      .withArgs(stranger, stranger);
    await expect(registry.connect(bank).leave())
      .to.emit(registry, "ParticipantStatusChanged")
      .withArgs(bank, status.left);
    for (const act of [registry.connect(bank).leave, () => registry.connect(bank).setKeys(other, ethers.id("k"), "")]) {
      await expect(act())
        .to.be.revertedWithCustomError(registry, "ParticipantRegistry_NotAccount")
        .withArgs(bank, bank);
    }
  });
});

describe("ParticipantRegistry: keys", () => {
  const key = ethers.id("new key");

  it("refuses an empty key, an empty operator, and another's operator", async () => {
    const { registry, admit } = await chain.loadFixture(withBank);
    await admit(other);
    const own = (await registry.profileOf(bank)).operator;
    const taken = (await registry.profileOf(other)).operator;
    const as = registry.connect(bank);
    for (const [operator, encryptionKey, field] of [
      [ethers.ZeroAddress, key, "operator"],
      [own, ethers.ZeroHash, "encryptionKey"],
      [chain.signer(8).address, ethers.ZeroHash, "encryptionKey"],
    ]) {
      await expect(as.setKeys(operator, encryptionKey, ""))
        .to.be.revertedWithCustomError(registry, "ParticipantRegistry_BadField")
        .withArgs(bank, field);
    }
    await expect(as.setKeys(taken, key, ""))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_OperatorTaken")
      .withArgs(taken, other);
  });

  it("changes keys of the calling account and frees the old operator", async () => {
    const { registry, registrar } = await chain.loadFixture(withBank);
    const before = (await registry.profileOf(bank)).operator;
    const after = chain.signer(8).address;
    await expect(registry.connect(bank).setKeys(after, key, "https://moved.example"))
      .to.emit(registry, "ParticipantKeysChanged")
      .withArgs(bank, after, key, "https://moved.example");
    expect(await registry.accountOf(before)).to.equal(ethers.ZeroAddress);
    expect(await registry.accountOf(after)).to.equal(bank.address);
    const contact = await registry.contactOf(bank);
    expect([contact.encryptionKey, contact.endpoint]).to.deep.equal([key, "https://moved.example"]);
    await registry.connect(registrar).admit(other, profileOf(chain, 9, { operator: before }), contactOf(chain, 9));
    expect(await registry.accountOf(before)).to.equal(other.address);
  });
});

describe("ParticipantRegistry: tiers", () => {
  async function withNewcomer() {
    const platform = await deployPlatform(chain);
    await platform.admit(bank, { tier: tier.lite });
    return platform;
  }

  it("names the incentive token once, and by the administrator alone", async () => {
    const { registry, incentive, stranger, admin } = await chain.loadFixture(withNewcomer);
    await expect(registry.connect(stranger).setIncentiveToken(stranger))
      .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
      .withArgs(stranger);
    await expect(registry.connect(admin).setIncentiveToken(stranger))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_TokenAlreadySet")
      .withArgs(incentive);
  });

  it("refuses a rise that is not earned, tokens bought included", async () => {
    const { registry, incentive, market } = await chain.loadFixture(withNewcomer);
    await expect(registry.promote(other))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_UnknownParticipant")
      .withArgs(other);
    await incentive.transfer(bank, coreAt);
    await incentive.connect(market).mintEarned(bank, memberAt - 1n);
    await expect(registry.promote(bank))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_TierNotEarned")
      .withArgs(bank, memberAt - 1n, memberAt);
  });

  it("rises step by step with what is earned, kept when the tokens are sold", async () => {
    const { registry, incentive, market } = await chain.loadFixture(withNewcomer);
    await incentive.connect(market).mintEarned(bank, memberAt);
    await incentive.connect(bank).transfer(other, memberAt);
    await expect(registry.promote(bank)).to.emit(registry, "ParticipantTierRaised").withArgs(bank, tier.member);
    await expect(registry.promote(bank))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_TierNotEarned")
      .withArgs(bank, memberAt, coreAt);
    await incentive.connect(market).mintEarned(bank, coreAt - memberAt);
    await expect(registry.promote(bank)).to.emit(registry, "ParticipantTierRaised").withArgs(bank, tier.core);
    expect((await registry.profileOf(bank)).tier).to.equal(BigInt(tier.core));
  });

  it("has no rise before a token is named", async () => {
    const manager = await chain.deploy("AccessManager", [chain.signer(0)]);
    const registry = await chain.deploy("ParticipantRegistry", [manager, memberAt, coreAt]);
    await registry.admit(bank, profileOf(chain, 1, { tier: tier.lite }), contactOf(chain, 1));
    await expect(registry.promote(bank))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_TierNotEarned")
      .withArgs(bank, 0, memberAt);
  });
});
