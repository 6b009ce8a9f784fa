import { expect } from "chai";
import { connect, type Deployed } from "../chain.ts";
import { Job, noisyTermsOf, termsOf } from "../market/job.ts";
import { missingFrom } from "../market/money.ts";
import { deployUnknown, openStage, oracleBalance, parametersOf, type Stage } from "../market/stage.ts";
import { call, carry, handOver } from "./vote.ts";

// Tokens, registries and ledgers are permanent; a second market is added by vote while jobs run out on the first.

const chain = await connect();
const { ethers } = chain;
const guardian = chain.signer(17);
const buyerMoney = 10n ** 11n;

async function governed() {
  const stage = await openStage(chain);
  const { manager, jobs, admin } = stage;
  await manager.connect(admin).setTargetFunctionRole(jobs, [jobs.interface.getFunction("pause").selector], 3);
  await manager.connect(admin).grantRole(3, guardian, 0);
  const constitution = await handOver(chain, stage);
  return { stage, constitution };
}

/** The market's second version: nobody knows it yet. */
async function deploySecond(stage: Stage) {
  const parameters = parametersOf(stage.treasury.address, { grace: 120 });
  return { ...stage, ...(await deployUnknown(chain, stage.manager, stage.contracts, parameters)) };
}

const introduction = ({ committee, incentive, stable, privacy, assets, usage, jobs }: Stage) => [
  call(committee, "setSlasher", [jobs.target, true]),
  call(incentive, "setMinter", [jobs.target, true]),
  call(stable, "setProtocolContract", [jobs.target, true]),
  ...[privacy, assets, usage].map((ledger) => call(ledger, "setWriter", [jobs.target, true])),
];

/** Buyer and oracles put money into the second market. */
async function fundSecond({ stable, jobs, buyer, oracles, fund }: Stage) {
  for (const [party, amount] of [[buyer, buyerMoney] as const, ...oracles.map((o) => [o, oracleBalance] as const)]) {
    await fund(party.account, amount);
    await stable.connect(party.account).approve(jobs, amount);
    await jobs.connect(party.account).deposit(amount);
  }
}

const certifiedAll = async (job: Job) => {
  while ((job.record.rounds?.certified ?? 0) < job.terms.rounds) await job.certify();
  await job.finish();
  await job.propose();
  await job.settle();
};

describe("A second market on the same ledgers", () => {
  it("is nobody before the vote: it holds no money and starts no job", async () => {
    const { stage } = await chain.loadFixture(governed);
    const second = await deploySecond(stage);
    await stage.stable.connect(stage.buyer.account).approve(second.jobs, 1n);
    await expect(second.jobs.connect(stage.buyer.account).deposit(1n))
      .to.be.revertedWithCustomError(stage.stable, "ERC7943CannotReceive")
      .withArgs(second.jobs);
    expect(await stage.usage.isWriter(second.jobs)).to.equal(false);
  });

  it("takes new jobs after the vote, while an open job of the first runs out there and is paid", async () => {
    const { stage, constitution } = await chain.loadFixture(governed);
    const second = await deploySecond(stage);
    await carry(chain, constitution, stage.admin, introduction(second), "market 2");

    const old = new Job(stage, termsOf(stage, { roundSeconds: 86_400 }));
    await old.toRound(1);
    await stage.jobs.connect(guardian).pause();
    const refused = new Job(stage, termsOf(stage, { validationRoot: ethers.id("validation 2") }));
    await expect(refused.post()).to.be.revertedWithCustomError(stage.jobs, "JobMarket_Paused");

    await fundSecond(second);
    const fresh = new Job(second, termsOf(second, { validationRoot: ethers.id("validation 3") }));
    await fresh.toSettled();
    await certifiedAll(old);

    expect([old.record.state, fresh.record.state]).to.deep.equal(["Settled", "Settled"]);
    expect(await missingFrom(stage, [old])).to.equal(0n);
    expect(await missingFrom(second, [fresh])).to.equal(0n);
    expect(await stage.usage.size(), "both markets' proofs stand in one log").to.equal(6n);
    const bank = (stage.banks[0] as { account: typeof guardian }).account;
    for (const { jobs } of [stage, second]) await jobs.connect(bank).withdraw(2n ** 128n - 1n, 2n ** 128n - 1n);
    const minted = [old, fresh].map((job) => job.record.closing?.incentives[0] ?? 0n);
    expect(await stage.incentive.earned(bank)).to.equal((minted[0] as bigint) + (minted[1] as bigint));
  });

  it("pays out the first one's jobs when a vote takes all its rights away: to the unit, without proofs, and nobody is slashed", async () => {
    const { stage, constitution } = await chain.loadFixture(governed);
    const { committee, usage, privacy, jobs, assets, incentive, oracles } = stage;
    const job = (name: string, terms = termsOf(stage)) =>
      new Job(stage, { ...terms, validationRoot: ethers.id(name), challengeSeconds: 86_400 * 20 });
    const [open, seating, running, noisy, proposed] = [
      job("open", termsOf(stage, { startSeconds: 86_400 * 20 })),
      job("seating"),
      job("running"),
      job("noisy", noisyTermsOf(stage, 1000)),
      job("proposed"),
    ] as const;
    await open.post();
    await seating.post();
    await seating.start();
    await running.toRound(2);
    await noisy.toRound(2);
    await proposed.toProposed();
    const [population] = (await privacy.queryFilter("PopulationOpened")).map((log: Deployed) => log.args.populationId);
    const { reserved } = await privacy.budgetOf(population);
    const taken = [usage, privacy, assets].map((ledger) => call(ledger, "setWriter", [jobs.target, false]));
    const rights = [
      call(committee, "setSlasher", [jobs.target, false]),
      call(incentive, "setMinter", [jobs.target, false]),
    ];
    await carry(chain, constitution, stage.admin, [...taken, ...rights], "all of it");

    await expect(open.start()).to.be.revertedWithCustomError(assets, "AssetRegistry_NotWriter");
    await open.cancel();
    await seating.expire();
    for (const late of [running, noisy]) await late.fail();
    await proposed.settle();
    const all = [open, seating, running, noisy, proposed];
    expect(all.map(({ record }) => record.state)).to.deep.equal([
      ...["Cancelled", "Cancelled", "Failed", "Failed", "Settled"],
    ]);
    expect(await missingFrom(stage, all), "nothing is left in the market").to.equal(0n);
    const bank = (stage.banks[0] as { account: typeof guardian }).account;
    const { stable } = await jobs.creditOf(bank);
    await jobs.connect(bank).withdraw(stable, 0n);
    expect(await stage.stable.balanceOf(bank)).to.equal(stable);

    expect(await usage.size(), "proofs").to.equal(0n);
    expect((await usage.queryFilter("UsageRefused")).length, "and it is said").to.equal(3);
    expect(proposed.record.closing?.firstProof).to.equal(2n ** 64n - 1n);
    expect([...(await privacy.budgetOf(population))]).to.deep.equal([10n ** 12n, 0n, reserved]);
    expect((await privacy.queryFilter("CloseRefused")).length).to.equal(1);
    for (const { account } of oracles) expect(await committee.stakeOf(account)).to.equal(20_000n * 10n ** 18n);
    // The incentives wait until a vote lets the market mint again; the money does not.
    await expect(jobs.connect(bank).withdraw(0n, 1n)).to.be.revertedWithCustomError(
      incentive,
      "IncentiveToken_NotMinter",
    );
  });

  it("cannot be locked with what it holds: a vote that takes the tokens' permission away is refused by the token", async () => {
    const { stage, constitution } = await chain.loadFixture(governed);
    const held = await stage.stable.balanceOf(stage.jobs);
    const action = call(stage.stable, "setProtocolContract", [stage.jobs.target, false]);
    await expect(carry(chain, constitution, stage.admin, [action], "lock"))
      .to.be.revertedWithCustomError(stage.stable, "StableToken_StillHolds")
      .withArgs(stage.jobs, held);
  });

  it("is unpaused by a vote and not by the guardian", async () => {
    const { stage, constitution } = await chain.loadFixture(governed);
    await stage.jobs.connect(guardian).pause();
    await expect(stage.jobs.connect(guardian).unpause())
      .to.be.revertedWithCustomError(stage.jobs, "AccessManagedUnauthorized")
      .withArgs(guardian);
    await carry(chain, constitution, stage.admin, [call(stage.jobs, "unpause", [])], "go on");
    expect(await stage.jobs.paused()).to.equal(false);
  });
});
