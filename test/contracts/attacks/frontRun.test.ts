import { expect } from "chai";
import { connect, type Signer } from "../chain.ts";
import {
  challenge,
  dispute,
  fundBond,
  openWide,
  panelOf,
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
    const job = await seating();
    await chain.mine(2);
    await job.stage.beacon.record(job.record.parties?.beaconRound);
    const { buyer, stranger } = job.stage;
    const seated = await each([buyer.account, stranger, stranger], async (caller, i) => {
      const own = job.fork();
      await chain.mine(1 + 20 * i);
      await own.apply("seat", own.as(caller).seat(...(await own.seatArguments())));
      return own.record.seatAccounts;
    });
    for (const accounts of seated) expect(accounts).to.deep.equal(seated[0]);
  });

  it("seats the same panel, and not before others could challenge too", async () => {
    const job = await known();
    const { buyer, stranger } = job.stage;
    const seated = await each([buyer.account, stranger, stranger], async (caller, i) => {
      const own = job.fork();
      const args = await seatSecondArguments(own);
      const early = own.as(caller).seatSecond(...args);
      await expect(early).to.be.revertedWithCustomError(own.stage.jobs, "JobMarket_TooEarly");
      await own.waitUntilAfter(dispute(own).openUntil + 200 * i);
      await own.apply("seatSecond", own.as(caller).seatSecond(...args));
      return dispute(own).panel;
    });
    for (const panel of seated) expect(panel).to.deep.equal(seated[0]);
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
    const job = await known();
    const seatOf = async (rival?: Signer) => {
      const own = job.fork();
      if (rival !== undefined) await challenge(own, rival);
      await own.waitUntilAfter(dispute(own).openUntil);
      await own.apply("seatSecond", own.as().seatSecond(...(await seatSecondArguments(own))));
      return panelOf(own).map(({ account }) => account);
    };
    const [panel] = (await each([undefined], seatOf)) as [Signer[]];
    const rivals = [0, 3, 6];
    const after = await each(
      rivals.map((seat) => panel[seat] as Signer),
      seatOf,
    );
    for (const [i, seat] of rivals.entries()) {
      expect(after[i]?.slice(0, seat), `seat ${seat}`).to.deep.equal(panel.slice(0, seat));
      expect(after[i]).to.not.include(panel[seat]);
    }
  });
});

/** A disputed job whose panel is decided: the beacon's value is on record. */
async function known(): Promise<Job> {
  const job = await challenged();
  await chain.mine(2);
  await job.stage.beacon.record(dispute(job).beaconRound);
  return job;
}

/** Does the same with each, every time from the chain as it was. */
async function each<T, R>(cases: readonly T[], act: (given: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const [i, given] of cases.entries()) {
    const snapshot = await chain.takeSnapshot();
    results.push(await act(given, i));
    await snapshot.restore();
  }
  return results;
}
