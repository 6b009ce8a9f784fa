import { expect } from "chai";
import { connect, type Deployed, type Signer } from "../chain.ts";
import {
  contactOf,
  operatorKey,
  operatorProof,
  profileOf,
  role,
  rotateOperator,
  status,
  tier,
} from "../participants.ts";
import { coreAt, deployPlatform, memberAt, noticeSeconds } from "../platform.ts";

const chain = await connect();
const { ethers } = chain;
const bank = chain.signer(6);
const other = chain.signer(7);
const rulesViolation = 7;

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
    expect((await registry.profileWordsOf([bank, other])).map((word: bigint) => word >> 208n)).to.deep.equal([
      0n,
      109n,
    ]);
    const stored = await registry.profileOf(other);
    const [, word] = await registry.profileWordsOf([bank, other]);
    const packed = ethers.solidityPacked(
      ["uint32", "uint16", "uint8", "uint8", "uint16", "address"],
      [stored.group, stored.jurisdiction, stored.tier, stored.status, stored.roles, stored.operator],
    );
    expect(word).to.equal(BigInt(packed));
  });
});

describe("ParticipantRegistry: status and roles", () => {
  it("suspends by the supervisor alone, and only known participants to a status that exists", async () => {
    const { registry, supervisor, registrar } = await chain.loadFixture(withBank);
    await expect(registry.connect(registrar).setStatus(bank, status.suspended, 7))
      .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
      .withArgs(registrar);
    await expect(registry.connect(supervisor).setStatus(other, status.suspended, 7))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_UnknownParticipant")
      .withArgs(other);
    for (const reason of [0, 10]) {
      await expect(registry.connect(supervisor).setStatus(bank, status.suspended, reason))
        .to.be.revertedWithCustomError(registry, "ParticipantRegistry_BadReason")
        .withArgs(bank, reason);
    }
    await expect(registry.connect(registrar).setRoles(other, role.buyer))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_UnknownParticipant")
      .withArgs(other);
  });

  /** Brings the bank to a status, as far as statuses go. */
  const reach: Record<number, (registry: Deployed) => Promise<unknown>> = {
    [status.active]: async () => undefined,
    [status.suspended]: (registry) => registry.setStatus(bank, status.suspended, rulesViolation),
    [status.left]: (registry) => registry.setStatus(bank, status.left, rulesViolation),
  };
  const moves = [
    [status.active, status.suspended],
    [status.suspended, status.active],
    [status.active, status.left],
    [status.suspended, status.left],
  ];
  for (const [hadName, had] of Object.entries(status).filter(([, s]) => s !== status.none)) {
    for (const [name, next] of Object.entries(status)) {
      const allowed = moves.some(([from, to]) => from === had && to === next);
      it(`setStatus ${allowed ? "takes" : "does not take"} a participant from ${hadName} to ${name}`, async () => {
        const { registry, supervisor } = await chain.loadFixture(withBank);
        await reach[had]?.(registry.connect(supervisor));
        const reason = next === status.active ? 0 : rulesViolation;
        const act = registry.connect(supervisor).setStatus(bank, next, reason);
        if (allowed) {
          await expect(act).to.emit(registry, "ParticipantStatusChanged").withArgs(bank, next, reason);
          expect(await registry.statusOf(bank)).to.equal(BigInt(next));
        } else {
          await expect(act)
            .to.be.revertedWithCustomError(registry, "ParticipantRegistry_WrongTransition")
            .withArgs(bank, had, next);
        }
      });
    }
  }

  it("an active participant has no reason against it", async () => {
    const { registry, supervisor } = await chain.loadFixture(withBank);
    await registry.connect(supervisor).setStatus(bank, status.suspended, rulesViolation);
    await expect(registry.connect(supervisor).setStatus(bank, status.active, rulesViolation))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_BadReason")
      .withArgs(bank, rulesViolation);
  });

  it("keeps since when and why a participant is suspended, until it is active again", async () => {
    const { registry, supervisor } = await chain.loadFixture(withBank);
    expect([...(await registry.standingOf(bank))]).to.deep.equal([0n, 0n]);
    await registry.connect(supervisor).setStatus(bank, status.suspended, rulesViolation);
    const since = BigInt(await chain.time.latest());
    expect([...(await registry.standingOf(bank))]).to.deep.equal([BigInt(rulesViolation), since]);
    expect([await registry.isActive(bank), await registry.noticeEnd(bank)]).to.deep.equal([false, 0n]);
    await registry.connect(supervisor).setStatus(bank, status.active, 0);
    expect((await registry.standingOf(bank)).reason).to.equal(0n);
  });

  it("changes roles", async () => {
    const { registry, registrar } = await chain.loadFixture(withBank);
    await expect(registry.connect(registrar).setRoles(bank, role.evaluator))
      .to.emit(registry, "ParticipantRolesChanged")
      .withArgs(bank, role.evaluator);
    expect((await registry.profileOf(bank)).roles).to.equal(BigInt(role.evaluator));
  });
});

describe("ParticipantRegistry: exit", () => {
  it("is for active participants: who is suspended cannot leave, nor who left already", async () => {
    const { registry, stranger, supervisor } = await chain.loadFixture(withBank);
    const refused = (who: Signer) =>
      expect(registry.connect(who).leave())
        .to.be.revertedWithCustomError(registry, "ParticipantRegistry_NotAccount")
        .withArgs(who, who);
    await refused(stranger);
    await registry.connect(supervisor).setStatus(bank, status.suspended, rulesViolation);
    await refused(bank);
    await registry.connect(supervisor).setStatus(bank, status.active, 0);
    await expect(registry.connect(bank).leave())
      .to.emit(registry, "ParticipantStatusChanged")
      .withArgs(bank, status.left, 0);
    await refused(bank);
  });

  it("begins a notice, in which the node of running jobs can still rotate its key; not after", async () => {
    const { registry } = await chain.loadFixture(withBank);
    await registry.connect(bank).leave();
    const end = BigInt(await chain.time.latest()) + BigInt(noticeSeconds);
    expect(await registry.noticeEnd(bank)).to.equal(end);
    await rotateOperator(registry, bank, chain.signer(8), ethers.id("k"));
    expect((await registry.profileOf(bank)).operator).to.equal(chain.signer(8).address);
    await chain.time.increaseTo(end);
    await expect(registry.connect(bank).setKeys(chain.signer(8), ethers.id("late"), "", "0x"))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_NotAccount")
      .withArgs(bank, bank);
  });

  it("is undone by the registrar alone, who readmits nobody that did not leave", async () => {
    const { registry, registrar, supervisor, admin } = await chain.loadFixture(withBank);
    await expect(registry.connect(registrar).readmit(other))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_UnknownParticipant")
      .withArgs(other);
    await expect(registry.connect(registrar).readmit(bank))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_WrongTransition")
      .withArgs(bank, status.active, status.active);
    await registry.connect(bank).leave();
    for (const caller of [supervisor, admin, bank]) {
      await expect(registry.connect(caller).readmit(bank))
        .to.be.revertedWithCustomError(registry, "AccessManagedUnauthorized")
        .withArgs(caller);
    }
    await expect(registry.connect(registrar).readmit(bank))
      .to.emit(registry, "ParticipantStatusChanged")
      .withArgs(bank, status.active, 0);
    expect([await registry.isActive(bank), await registry.noticeEnd(bank)]).to.deep.equal([true, 0n]);
  });

  it("takes back the keys of a suspended participant: it names none until it is active again", async () => {
    const { registry, supervisor } = await chain.loadFixture(withBank);
    await registry.connect(supervisor).setStatus(bank, status.suspended, rulesViolation);
    await expect(rotateOperator(registry, bank, chain.signer(8), ethers.id("k")))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_NotAccount")
      .withArgs(bank, bank);
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
      await expect(as.setKeys(operator, encryptionKey, "", "0x"))
        .to.be.revertedWithCustomError(registry, "ParticipantRegistry_BadField")
        .withArgs(bank, field);
    }
    await expect(as.setKeys(taken, key, "", "0x"))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_OperatorTaken")
      .withArgs(taken, other);
  });

  it("refuses an operator that did not sign for this account, this registry and this time", async () => {
    const { registry, admit, privacy } = await chain.loadFixture(withBank);
    await admit(other);
    const fresh = operatorKey(chain, 77);
    const proofs = [
      "0x",
      `0x${"11".repeat(65)}`,
      await operatorProof(registry, bank.address, operatorKey(chain, 78), { operator: fresh.address }),
      await operatorProof(registry, other.address, fresh),
      await operatorProof(registry, bank.address, fresh, { nonce: 1n }),
      await operatorProof(registry, bank.address, fresh, { operator: bank.address }),
      await operatorProof(otherDomain(registry, privacy), bank.address, fresh),
    ];
    for (const proof of proofs) {
      await expect(registry.connect(bank).setKeys(fresh, key, "", proof))
        .to.be.revertedWithCustomError(registry, "ParticipantRegistry_BadOperatorProof")
        .withArgs(bank, fresh);
    }
    expect(await registry.keyNonce(bank), "a refused proof uses nothing up").to.equal(0n);
  });

  it("takes a proof once: a key that was left is not named again with it", async () => {
    const { registry } = await chain.loadFixture(withBank);
    const [first, second] = [operatorKey(chain, 77), operatorKey(chain, 78)];
    const proof = await operatorProof(registry, bank.address, first);
    await registry.connect(bank).setKeys(first, key, "", proof);
    await rotateOperator(registry, bank, second, key);
    await expect(registry.connect(bank).setKeys(first, key, "", proof))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_BadOperatorProof")
      .withArgs(bank, first);
    expect(await registry.keyNonce(bank)).to.equal(2n);
  });

  it("asks for no proof where the operator stays", async () => {
    const { registry } = await chain.loadFixture(withBank);
    const { operator } = await registry.profileOf(bank);
    await registry.connect(bank).setKeys(operator, key, "https://moved.example", "0x");
    expect((await registry.contactOf(bank)).endpoint).to.equal("https://moved.example");
  });

  it("lets an account that is a contract rotate its keys and leave", async () => {
    const { registry, registrar } = await chain.loadFixture(deployed);
    const account = await chain.deploy("ContractAccount", [bank.address]);
    await registry.connect(registrar).admit(account, profileOf(chain, 9), contactOf(chain, 9));
    const fresh = operatorKey(chain, 77);
    const act = (name: string, args: unknown[]) =>
      account.connect(bank).act(registry, registry.interface.encodeFunctionData(name, args));
    await act("setKeys", [fresh.address, key, "", await operatorProof(registry, String(account.target), fresh)]);
    expect(await registry.accountOf(fresh.address)).to.equal(account.target);
    await act("leave", []);
    expect(await registry.statusOf(account)).to.equal(BigInt(status.left));
  });

  it("changes keys of the calling account and frees the old operator", async () => {
    const { registry, registrar } = await chain.loadFixture(withBank);
    const before = (await registry.profileOf(bank)).operator;
    const after = chain.signer(8).address;
    await expect(rotateOperator(registry, bank, chain.signer(8), key, "https://moved.example"))
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

/** The registry with another contract in its signing domain. */
function otherDomain(registry: Deployed, contract: Deployed): Deployed {
  return {
    keyNonce: (account: string) => registry.keyNonce(account),
    async eip712Domain() {
      const domain = [...(await registry.eip712Domain())];
      domain[4] = contract.target;
      return domain;
    },
  };
}

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
    const registry = await chain.deploy("ParticipantRegistry", [manager, memberAt, coreAt, noticeSeconds]);
    await registry.admit(bank, profileOf(chain, 1, { tier: tier.lite }), contactOf(chain, 1));
    await expect(registry.promote(bank))
      .to.be.revertedWithCustomError(registry, "ParticipantRegistry_TierNotEarned")
      .withArgs(bank, 0, memberAt);
  });
});
