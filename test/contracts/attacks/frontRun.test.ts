import { expect } from "chai";
import { connect, type Signer } from "../chain.ts";
import {
  challenge,
  dispute,
  fundBond,
  openWide,
  panelOf,
  seatSecond,
  seatSecondArguments,
  toChallenged,
} from "../market/disputed.ts";
import { fixtureOf, type Job } from "../market/job.ts";

// Actor: who sees a call before it is mined, and sends its own first. Cost: gas, and where said a bond or a seat.

const chain = await connect();
const posted = fixtureOf(chain, (job) => job.post());
const seating = fixtureOf(chain, async (job) => {
  await job.post();
  await job.start();
});
const challenged = fixtureOf(chain, toChallenged, openWide);
const proposed = fixtureOf(chain, (job) => job.toProposed(), openWide);

describe("Attack: the same call by a stranger first", () => {
  it("starts the same job with the same parties: who calls is in no part of it", async () => {
    const started = async (caller: (job: Job) => Signer) => {
      const job = await posted();
      await job.apply("start", job.as(caller(job)).start(...(await job.startArguments())));
      const { roster, contributors, buyerGroup } = job.record.parties as NonNullable<typeof job.record.parties>;
      return { roster, contributors, buyerGroup };
    };
    expect(await started(({ stage }) => stage.stranger)).to.deep.equal(
      await started(({ stage }) => stage.buyer.account),
    );
  });

  it("seats the same committee, whoever calls and in whichever block", async () => {
    const seated = async (caller: (job: Job) => Signer, blocks: number) => {
      const job = await seating();
      await chain.mine(blocks);
      await job.apply("seat", job.as(caller(job)).seat(...(await job.seatArguments())));
      return job.record.seatAccounts;
    };
    const own = await seated(({ stage }) => stage.buyer.account, 2);
    for (const blocks of [2, 3, 50]) expect(await seated(({ stage }) => stage.stranger, blocks)).to.deep.equal(own);
  });

  it("seats the same panel, and not before others could challenge too", async () => {
    const seated = async (caller: (job: Job) => Signer, more: number) => {
      const job = await challenged();
      await chain.mine(2);
      await job.stage.beacon.record(dispute(job).beaconRound);
      const early = job.as(caller(job)).seatSecond(...(await seatSecondArguments(job)));
      await expect(early).to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooEarly");
      await job.waitUntilAfter(dispute(job).openUntil + more);
      await job.apply("seatSecond", job.as(caller(job)).seatSecond(...(await seatSecondArguments(job))));
      return dispute(job).panel;
    };
    const own = await seated(({ stage }) => stage.buyer.account, 0);
    for (const more of [1, 300]) expect(await seated(({ stage }) => stage.stranger, more)).to.deep.equal(own);
  });
});

describe("Attack: a challenge before that of an honest party", () => {
  it("takes nothing from it: it joins within the same window, for the same bond", async () => {
    const job = await proposed();
    const [first, second] = job.stage.banks.map(({ account }) => account) as [Signer, Signer];
    for (const account of [first, second]) {
      await fundBond(job, account);
      await challenge(job, account);
    }
    const bonds = dispute(job).challenges.map(({ account, bond }) => [account, bond]);
    expect(bonds.map(([account]) => account)).to.deep.equal([first.address, second.address]);
    expect(bonds[0]?.[1]).to.equal(bonds[1]?.[1]);
  });
});

describe("Attack: challenging once the beacon's value is known, to change the panel", () => {
  it("costs the challenger's own group its seat, and leaves every other pick before it where it was", async () => {
    const quiet = await challenged();
    await seatSecond(quiet);
    const panel = panelOf(quiet).map(({ account }) => account.address);
    for (const seat of [0, 3, 6]) {
      const job = await challenged();
      await chain.mine(2);
      await job.stage.beacon.record(dispute(job).beaconRound);
      const rival = panelOf(quiet)[seat]?.account as Signer;
      await challenge(job, rival);
      await job.waitUntilAfter(dispute(job).openUntil);
      await job.apply("seatSecond", job.as().seatSecond(...(await seatSecondArguments(job))));
      const after = panelOf(job).map(({ account }) => account.address);
      expect(after.slice(0, seat), `seat ${seat}`).to.deep.equal(panel.slice(0, seat));
      expect(after).to.not.include(rival.address);
    }
  });
});
