import { expect } from "chai";
import { isHashOfParts } from "../../../offchain/chain/partsHash.ts";
import { connect, type Signer } from "../chain.ts";
import { role } from "../participants.ts";
import {
  challenge,
  dispute,
  fundBond,
  openWide,
  panelOf,
  seatSecond,
  seatSecondArguments,
  toChallenged,
} from "./disputed.ts";
import { fixtureOf, type Job } from "./job.ts";
import { openActor, openStage, seatSeconds, verdictSeconds } from "./stage.ts";

const chain = await connect();
const challenged = fixtureOf(chain, toChallenged, openWide);
const alone = fixtureOf(chain, toChallenged, (c) => openStage(c, 3, {}, 5));

/** The beacon's value is on record and the window for challenges over. */
async function due(job: Job): Promise<Job> {
  await chain.mine(2);
  await job.stage.beacon.record(dispute(job).beaconRound);
  await job.waitUntilAfter(dispute(job).openUntil);
  return job;
}

describe("seatSecond, refused", () => {
  it("until the window for challenges is over, and once the panel's time is", async () => {
    const job = await challenged();
    const { jobs } = job.stage;
    await chain.mine(2);
    await expect(job.as().seatSecond(...(await seatSecondArguments(job))))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TooEarly")
      .withArgs(job.id, dispute(job).openUntil + 1);
    await job.waitUntilAfter(dispute(job).openUntil + seatSeconds);
    await expect(job.as().seatSecond(...(await seatSecondArguments(job))))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TooLate")
      .withArgs(job.id, dispute(job).openUntil + seatSeconds);
  });

  it("a second time: nobody shops for another draw", async () => {
    const job = await challenged();
    await seatSecond(job);
    await expect(job.as().seatSecond(...(await seatSecondArguments(job))))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_PanelSeated")
      .withArgs(job.id);
  });

  it("with another roster than that of the first challenge", async () => {
    const job = await due(await challenged());
    const args = await seatSecondArguments(job);
    const fewer = (args.at(-1) as unknown[]).slice(1);
    await expect(job.as().seatSecond(...args.slice(0, -1), fewer)).to.be.revertedWithCustomError(
      job.stage.committee,
      "OracleCommittee_RosterMismatch",
    );
  });

  it("when the beacon's value passed and nobody recorded it", async () => {
    const job = await challenged();
    await chain.mine(300);
    await job.waitUntilAfter(dispute(job).openUntil);
    await expect(job.as().seatSecond(...(await seatSecondArguments(job))))
      .to.be.revertedWithCustomError(job.stage.beacon, "Beacon_Lost")
      .withArgs(dispute(job).beaconRound);
  });
});

describe("seatSecond", () => {
  it("seats all that may sit up to 2k + 1, none of the first committee, and gives them their time", async () => {
    const job = await challenged();
    await seatSecond(job);
    const { panel } = dispute(job);
    const seats = panelOf(job);
    expect(seats).to.have.length(7);
    const first = new Set(job.record.seatAccounts);
    expect(seats.filter(({ account }) => first.has(account.address as `0x${string}`))).to.deep.equal([]);
    expect(new Set(panel?.accounts).size).to.equal(7);
    expect(panel?.operators).to.deep.equal(seats.map(({ operator }) => operator.address));
    const [state, deadline, hash] = await job.stage.jobs.jobOf(job.id);
    expect([state, isHashOfParts(hash, job.record)]).to.deep.equal([6n, true]);
    expect(Number(deadline)).to.equal((await chain.time.latest()) + verdictSeconds);
    expect(job.record.deadline).to.equal(Number(deadline));
  });

  it("gives no seat to a challenger's group, nor to that of the buyer", async () => {
    const job = await challenged();
    const { stage } = job;
    const seated = new Set<string>(job.record.seatAccounts);
    const free = stage.oracles.filter(({ account }) => !seated.has(account.address));
    const rival = free[0]?.account as Signer;
    const { group } = await stage.registry.profileOf(free[1]?.account);
    const friend = await openActor(chain, stage, 16, { roles: role.institution, group: Number(group) });
    await fundBond(job, friend.account);
    for (const account of [rival, friend.account]) await challenge(job, account);
    await seatSecond(job);
    const accounts = panelOf(job).map(({ account }) => account.address);
    expect(accounts).to.have.length(5);
    expect(accounts).to.not.include(rival.address);
    expect(accounts).to.not.include(free[1]?.account.address);
  });

  it("leaves the dispute to the adjudicator when fewer than k may sit", async () => {
    const job = await alone();
    await seatSecond(job);
    expect(dispute(job)).to.include({ panel: null, adjudicated: true });
    expect(job.record.deadline).to.equal(await chain.time.latest());
    await expect(job.as().seatSecond(...(await seatSecondArguments(job))))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_PanelSeated")
      .withArgs(job.id);
  });
});
