import { expect } from "chai";
import { unpackUsage } from "../../../offchain/chain/packedUsage.ts";
import { connect, type Signer } from "../chain.ts";
import {
  bondOf,
  challenge,
  dispute,
  fundBond,
  kind,
  majorityOf,
  openWide,
  otherValues,
  panelOf,
  projectedVerdict,
  resolve,
  resolveArguments,
  ruling,
  seatSecond,
  serve,
  toPanel,
  verdictOf,
} from "./disputed.ts";
import { fixtureOf, type Job } from "./job.ts";
import { changesBy, missingFrom, stableOf, sum } from "./money.ts";
import { jobDeposit, price, verdictSeconds } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const judged = fixtureOf(chain, (job) => toPanel(job), openWide);
const withheld = fixtureOf(chain, (job) => toPanel(job, kind.withheld), openWide);
const fee = 50_000_000n;
const stake = 20_000n * 10n ** 18n;
const challengerOf = (job: Job) => job.stage.banks[0]?.account as Signer;
const stakesOf = (job: Job) =>
  Promise.all(job.record.seatAccounts.map((account) => job.stage.committee.stakeOf(account) as Promise<bigint>));

/** Largest remainder over the three weights 333 333 334, 333 333 333, 333 333 333. */
function byWeight(amount: bigint): bigint[] {
  const weights = [333_333_334n, 333_333_333n, 333_333_333n];
  const parts = weights.map((weight) => (amount * weight) / 1_000_000_000n);
  const rest = weights.map((weight, i) => [(amount * weight) % 1_000_000_000n, -i] as const);
  const order = rest.toSorted((a, b) => Number(b[0] - a[0]) || b[1] - a[1]).map(([, i]) => -i);
  for (let left = amount - sum(parts), i = 0; left > 0n; left--, i++)
    parts[order[i] as number] = (parts[order[i] as number] as bigint) + 1n;
  return parts;
}

/** Credits of the panel's seats now. */
const panelCredits = (job: Job, accounts = panelOf(job)) =>
  Promise.all(accounts.map(({ account }) => stableOf(job.stage, account)));

describe("resolve, refused", () => {
  it("with fewer than a majority of the panel, with m where that is more", async () => {
    const job = await judged();
    expect(majorityOf(job)).to.have.length(4);
    await expect(job.as().resolve(...(await resolveArguments(job, verdictOf(job, ruling.upheld), [0, 1, 2]))))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooFewSignatures")
      .withArgs(3, 4);
  });

  it("with signatures of the first committee, or of another verdict", async () => {
    const job = await judged();
    const { jobs } = job.stage;
    const { verdict, words } = verdictOf(job, ruling.upheld);
    const args = await resolveArguments(job, { verdict, words });
    const first = await job.attest("Verdict", verdict);
    await expect(job.as().resolve(...args.slice(0, -1), first)).to.be.revertedWithCustomError(
      jobs,
      "JobMarket_BadSignature",
    );
    const turned = { ...verdict, ruling: ruling.nothingValued };
    await expect(job.as().resolve(...args.slice(0, 3), turned, ...args.slice(4))).to.be.revertedWithCustomError(
      jobs,
      "JobMarket_BadSignature",
    );
  });

  it("after the panel's time", async () => {
    const job = await judged();
    await job.waitUntilAfter(job.record.deadline);
    await expect(job.as().resolve(...(await resolveArguments(job, verdictOf(job, ruling.upheld)))))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooLate")
      .withArgs(job.id, job.record.deadline);
    expect(verdictSeconds).to.equal(1800);
  });

  it("with another panel than was drawn", async () => {
    const job = await judged();
    const args = await resolveArguments(job, verdictOf(job, ruling.upheld));
    const { accounts, operators } = args[2] as { accounts: string[]; operators: string[] };
    const forged = { accounts: accounts.toReversed(), operators };
    await expect(job.as().resolve(...args.slice(0, 2), forged, ...args.slice(3))).to.be.revertedWithCustomError(
      job.stage.jobs,
      "JobMarket_PanelMismatch",
    );
  });

  it("about another proposal, another job, and with a ruling that there is not", async () => {
    const job = await judged();
    const { verdict, words } = verdictOf(job, ruling.upheld);
    const wrong: [object, string][] = [
      [{ ...verdict, proposalHash: ethers.id("another") }, "proposalHash"],
      [{ ...verdict, result: { ...verdict.result, jobId: ethers.id("another") } }, "jobId"],
      [{ ...verdict, ruling: 0 }, "ruling"],
      [{ ...verdict, ruling: 4 }, "ruling"],
    ];
    for (const [forged, field] of wrong) {
      const stated = { verdict: forged as typeof verdict, words };
      await expect(job.as().resolve(...(await resolveArguments(job, stated))), field)
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadVerdict")
        .withArgs(field);
    }
  });

  it("when it overturns by a result that `propose` would not take, or by scores that do not add up", async () => {
    const job = await judged();
    const over = (fields: object) => verdictOf(job, ruling.overturned, otherValues, fields);
    const scores = [60_000_000n, 30_000_000n, 10_000_000n];
    const wrong = [
      [over({ roundsDigest: ethers.id("other rounds") }), "roundsDigest"],
      [over({ scoreTotal: 1n }), "scoreTotal"],
      [over({ wordsHash: ethers.id("words") }), "wordsHash"],
      [over({ kind: 3 }), "kind"],
      [projectedVerdict(job, scores, { removed: 4n }), "words"],
      [projectedVerdict(job, scores, { ridgeTerm: 1n }), "ridgeTerm"],
      [projectedVerdict(job, scores.slice(1), {}), "words"],
    ] as const;
    for (const [stated, field] of wrong) {
      await expect(job.as().resolve(...(await resolveArguments(job, stated))), field)
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadResult")
        .withArgs(field);
    }
    // Three contributors: three units of rounding.
    await resolve(job, projectedVerdict(job, scores, { removed: 3n }));
    expect(job.record.state).to.equal("Settled");
  });
});

describe("resolve: upheld", () => {
  it("settles as proposed and divides the challenger's bond: contributors, panel, treasury", async () => {
    const job = await judged();
    const panel = panelOf(job);
    const before = await panelCredits(job, panel);
    const { amounts } = job.record.proposal as { amounts: readonly bigint[] };
    const bond = bondOf(job);
    const changes = await changesBy(job, () => resolve(job, verdictOf(job, ruling.upheld)));
    const shares = byWeight(bond / 2n);
    expect(changes.banks).to.deep.equal(amounts.map((amount, i) => amount + price + (shares[i] as bigint)));
    const each = bond / 4n / 4n;
    const paid = (await panelCredits(job, panel)).map((after, i) => after - (before[i] as bigint));
    expect(paid).to.deep.equal([each, each, each, each, 0n, 0n, 0n]);
    expect(changes.treasury).to.equal(fee + bond - bond / 2n - 4n * each);
    const back = job.record.committee?.seatBond as bigint;
    expect(changes.seats).to.deep.equal([fee + back, fee + back, fee + back, fee + back, back]);
    expect(job.record.state).to.equal("Settled");
    expect(dispute(job).closing).to.include({ ruling: "upheld", answered: 0b1111n, penalised: 0n, refunded: 0n });
    expect(job.record.closing?.credits).to.deep.equal([...amounts.map((a) => a + price), fee, fee, fee, fee, 0n]);
    expect(new Set(await stakesOf(job))).to.deep.equal(new Set([stake]));
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("is the end: no further challenge, verdict or settlement", async () => {
    const job = await judged();
    const args = await resolveArguments(job, verdictOf(job, ruling.upheld));
    const { jobs } = job.stage;
    await resolve(job, verdictOf(job, ruling.upheld));
    await expect(job.as().resolve(...args))
      .to.be.revertedWithCustomError(jobs, "JobMarket_WrongState")
      .withArgs(job.id, 7, 6);
    await expect(job.as().settle(...job.settleArguments()))
      .to.be.revertedWithCustomError(jobs, "JobMarket_WrongState")
      .withArgs(job.id, 7, 5);
  });
});

describe("resolve: overturned", () => {
  it("settles by the panel's valuation; signers lose bond, fee and half their stake", async () => {
    const job = await judged();
    const { stage } = job;
    const panel = panelOf(job);
    const before = await panelCredits(job, panel);
    const challengerBefore = await stableOf(stage, challengerOf(job));
    const back = job.record.committee?.seatBond as bigint;
    const changes = await changesBy(job, () => resolve(job, verdictOf(job, ruling.overturned)));
    // Two thirds of the way: the pot is 4 333 333 333; 0, 40 and 60 parts of a hundred, by the panel's table.
    const { amounts } = job.record.proposal as { amounts: readonly bigint[] };
    expect(amounts).to.deep.equal([0n, 1_733_333_333n, 2_600_000_000n]);
    const shares = byWeight(4n * back);
    const own = amounts.map((amount, i) => amount + price + (shares[i] as bigint));
    expect(changes.banks).to.deep.equal([(own[0] as bigint) + bondOf(job), own[1], own[2]]);
    expect((await stableOf(stage, challengerOf(job))) - challengerBefore).to.equal((own[0] as bigint) + bondOf(job));
    expect(changes.seats).to.deep.equal([0n, 0n, 0n, 0n, back]);
    const paid = (await panelCredits(job, panel)).map((after, i) => after - (before[i] as bigint));
    expect(paid).to.deep.equal([fee, fee, fee, fee, 0n, 0n, 0n]);
    expect(changes.treasury).to.equal(fee);
    expect(changes.buyer).to.equal(5_000_000_000n - 3_333_333_333n + jobDeposit);
    expect(await stakesOf(job)).to.deep.equal([stake / 2n, stake / 2n, stake / 2n, stake / 2n, stake]);
    expect(await stage.committee.rewardOf(challengerOf(job))).to.equal((2n * stake * 3n) / 10n);
    expect(await stage.committee.rewardOf(stage.treasury)).to.equal((2n * stake * 7n) / 10n);
    expect(dispute(job).closing).to.include({
      ruling: "overturned",
      answered: 0b1111n,
      penalised: 0b1111n,
      refunded: 1n,
    });
    expect(dispute(job).overturned?.proposal?.amounts).to.not.deep.equal(amounts);
    expect(await missingFrom(stage, [job])).to.equal(0n);
    const [appended] = await stage.usage.queryFilter("UsageAppended");
    expect(unpackUsage(appended.args)[0]?.outcome).to.equal(1);
  });

  it("pays a seat that did not sign and was there, and no other of the first committee", async () => {
    const job = fixtureOf(
      chain,
      async (own) => {
        await own.toFinished();
        await own.ready(4);
        await own.propose();
        await fundBond(own, challengerOf(own));
        await challenge(own, challengerOf(own));
      },
      openWide,
    );
    const ready = await job();
    await seatSecond(ready);
    await resolve(ready, verdictOf(ready, ruling.overturned));
    expect(ready.record.closing?.credits.slice(3)).to.deep.equal([0n, 0n, 0n, 0n, fee]);
    expect(ready.record.closing?.treasury).to.equal(0n);
  });

  it("by scores that the panel attests, under the guards of `propose`: a score beyond twice the total earns nothing", async () => {
    const job = await judged();
    await resolve(job, projectedVerdict(job, [300_000_000n, -240_000_000n, 40_000_000n]));
    expect(job.record.proposal?.amounts).to.deep.equal([0n, 0n, 4_333_333_333n]);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("gives every challenger its bond and an equal part of the reward", async () => {
    const job = await fixtureOf(
      chain,
      async (own) => {
        await own.toProposed();
        for (const { account } of own.stage.banks) {
          await fundBond(own, account);
          await challenge(own, account);
        }
      },
      openWide,
    )();
    await seatSecond(job);
    await resolve(job, verdictOf(job, ruling.overturned));
    const rewards = await Promise.all(job.stage.banks.map(({ account }) => job.stage.committee.rewardOf(account)));
    expect(rewards).to.deep.equal(Array.from({ length: 3 }, () => (2n * stake * 3n) / 10n / 3n));
    expect(dispute(job).closing?.refunded).to.equal(0b111n);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });
});

describe("resolve: nothing can be valued", () => {
  it("closes the job as by fail, with the signers for silent seats", async () => {
    const job = await judged();
    const back = job.record.committee?.seatBond as bigint;
    const changes = await changesBy(job, () => resolve(job, verdictOf(job, ruling.nothingValued)));
    expect(job.record.state).to.equal("Failed");
    const base = byWeight(1_000_000_000n);
    const bonds = byWeight(4n * back);
    const own = base.map((amount, i) => amount + price + (bonds[i] as bigint));
    expect(changes.banks).to.deep.equal([(own[0] as bigint) + bondOf(job), own[1], own[2]]);
    expect(changes.seats).to.deep.equal([0n, 0n, 0n, 0n, back]);
    // The panel gets what the signers would have been paid.
    expect(changes.treasury).to.equal(fee + 5_000_000_000n);
    expect(dispute(job).closing).to.include({ panelPay: fee, penalised: 0b1111n, refunded: 1n });
    expect(changes.buyer).to.equal(jobDeposit);
    expect(await stakesOf(job)).to.deep.equal([stake / 2n, stake / 2n, stake / 2n, stake / 2n, stake]);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });
});

describe("resolve: evidence that was withheld", () => {
  it("costs a signer that did not serve it bond, fee and a tenth of its stake, though the result is upheld", async () => {
    const job = await withheld();
    for (const seat of [0, 1, 3]) await serve(job, seat);
    const back = job.record.committee?.seatBond as bigint;
    const changes = await changesBy(job, () => resolve(job, verdictOf(job, ruling.upheld)));
    expect(changes.seats).to.deep.equal([fee + back, fee + back, 0n, fee + back, back]);
    const shares = byWeight(back);
    const { amounts } = job.record.proposal as { amounts: readonly bigint[] };
    const own = amounts.map((amount, i) => amount + price + (shares[i] as bigint));
    // The challenge was right: its bond comes back.
    expect(changes.banks).to.deep.equal([(own[0] as bigint) + bondOf(job), own[1], own[2]]);
    expect(await stakesOf(job)).to.deep.equal([stake, stake, (stake * 9n) / 10n, stake, stake]);
    expect(await job.stage.committee.rewardOf(challengerOf(job))).to.equal(((stake / 10n) * 3n) / 10n);
    expect(dispute(job).closing).to.include({ penalised: 0b100n, refunded: 1n });
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("costs nothing when all signers served it: then the challenge was wrong", async () => {
    const job = await withheld();
    for (const seat of [0, 1, 2, 3]) await serve(job, seat);
    await resolve(job, verdictOf(job, ruling.upheld));
    expect(dispute(job).closing).to.include({ penalised: 0n, refunded: 0n });
    expect(new Set(await stakesOf(job))).to.deep.equal(new Set([stake]));
  });

  it("costs nobody anything when no challenge asked for it", async () => {
    const job = await judged();
    await resolve(job, verdictOf(job, ruling.upheld));
    expect(dispute(job).closing).to.include({ penalised: 0n });
  });
});
