import { expect } from "chai";
import { connect, type Deployed } from "../chain.ts";
import { deployPlatform } from "../platform.ts";
import { call, handOver, settings } from "./vote.ts";

// What no vote can do, and what every vote can.

const chain = await connect();
const { ethers } = chain;
const key = chain.signer(9);
const otherRole = 77n;

async function governed() {
  const platform = await deployPlatform(chain);
  const constitution = await handOver(chain, platform);
  return { ...platform, constitution };
}
type Governed = Awaited<ReturnType<typeof governed>>;
type Case = readonly [title: string, target: (g: Governed) => Deployed, name: string, args: (g: Governed) => unknown[]];

const manager = (g: Governed) => g.manager;
const own = (g: Governed) => g.constitution;
const selector = (target: Deployed, name: string) => target.interface.getFunction(name).selector;
/** Makes the key administrator at once. */
const takeOver = (authority: Deployed) => call(authority, "grantRole", [0, key, 0]).data;
const reroute = (target: (g: Governed) => Deployed, name: string): Case => [
  `${name} given to another role`,
  manager,
  "setTargetFunctionRole",
  (g) => [target(g), [selector(target(g), name)], otherRole],
];

const forbidden: readonly Case[] = [
  ["an administrator that is a single key", manager, "grantRole", () => [0, key, settings.delay]],
  ["an administrator without the delay", manager, "grantRole", (g) => [0, g.rules, settings.delay - 1]],
  ["its own delay shortened", manager, "grantRole", (g) => [0, g.constitution, 0]],
  ["its own seat given up", manager, "revokeRole", (g) => [0, g.constitution]],
  ["the same by renouncing", manager, "renounceRole", (g) => [0, g.constitution]],
  reroute((g) => g.privacy, "setWriter"),
  reroute((g) => g.usage, "setWriter"),
  reroute((g) => g.assets, "setWriter"),
  reroute((g) => g.incentive, "setMinter"),
  reroute((g) => g.stable, "setProtocolContract"),
  reroute((g) => g.rules, "publish"),
  reroute((g) => g.rules, "retire"),
  reroute((g) => g.assets, "unpause"),
  [
    "such a function among harmless ones",
    manager,
    "setTargetFunctionRole",
    (g) => [g.assets, [selector(g.assets, "pause"), selector(g.assets, "setWriter")], otherRole],
  ],
  [
    "the AccessManager's own functions given to another role",
    manager,
    "setTargetFunctionRole",
    (g) => [g.manager, [selector(g.manager, "grantRole")], otherRole],
  ],
  ["the AccessManager closed to itself", manager, "setTargetClosed", (g) => [g.manager, true]],
  ["another authority for a ledger", manager, "updateAuthority", (g) => [g.privacy, key]],
  ["another administrator's delay for a target", manager, "setTargetAdminDelay", (g) => [g.privacy, 0]],
  ["calls hidden in a multicall", manager, "multicall", (g) => [[takeOver(g.manager)]]],
  ["a call scheduled for later", manager, "schedule", (g) => [g.manager, takeOver(g.manager), 0]],
  ["a call executed at once", manager, "execute", (g) => [g.manager, takeOver(g.manager)]],
  ["a call relayed by itself", own, "relay", (g) => [g.manager, 0, takeOver(g.manager)]],
  ["the AccessManager ignored", own, "setAccessManagerIgnored", (g) => [g.manager, ["0x12345678"], true]],
  ["a shorter time before the vote", own, "setVotingDelay", () => [settings.votingDelay - 1]],
  ["a shorter vote", own, "setVotingPeriod", () => [settings.votingPeriod - 1]],
  ["a smaller quorum", own, "updateQuorumNumerator", () => [settings.quorumPercent - 1]],
  ["a shorter delay of its own", own, "setBaseDelaySeconds", () => [settings.delay - 1]],
];

const permitted: readonly Case[] = [
  ["a successor under the delay", manager, "grantRole", (g) => [0, g.rules, settings.delay]],
  ["the predecessor's seat taken away", manager, "revokeRole", (g) => [0, g.admin]],
  ["an issuer that is a single key", manager, "grantRole", () => [1, key, 0]],
  [
    "an entrenched function back with governance",
    manager,
    "setTargetFunctionRole",
    (g) => [g.privacy, [selector(g.privacy, "setWriter")], 0],
  ],
  [
    "a new market's pause for the guardian",
    manager,
    "setTargetFunctionRole",
    (g) => [g.assets, [selector(g.assets, "pause")], 3],
  ],
  ["a role's name", manager, "labelRole", () => [7, "auditor"]],
  ["when a grant begins", manager, "setGrantDelay", () => [1, 3600]],
  ["who may cancel what a role scheduled", manager, "setRoleGuardian", () => [1, 3]],
  ["who grants a role", manager, "setRoleAdmin", () => [1, 2]],
  ["a target closed", manager, "setTargetClosed", (g) => [g.assets, true]],
  ["a longer vote", own, "setVotingPeriod", () => [settings.votingPeriod + 1]],
  ["the same quorum", own, "updateQuorumNumerator", () => [settings.quorumPercent]],
  ["a longer delay", own, "setBaseDelaySeconds", () => [settings.delay + 1]],
  ["any threshold for proposals", own, "setProposalThreshold", () => [0]],
  ["a writer, through the delay", (g) => g.privacy, "setWriter", () => [key, true]],
  ["new rules", (g) => g.rules, "publish", () => [ethers.id("rules"), "", 0]],
];

describe("Constitution: a proposal that is refused when it is made", () => {
  for (const [title, target, name, args] of forbidden) {
    it(`${title}: ${name}`, async () => {
      const g = await chain.loadFixture(governed);
      const action = call(target(g), name, args(g));
      const wanted = [target(g).target, selector(target(g), name)];
      const propose = (actions: readonly { target: Deployed; data: string }[]) =>
        g.constitution.connect(g.admin).propose(
          actions.map((a) => a.target),
          actions.map(() => 0),
          actions.map((a) => a.data),
          "d",
        );
      const harmless = call(g.rules, "publish", [ethers.id("rules"), "", 0]);
      await expect(propose([harmless, action]))
        .to.be.revertedWithCustomError(g.constitution, "Constitution_Forbidden")
        .withArgs(...wanted);
      await expect(g.constitution.requireAllowed(action.target, action.data))
        .to.be.revertedWithCustomError(g.constitution, "Constitution_Forbidden")
        .withArgs(...wanted);
    });
  }

  it("a call of the AccessManager or of itself without a function", async () => {
    const { constitution, manager: target } = await chain.loadFixture(governed);
    for (const to of [target, constitution]) {
      for (const data of ["0x", "0x1234"]) {
        await expect(constitution.requireAllowed(to, data)).to.be.revertedWithCustomError(
          constitution,
          "Constitution_Forbidden",
        );
      }
    }
  });
});

describe("Constitution: a proposal that may be made", () => {
  for (const [title, target, name, args] of permitted) {
    it(`${title}: ${name}`, async () => {
      const g = await chain.loadFixture(governed);
      const { target: to, data } = call(target(g), name, args(g));
      await g.constitution.requireAllowed(to, data);
      await g.constitution.connect(g.admin).propose([to], [0], [data], "d");
    });
  }

  it("needs the votes that the threshold names", async () => {
    const { constitution, rules, stranger } = await chain.loadFixture(governed);
    const { target, data } = call(rules, "publish", [ethers.id("rules"), "", 0]);
    await expect(constitution.connect(stranger).propose([target], [0], [data], "d"))
      .to.be.revertedWithCustomError(constitution, "GovernorInsufficientProposerVotes")
      .withArgs(stranger, 0, settings.proposalThreshold);
  });

  it("has floors that are the values at genesis", async () => {
    const { constitution } = await chain.loadFixture(governed);
    const floors = ["votingDelayFloor", "votingPeriodFloor", "quorumFloor", "delayFloor"];
    const { votingDelay, votingPeriod, quorumPercent, delay } = settings;
    const said = await Promise.all(floors.map((name) => constitution[name]()));
    expect(said).to.deep.equal([votingDelay, votingPeriod, quorumPercent, delay].map(BigInt));
  });
});

describe("Without the check, an administrator", () => {
  // Who administers without the Constitution does what its proposals are refused, which is what the check is worth.
  it("lets a single key write to the ledger of privacy at once", async () => {
    const { manager: authority, privacy, admin } = await deployPlatform(chain);
    await authority.connect(admin).setTargetFunctionRole(privacy, [selector(privacy, "setWriter")], otherRole);
    await authority.connect(admin).grantRole(otherRole, key, 0);
    await privacy.connect(key).setWriter(key, true);
    await privacy.connect(key).open(ethers.id("population"), key, 1n);
    expect(await privacy.holderOf(ethers.id("population"))).to.equal(key.address);
  });

  it("is replaced by a single key by way of a multicall", async () => {
    const { manager: authority, admin } = await deployPlatform(chain);
    const data = takeOver(authority);
    await authority.connect(admin).multicall([data]);
    expect((await authority.hasRole(0, key))[0]).to.equal(true);
  });
});
