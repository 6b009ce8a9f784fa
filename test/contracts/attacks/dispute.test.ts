import { expect } from "chai";
import { connect, type Signer } from "../chain.ts";
import {
  bondOf,
  challenge,
  dispute,
  fundBond,
  kind,
  openWide,
  projectedVerdict,
  resolve,
  ruling,
  seatSecond,
  serve,
  toPanel,
  verdictOf,
} from "../market/disputed.ts";
import { fixtureOf, type Job, threeValues } from "../market/job.ts";
import { changesBy, missingFrom, sum } from "../market/money.ts";
import { price } from "../market/stage.ts";

// Actor: m = 4 of 5 seats sign a result that gives the whole pot to their friend, the first bank.
// Victims: the other two banks, which the honest table pays. The lines printed are the run's own figures.

const chain = await connect();
/** The friend did everything; the others nothing. */
const lie = [0n, 100n, 0n, 100n, 0n, 100n, 0n, 100n].map((v) => v * 1_000_000n);
const lied = fixtureOf(chain, (job) => job.toProposed(lie), openWide);
const honest = fixtureOf(chain, (job) => job.toProposed(), openWide);
const stake = 20_000n * 10n ** 18n;
const tokens = (amount: bigint, decimals: bigint) => `${Number(amount / 10n ** (decimals - 2n)) / 100}`;
const accountOf = (job: Job, bank: number) => job.stage.banks[bank]?.account as Signer;

async function stakesLost(job: Job): Promise<bigint> {
  const left = await Promise.all(job.record.seatAccounts.map((account) => job.stage.committee.stakeOf(account)));
  return 5n * stake - sum(left);
}

describe("Attack: m seats sign a lie for a friend", () => {
  it("pays when nobody challenges: what the victims lose without the rule", async () => {
    const job = await lied();
    const [friend, ...victims] = (job.record.proposal?.amounts ?? []) as bigint[];
    expect(victims).to.deep.equal([0n, 0n]);
    const changes = await changesBy(job, () => job.settle());
    expect(changes.banks).to.deep.equal([(friend as bigint) + price, price, price]);
  });

  it("is undone by one honest challenger; each signer loses bond, fee and half its stake", async () => {
    const job = await lied();
    const victim = accountOf(job, 1);
    await fundBond(job, victim);
    await challenge(job, victim);
    await seatSecond(job);
    const back = job.record.committee?.seatBond as bigint;
    const changes = await changesBy(job, () => resolve(job, verdictOf(job, ruling.overturned, threeValues)));
    const fair = (await honest()).record.proposal?.amounts as readonly bigint[];
    expect(job.record.proposal?.amounts).to.deep.equal(fair);
    expect(changes.seats).to.deep.equal([0n, 0n, 0n, 0n, back]);
    const lost = await stakesLost(job);
    expect(lost).to.equal(2n * stake);
    const reward = await job.stage.committee.rewardOf(victim);
    console.log(
      `      cost to the colluders: bonds ${tokens(4n * back, 6n)}, stakes ${tokens(lost, 18n)}; victims lose 0, challenger gains ${tokens(reward, 18n)} of stakes`,
    );
  });
});

describe("Attack: a harmless challenge to shield the lie", () => {
  it("fails: the second committee judges the whole result, whatever kind opened the dispute", async () => {
    for (const harmless of [kind.transcript, kind.sum, kind.equivocation, kind.withheld]) {
      const job = await lied();
      const friend = accountOf(job, 0);
      await fundBond(job, friend);
      await challenge(job, friend, harmless);
      for (const seat of [0, 1, 2, 3]) await serve(job, seat);
      await seatSecond(job);
      await resolve(job, projectedVerdict(job, [49_000_000n, 29_000_000n, 22_000_000n]));
      expect(job.record.proposal?.amounts[1], String(harmless)).to.be.greaterThan(0n);
      expect(await stakesLost(job)).to.equal(2n * stake);
    }
  });
});

describe("Attack: m colluders buy every other place for challenges", () => {
  it("leaves the honest challenger its bond and a sixteenth of the reward; the fine stays above what they get back", async () => {
    const job = await lied();
    const [friend, victim] = [accountOf(job, 0), accountOf(job, 1)];
    await fundBond(job, friend, 15n);
    for (let i = 0; i < 15; i++) await challenge(job, friend, kind.transcript);
    await fundBond(job, victim);
    await challenge(job, victim);
    await seatSecond(job);
    await resolve(job, verdictOf(job, ruling.overturned, threeValues));
    expect(dispute(job).closing?.refunded).to.equal(2n ** 16n - 1n);
    const [lost, own, bought] = [
      await stakesLost(job),
      await job.stage.committee.rewardOf(victim),
      await job.stage.committee.rewardOf(friend),
    ];
    expect(own).to.equal((lost * 3n) / 10n / 16n);
    expect(bought).to.be.lessThan((lost * 3n) / 10n);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
    console.log(
      `      fined ${tokens(lost, 18n)}, bought back ${tokens(bought, 18n)}, the honest challenger got ${tokens(own, 18n)}`,
    );
  });

  it("does not stop the honest one by being first: a full dispute is a dispute all the same", async () => {
    const job = await lied();
    const friend = accountOf(job, 0);
    await fundBond(job, friend, 16n);
    for (let i = 0; i < 16; i++) await challenge(job, friend, kind.transcript);
    await seatSecond(job);
    await resolve(job, verdictOf(job, ruling.overturned, threeValues));
    expect(job.record.proposal?.amounts[1]).to.be.greaterThan(0n);
  });
});

describe("Attack: a challenge against a good result, to delay it", () => {
  it("costs its bond, of which the contributors get a half, and buys the dispute's time alone", async () => {
    const job = await honest();
    const { buyer } = job.stage;
    const proposedUntil = job.record.deadline;
    await challenge(job, buyer.account);
    await seatSecond(job);
    const seatedAt = await chain.time.latest();
    const changes = await changesBy(job, () => resolve(job, verdictOf(job, ruling.upheld)));
    const amounts = job.record.proposal?.amounts ?? [];
    const more = sum(changes.banks) - sum(amounts) - 3n * price;
    expect(more).to.equal(bondOf(job) / 2n);
    expect(seatedAt).to.be.at.most(proposedUntil + 10);
    console.log(`      cost ${tokens(bondOf(job), 6n)}, of which the victims got ${tokens(more, 6n)}`);
  });
});

describe("Attack: a committee that withholds the evidence of its lie", () => {
  it("leaves nothing to be valued: closed as by fail, and the bonds make up for the performance", async () => {
    const job = await fixtureOf(chain, (own) => toPanel(own, kind.withheld), openWide)();
    const back = job.record.committee?.seatBond as bigint;
    const fair = job.record.proposal?.amounts as readonly bigint[];
    const changes = await changesBy(job, () => resolve(job, verdictOf(job, ruling.nothingValued)));
    expect(job.record.state).to.equal("Failed");
    expect(await stakesLost(job)).to.equal(2n * stake);
    const got = sum(changes.banks.slice(1)) - 2n * price;
    const due = (fair[1] as bigint) + (fair[2] as bigint);
    expect(got).to.be.greaterThan(due);
    console.log(
      `      cost to the colluders: bonds ${tokens(4n * back, 6n)}, stakes ${tokens(2n * stake, 18n)}; the victims were due ${tokens(due, 6n)} and got ${tokens(got, 6n)}`,
    );
  });

  it("and keeps silent while another has the evidence: upheld, and the silent still pay", async () => {
    const job = await fixtureOf(chain, (own) => toPanel(own, kind.withheld), openWide)();
    await serve(job, 4);
    await resolve(job, verdictOf(job, ruling.upheld));
    expect(await stakesLost(job)).to.equal((4n * stake) / 10n);
    expect(dispute(job).closing?.penalised).to.equal(0b1111n);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });
});
