import { expect } from "chai";
import { connect } from "../chain.ts";
import { deployPlatform } from "../platform.ts";
import { call, carry, handOver, proposalOf, settings, voteFor } from "./vote.ts";

// A vote from the proposal to the execution.

const chain = await connect();
const { ethers } = chain;
const hash = ethers.id("rules 2");
const small = chain.signer(8);

async function governed() {
  const platform = await deployPlatform(chain);
  const constitution = await handOver(chain, platform);
  return { ...platform, constitution };
}

describe("A vote on the rules", () => {
  it("is the only way: who deployed has no right left", async () => {
    const { rules, admin } = await chain.loadFixture(governed);
    await expect(rules.connect(admin).publish(hash, "", 0))
      .to.be.revertedWithCustomError(rules, "AccessManagedUnauthorized")
      .withArgs(admin);
  });

  it("fails below the quorum, and nobody queues what failed", async () => {
    const { constitution, rules, incentive, admin } = await chain.loadFixture(governed);
    await incentive.connect(admin).transfer(small, settings.proposalThreshold);
    await incentive.connect(small).delegate(small);
    await chain.time.increase(1);
    const proposal = proposalOf(chain, [call(rules, "publish", [hash, "", 0])], "by few");
    await voteFor(chain, constitution, small, proposal);
    const defeated = 3n;
    const id = await constitution.getProposalId(...proposal.rest);
    expect(await constitution.state(id)).to.equal(defeated);
    await expect(constitution.queue(...proposal.rest)).to.be.revertedWithCustomError(
      constitution,
      "GovernorUnexpectedProposalState",
    );
  });

  it("is taken back by who proposed it, before it begins", async () => {
    const { constitution, rules, admin, stranger } = await chain.loadFixture(governed);
    const proposal = proposalOf(chain, [call(rules, "publish", [hash, "", 0])], "taken back");
    await constitution.connect(admin).propose(...proposal.propose);
    const id = await constitution.getProposalId(...proposal.rest);
    await expect(constitution.connect(stranger).cancel(...proposal.rest))
      .to.be.revertedWithCustomError(constitution, "GovernorUnableToCancel")
      .withArgs(id, stranger);
    await constitution.connect(admin).cancel(...proposal.rest);
    const canceled = 2n;
    expect(await constitution.state(id)).to.equal(canceled);
  });

  it("is not executed unqueued, without the delay: not on the rules, and not on the Constitution's own settings", async () => {
    const { constitution, rules, admin } = await chain.loadFixture(governed);
    const longer = settings.votingPeriod + 1;
    for (const [action, reason] of [
      [call(rules, "publish", [hash, "", 0]), "hasty rules"],
      [call(constitution, "setVotingPeriod", [longer]), "hasty settings"],
    ] as const) {
      const proposal = proposalOf(chain, [action], reason);
      await voteFor(chain, constitution, admin, proposal);
      await expect(constitution.execute(...proposal.rest))
        .to.be.revertedWithCustomError(constitution, "GovernorNotQueuedProposal")
        .withArgs(await constitution.getProposalId(...proposal.rest));
    }
    expect(await constitution.votingPeriod()).to.equal(settings.votingPeriod);
    await carry(chain, constitution, admin, [call(constitution, "setVotingPeriod", [longer])], "settings in time");
    expect(await constitution.votingPeriod()).to.equal(longer);
  });

  it("is not executed when an earlier one took its target's function away meanwhile", async () => {
    const { constitution, rules, manager, admin } = await chain.loadFixture(governed);
    const late = proposalOf(chain, [call(rules, "publish", [hash, "", 0])], "late");
    await voteFor(chain, constitution, admin, late);
    await constitution.queue(...late.rest);
    await carry(chain, constitution, admin, [call(manager, "setTargetClosed", [rules, true])], "closed");
    await expect(constitution.execute(...late.rest)).to.be.revertedWithCustomError(
      manager,
      "AccessManagerUnauthorizedCall",
    );
    expect(await rules.latestVersion()).to.equal(1n);
  });

  it("is not executed before the AccessManager's delay, by nobody", async () => {
    const { constitution, rules, manager, admin } = await chain.loadFixture(governed);
    const proposal = proposalOf(chain, [call(rules, "publish", [hash, "", 0])], "too soon");
    await voteFor(chain, constitution, admin, proposal);
    await constitution.queue(...proposal.rest);
    await chain.time.increase(settings.delay - 10);
    await expect(constitution.execute(...proposal.rest)).to.be.revertedWithCustomError(
      constitution,
      "GovernorUnmetDelay",
    );
    const { data } = call(rules, "publish", [hash, "", 0]);
    await expect(manager.execute(rules, data)).to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCall");
  });

  it("changes them, from the proposal to the execution: version 2 begins, version 1 ends", async () => {
    const { constitution, rules, admin } = await chain.loadFixture(governed);
    const end = BigInt(await chain.time.latest()) + 30n * 86_400n;
    const actions = [call(rules, "publish", [hash, "board:2", end]), call(rules, "retire", [1, end])];
    const executed = await carry(chain, constitution, admin, actions, "rules 2");
    await expect(executed).to.emit(rules, "RulesPublished").withArgs(2, hash, end, "board:2");
    await expect(executed).to.emit(rules, "RulesRetired").withArgs(1, end);
    expect([await rules.isValid(1), await rules.isValid(2)]).to.deep.equal([true, false]);
    await chain.time.increaseTo(end + (await rules.grace()) + 1n);
    expect([await rules.isValid(1), await rules.isValid(2)]).to.deep.equal([false, true]);
  });

  it("on what may never change does not begin", async () => {
    const { constitution, manager, admin } = await chain.loadFixture(governed);
    const proposal = proposalOf(chain, [call(manager, "grantRole", [0, admin.address, settings.delay])], "a king");
    await expect(constitution.connect(admin).propose(...proposal.propose))
      .to.be.revertedWithCustomError(constitution, "Constitution_Forbidden")
      .withArgs(manager, manager.interface.getFunction("grantRole").selector);
    const id = await constitution.getProposalId(...proposal.rest);
    await expect(constitution.state(id))
      .to.be.revertedWithCustomError(constitution, "GovernorNonexistentProposal")
      .withArgs(id);
  });

  it("on its own settings waits for the same delay", async () => {
    const { constitution, admin } = await chain.loadFixture(governed);
    const longer = settings.votingPeriod * 2;
    const proposal = proposalOf(chain, [call(constitution, "setVotingPeriod", [longer])], "longer votes");
    await voteFor(chain, constitution, admin, proposal);
    await constitution.queue(...proposal.rest);
    await expect(constitution.execute(...proposal.rest)).to.be.revertedWithCustomError(
      constitution,
      "GovernorUnmetDelay",
    );
    await chain.time.increase(settings.delay + 1);
    await constitution.execute(...proposal.rest);
    expect(await constitution.votingPeriod()).to.equal(BigInt(longer));
  });

  it("hands over to a successor, who takes the predecessor's seat", async () => {
    const { constitution, manager, incentive, admin } = await chain.loadFixture(governed);
    const successor = await chain.deploy("Constitution", [manager, incentive, settings]);
    await carry(
      chain,
      constitution,
      admin,
      [call(manager, "grantRole", [0, successor.target, settings.delay])],
      "heir",
    );
    await carry(chain, successor, admin, [call(manager, "revokeRole", [0, constitution.target])], "takes over");
    expect([(await manager.hasRole(0, constitution))[0], (await manager.hasRole(0, successor))[0]]).to.deep.equal([
      false,
      true,
    ]);
  });
});
