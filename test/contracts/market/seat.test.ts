import { expect } from "chai";
import { connect } from "../chain.ts";
import { expectedDraw } from "../oracle/expectedDraw.ts";
import { role } from "../participants.ts";
import { fixtureOf, Job, termsOf } from "./job.ts";
import { changesBy, missingFrom } from "./money.ts";
import { type Actor, jobDeposit, openActor, openOracle, openStage, type Stage, withEvaluator } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const posted = fixtureOf(chain, (job) => job.post());
const started = fixtureOf(chain, async (job) => {
  await job.post();
  await job.start();
});

/** A stage with oracles 15 to 17 more, of these profiles. */
async function withOracles(profiles: readonly object[]): Promise<Stage> {
  const stage = await openStage(chain);
  const more: Actor[] = [];
  for (const [i, fields] of profiles.entries()) {
    const oracle = await openActor(chain, stage, 15 + i, { roles: role.oracle, ...fields });
    more.push(await openOracle(stage, stage.jobs, oracle));
  }
  return { ...stage, oracles: [...stage.oracles, ...more] };
}

const seatsOf = (job: Job): readonly string[] => job.record.seatAccounts;
const accountOf = (oracle?: Actor) => oracle?.account.address as string;
const groupOf = (place: number) => 101 + place;

async function startedOn(stage: Stage, number: number, fields: object = {}): Promise<Job> {
  const job = new Job(stage, termsOf(stage, { validationRoot: ethers.id(`validation ${number}`), ...fields }));
  await job.post();
  await job.start();
  return job;
}

describe("seat, refused", () => {
  it("before the block of the beacon's round is there", async () => {
    const job = await posted();
    await job.start();
    await expect(job.as().seat(...(await job.seatArguments())))
      .to.be.revertedWithCustomError(job.stage.beacon, "Beacon_NotReady")
      .withArgs(job.record.parties?.beaconRound);
  });

  it("when nobody called while the beacon's value could be read: then the job expires and gives everything back", async () => {
    const job = await started();
    const round = job.record.parties?.beaconRound as bigint;
    // The hash of a block is there for 256 blocks; `record` was not called either.
    await chain.mine(300, { interval: 1 });
    await expect(job.as().seat(...(await job.seatArguments())))
      .to.be.revertedWithCustomError(job.stage.beacon, "Beacon_Lost")
      .withArgs(round);
    await job.waitForGrace();
    const { buyer } = await changesBy(job, () => job.expire());
    expect(buyer).to.equal(job.record.head.escrow + jobDeposit);
  });

  it("with a roster that is not the one of the start: shortened, reordered or with another stake", async () => {
    const job = await started();
    await chain.mine(2);
    const roster = await job.roster();
    const heavier = roster.map((candidate, i) => (i === 0 ? { ...candidate, stake: candidate.stake + 1n } : candidate));
    for (const candidates of [roster.slice(1), [...roster].reverse(), heavier, []]) {
      await expect(job.as().seat(...(await job.seatArguments(candidates))))
        .to.be.revertedWithCustomError(job.stage.committee, "OracleCommittee_RosterMismatch")
        .withArgs(rosterHash(job, candidates), job.record.parties?.roster);
    }
  });

  it("past the deadline, and for a job that is not waiting for it", async () => {
    const job = await started();
    const { jobs } = job.stage;
    const args = await job.seatArguments();
    await job.waitUntilAfter(job.record.deadline);
    await expect(job.as().seat(...args))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TooLate")
      .withArgs(job.id, job.record.deadline);
    const open = await posted();
    const parties = { ...(args[2] as object) };
    await expect(open.as().seat(open.id, open.record.head, parties, await open.roster()))
      .to.be.revertedWithCustomError(open.stage.jobs, "JobMarket_WrongState")
      .withArgs(open.id, 1, 2);
  });

  it("a second time: there is one draw", async () => {
    const job = await started();
    await job.seat();
    await expect(job.as().seat(...(await job.seatArguments())))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_WrongState")
      .withArgs(job.id, 3, 2);
  });

  it("with other parties: a later round of the beacon would be a second draw", async () => {
    const job = await started();
    await chain.mine(3);
    const [jobId, head, , roster] = await job.seatArguments();
    const parties = { ...job.record.parties, beaconRound: (job.record.parties?.beaconRound ?? 0n) + 1n };
    await expect(job.as().seat(jobId, head, parties, roster))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_PartsMismatch")
      .withArgs(jobId);
  });

  it("when one of five oracles cannot pay its bond, by one unit", async () => {
    const job = await started();
    const { jobs, oracles } = job.stage;
    const bond = 6_253_000_000n / 5n;
    await jobs.connect(oracles[3]?.account).withdraw(50_000_000_000n - bond + 1n, 0n);
    await chain.mine(2);
    await expect(job.as().seat(...(await job.seatArguments())))
      .to.be.revertedWithCustomError(job.stage.committee, "OracleCommittee_TooFewEligible")
      .withArgs(4, 5);
  });
});

describe("seat: who sits", () => {
  it("is whom the beacon's value draws, over ten jobs; never the buyer's or the evaluator's group, never two of one", async () => {
    const evaluator = { group: 900 };
    const drawing = await withOracles([{ group: groupOf(0) }, evaluator, { group: groupOf(4) }]);
    const stage = await withEvaluator(drawing, 10n * jobDeposit, evaluator);
    const seen = new Set<string>();
    for (let i = 0; i < 10; i++) {
      const job = await startedOn(stage, i, { evaluator: stage.evaluator?.account.address });
      const roster = await job.roster();
      await job.seat();
      const { beaconRound } = job.record.parties as { beaconRound: bigint };
      const seed = (await ethers.provider.getBlock(Number(beaconRound)))?.hash as string;
      const contributorGroups = [1, 2, 3].map(groupOf);
      const rules = { k: 5, t: 2, buyerGroup: groupOf(0), evaluatorGroup: 900, contributorGroups };
      const drawn = expectedDraw(roster, job.id, seed, rules)?.map((place) => roster[place]?.account);
      expect(seatsOf(job)).to.deep.equal(drawn);
      for (const account of seatsOf(job)) seen.add(account);
    }
    const never = [stage.oracles[5], stage.oracles[6]].map(accountOf);
    expect([...seen].filter((account) => never.includes(account))).to.deep.equal([]);
    expect(
      seen.has(accountOf(stage.oracles[0])) && seen.has(accountOf(stage.oracles[7])),
      "one group, either of it",
    ).to.equal(true);
  });

  it("are at most t of contributors' groups", async () => {
    const stage = await withOracles([1, 2, 3].map((place) => ({ group: groupOf(place) })));
    const contributors = stage.oracles.slice(5).map(accountOf);
    let most = 0;
    for (let i = 0; i < 8; i++) {
      const job = await startedOn(stage, i);
      await job.seat();
      const seated = seatsOf(job).filter((account) => contributors.includes(account)).length;
      expect(seated).to.be.at.most(2);
      most = Math.max(most, seated);
    }
    expect(most).to.equal(2);
  });

  it("is nobody who cannot pay the bond", async () => {
    const stage = await withOracles([{}]);
    const poor = stage.oracles[2] as Actor;
    await stage.jobs.connect(poor.account).withdraw(50_000_000_000n, 0n);
    for (let i = 0; i < 6; i++) {
      const job = await startedOn(stage, i);
      await job.seat();
      expect(seatsOf(job)).not.to.include(poor.account.address);
    }
  });

  it("does not change when the roster does after the start", async () => {
    const stage = await withOracles([{}]);
    const job = await startedOn(stage, 0);
    const roster = await job.roster();
    await stage.committee.connect(stage.oracles[0]?.account).requestExit(20_000n * 10n ** 18n);
    await chain.mine(2);
    const { beaconRound } = job.record.parties as { beaconRound: bigint };
    const seed = (await ethers.provider.getBlock(Number(beaconRound)))?.hash as string;
    const rules = { k: 5, t: 2, buyerGroup: groupOf(0), evaluatorGroup: 0, contributorGroups: [1, 2, 3].map(groupOf) };
    const drawn = expectedDraw(roster, job.id, seed, rules);
    await job.apply("seat", job.as().seat(...(await job.seatArguments(roster))));
    expect(seatsOf(job)).to.deep.equal(drawn?.map((place) => roster[place]?.account));
  });
});

describe("seat: bonds", () => {
  it("are a kth of the escrow times the factor, rounded up, out of each seat's balance", async () => {
    for (const [bondFactorBps, bond] of [
      [10_000, 1_250_600_001n],
      [3_333, 416_824_981n],
      [1, 125_061n],
    ] as const) {
      const stage = await openStage(chain, 3, { bondFactorBps });
      const job = await startedOn(stage, 0, { base: 1_000_000_001n });
      const changes = await changesBy(job, () => job.seat());
      expect(job.record.committee?.seatBond).to.equal(bond);
      expect(changes.seats).to.deep.equal([1, 2, 3, 4, 5].map(() => -bond));
      expect([changes.buyer, changes.treasury, ...changes.banks]).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
      expect(await missingFrom(stage, [job])).to.equal(0n);
    }
  });
});

describe("seat", () => {
  it("opens round 0 for the terms' seconds, from whoever calls", async () => {
    const job = await started();
    await chain.mine(2);
    await job.apply("seat", job.as(job.stage.stranger).seat(...(await job.seatArguments())));
    const { state, deadline, rounds } = job.record;
    expect([state, deadline]).to.deep.equal(["Running", (await chain.time.latest()) + job.terms.roundSeconds]);
    expect(rounds?.certified).to.equal(0);
    const operators = [0, 1, 2, 3, 4].map((seat) => job.seatKey(seat).address);
    expect(job.record.committee?.operators).to.deep.equal(operators);
    expect((await job.stage.jobs.jobOf(job.id)).state).to.equal(3n);
  });
});

function rosterHash(job: Job, candidates: readonly object[]): string {
  const [type] = job.stage.committee.interface.getFunction("roster").outputs;
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([type], [candidates]));
}
