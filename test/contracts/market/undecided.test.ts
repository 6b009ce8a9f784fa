import { expect } from "chai";
import { noPart } from "../../../offchain/chain/partsHash.ts";
import { connect, type Signer } from "../chain.ts";
import {
  adjudicate,
  bondOf,
  closeDispute,
  dispute,
  disputedJob,
  kind,
  openWide,
  readySecond,
  resolveArguments,
  ruling,
  seatedPanel,
  seatSecond,
  toChallenged,
  toPanel,
  verdictOf,
} from "./disputed.ts";
import { fixtureOf, type Job } from "./job.ts";
import { changesBy, missingFrom, sum } from "./money.ts";
import { adjudicationSeconds, grace, openStage, price, seatSeconds } from "./stage.ts";

// A dispute that no second committee decides: the adjudicator, and when it is silent too, anyone.

const chain = await connect();
const judged = fixtureOf(chain, (job) => toPanel(job), openWide);
const unseated = fixtureOf(chain, (job) => toChallenged(job), openWide);
const withheld = fixtureOf(chain, (job) => toPanel(job, kind.withheld), openWide);
const tooFew = fixtureOf(
  chain,
  async (job) => {
    await toChallenged(job);
    await seatSecond(job);
  },
  (c) => openStage(c, 3, {}, 5),
);

const fee = 50_000_000n;
/** Whoever deploys administers, and holds the adjudicator's role until another is named. */
const adjudicatorOf = ({ stage }: Job): Signer => stage.admin;
/** When the panel's time is over, of a dispute at each of its stages. */
const ends: [string, () => Promise<Job>, (job: Job) => number][] = [
  ["nobody seated the panel", unseated, (job) => dispute(job).openUntil + seatSeconds],
  ["too few may sit", tooFew, (job) => job.record.deadline],
  ["the panel gave no verdict", judged, (job) => job.record.deadline],
];

for (const [why, fixture, end] of ends) {
  describe(`A dispute in which ${why}`, () => {
    it("is the adjudicator's to decide, after the grace and for its time", async () => {
      const job = await fixture();
      const { jobs } = job.stage;
      const { verdict, words } = verdictOf(job, ruling.overturned);
      const call = () =>
        job.as(adjudicatorOf(job)).adjudicate(job.id, disputedJob(job), seatedPanel(job), verdict, words);
      const from = end(job) + grace;
      if ((await chain.time.latest()) < from) await job.waitUntil(from);
      await expect(call())
        .to.be.revertedWithCustomError(jobs, "JobMarket_TooEarly")
        .withArgs(job.id, from + 1);
      await job.waitUntilAfter(from + adjudicationSeconds);
      await expect(call())
        .to.be.revertedWithCustomError(jobs, "JobMarket_TooLate")
        .withArgs(job.id, from + adjudicationSeconds);
    });

    it("is closed by anyone when the adjudicator is silent: the proposal stands and all bonds return", async () => {
      const job = await fixture();
      const { jobs, stranger, committee } = job.stage;
      const last = end(job) + grace + adjudicationSeconds + grace;
      await job.waitUntil(last);
      await expect(job.as(stranger).closeDispute(job.id, disputedJob(job), seatedPanel(job)))
        .to.be.revertedWithCustomError(jobs, "JobMarket_TooEarly")
        .withArgs(job.id, last + 1);
      await job.waitUntilAfter(last);
      const { amounts } = job.record.proposal as { amounts: readonly bigint[] };
      const back = job.record.committee?.seatBond as bigint;
      const changes = await changesBy(job, () => closeDispute(job));
      const [first, ...others] = amounts.map((amount) => amount + price) as [bigint, ...bigint[]];
      expect(changes.banks).to.deep.equal([first + bondOf(job), ...others]);
      expect(changes.seats).to.deep.equal([fee + back, fee + back, fee + back, fee + back, back]);
      expect(changes.treasury).to.equal(fee);
      expect(job.record.state).to.equal("Settled");
      expect(dispute(job).closing).to.include({ ruling: "undecided", penalised: 0n, refunded: 1n });
      const stakes = await Promise.all(job.record.seatAccounts.map((account) => committee.stakeOf(account)));
      expect(sum(stakes), "of the first committee").to.equal(5n * 20_000n * 10n ** 18n);
      expect(await missingFrom(job.stage, [job])).to.equal(0n);
    });
  });
}

describe("adjudicate", () => {
  it("is for the role alone", async () => {
    const job = await judged();
    const { manager, stranger } = job.stage;
    const { verdict, words } = verdictOf(job, ruling.upheld);
    await job.waitUntilAfter(job.record.deadline + grace);
    await expect(job.as(stranger).adjudicate(job.id, disputedJob(job), seatedPanel(job), verdict, words))
      .to.be.revertedWithCustomError(job.stage.jobs, "AccessManagedUnauthorized")
      .withArgs(stranger);
    expect(await manager.getAddress()).to.equal(await job.stage.jobs.authority());
  });

  it("decides as the panel would; what would have been the panel's is the treasury's", async () => {
    for (const [rule, panels] of [
      [ruling.upheld, (job: Job) => bondOf(job) - bondOf(job) / 2n],
      [ruling.overturned, () => 4n * fee],
    ] as const) {
      const job = await judged();
      await job.waitUntilAfter(job.record.deadline + grace);
      const changes = await changesBy(job, () => adjudicate(job, verdictOf(job, rule), adjudicatorOf(job)));
      expect(changes.treasury).to.equal(fee + panels(job));
      expect(dispute(job).closing).to.include({ answered: 0n, panelPay: 0n });
      expect(await missingFrom(job.stage, [job])).to.equal(0n);
    }
  });

  it("can close a job that nobody can value", async () => {
    const job = await tooFew();
    await job.waitUntilAfter(job.record.deadline + grace);
    await adjudicate(job, verdictOf(job, ruling.nothingValued), adjudicatorOf(job));
    expect(job.record.state).to.equal("Failed");
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("takes no verdict of a panel that there is not", async () => {
    const job = await judged();
    const args = await resolveArguments(job, verdictOf(job, ruling.upheld));
    const other = await tooFew();
    const parts = [other.id, disputedJob(other)];
    await expect(other.as().resolve(...parts, ...args.slice(2))).to.be.revertedWithCustomError(
      other.stage.jobs,
      "JobMarket_TooLate",
    );
    const early = await unseated();
    await expect(early.as().resolve(early.id, disputedJob(early), ...args.slice(2)))
      .to.be.revertedWithCustomError(early.stage.jobs, "JobMarket_NoPanel")
      .withArgs(early.id);
  });

  it("leaves nobody penalised for withheld evidence that nobody judged", async () => {
    const job = await withheld();
    await job.waitUntilAfter(job.record.deadline + grace + adjudicationSeconds + grace);
    await closeDispute(job);
    expect(dispute(job).closing).to.include({ penalised: 0n, refunded: 1n });
  });
});

describe("readySecond", () => {
  const stake = 20_000n * 10n ** 18n;

  it("is for seats of the panel, until its deadline, and while there is one", async () => {
    const job = await judged();
    const { jobs, stranger } = job.stage;
    await expect(job.as(stranger).readySecond(job.id, seatedPanel(job), noPart))
      .to.be.revertedWithCustomError(jobs, "JobMarket_NotSeat")
      .withArgs(job.id, stranger);
    const first = job.seatOf(0).account;
    const forged = { accounts: job.record.seatAccounts, operators: job.record.committee?.operators };
    await expect(job.as(first).readySecond(job.id, forged, noPart)).to.be.revertedWithCustomError(
      jobs,
      "JobMarket_PanelMismatch",
    );
    await job.waitUntilAfter(job.record.deadline);
    await expect(job.as(stranger).readySecond(job.id, seatedPanel(job), noPart))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TooLate")
      .withArgs(job.id, job.record.deadline);
    const early = await unseated();
    await expect(early.as(stranger).readySecond(early.id, seatedPanel(early), noPart))
      .to.be.revertedWithCustomError(jobs, "JobMarket_NoPanel")
      .withArgs(early.id);
  });

  it("saves who said it: the others lose a tenth of their stake when no verdict comes", async () => {
    for (const end of ["adjudicate", "closeDispute"] as const) {
      const job = await judged();
      for (const seat of [1, 4]) await readySecond(job, seat);
      expect([...dispute(job).there]).to.deep.equal([1, 4]);
      const wait = end === "adjudicate" ? grace : grace + adjudicationSeconds + grace;
      await job.waitUntilAfter(job.record.deadline + wait);
      if (end === "adjudicate") await adjudicate(job, verdictOf(job, ruling.upheld), adjudicatorOf(job));
      else await closeDispute(job);
      const accounts = dispute(job).panel?.accounts ?? [];
      const left = await Promise.all(accounts.map((account) => job.stage.committee.stakeOf(account)));
      const less = (stake * 9n) / 10n;
      expect(left).to.deep.equal([less, stake, less, less, stake, less, less]);
    }
  });

  it("is asked of the panel that was seated: an empty one does not save it", async () => {
    const job = await judged();
    await job.waitUntilAfter(job.record.deadline + grace + adjudicationSeconds + grace);
    const nobody = { accounts: [], operators: [] };
    await expect(job.as().closeDispute(job.id, disputedJob(job), nobody)).to.be.revertedWithCustomError(
      job.stage.jobs,
      "JobMarket_PanelMismatch",
    );
  });
});
