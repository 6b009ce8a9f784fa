import { expect } from "chai";
import { isHashOfParts } from "../../../offchain/chain/partsHash.ts";
import { connect, type Signer } from "../chain.ts";
import { role, status } from "../participants.ts";
import {
  bondOf,
  challenge,
  challengeArguments,
  dispute,
  fundBond as fund,
  kind,
  openWide,
  seatSecond,
  serve,
  serveArguments,
  toChallenged,
} from "./disputed.ts";
import { fixtureOf, Job, termsOf } from "./job.ts";
import { missingFrom, stableOf } from "./money.ts";
import { leastChallengeBond, openActor, seatSeconds } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const proposed = fixtureOf(chain, (job) => job.toProposed(), openWide);
const challenged = fixtureOf(chain, (job) => toChallenged(job), openWide);
const bankOf = (job: Job, index = 0) => job.stage.banks[index]?.account as Signer;

describe("challenge, refused", () => {
  it("after the window, and of a job that has no open proposal", async () => {
    const job = await proposed();
    await job.waitUntilAfter(job.record.deadline);
    await expect(job.as(bankOf(job)).challenge(...challengeArguments(job)))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooLate")
      .withArgs(job.id, job.record.deadline);
    await job.settle();
    await expect(job.as(bankOf(job)).challenge(...challengeArguments(job)))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_WrongState")
      .withArgs(job.id, 7, 5);
  });

  it("to who is no active participant", async () => {
    const job = await proposed();
    const { registry, supervisor, stranger, jobs } = job.stage;
    await registry.connect(supervisor).setStatus(bankOf(job), status.suspended, 7);
    for (const caller of [stranger, bankOf(job)]) {
      await expect(job.as(caller).challenge(...challengeArguments(job)))
        .to.be.revertedWithCustomError(jobs, "JobMarket_NotActive")
        .withArgs(caller);
    }
  });

  it("without the bond in the market", async () => {
    const job = await proposed();
    await expect(job.as(bankOf(job)).challenge(...challengeArguments(job)))
      .to.be.revertedWithCustomError(job.stage.jobs, "Escrow_BalanceTooSmall")
      .withArgs(bankOf(job), 0n, bondOf(job));
  });

  it("to a signer and to whoever is of its group, not to a member that did not sign", async () => {
    const job = await proposed();
    const { registry, jobs } = job.stage;
    const signer = job.seatOf(0).account;
    const { group } = await registry.profileOf(signer);
    const friend = await openActor(chain, job.stage, 15, { roles: role.buyer, group: Number(group) });
    for (const caller of [signer, friend.account]) {
      await expect(job.as(caller).challenge(...challengeArguments(job)))
        .to.be.revertedWithCustomError(jobs, "JobMarket_Conflict")
        .withArgs(caller, group);
    }
    await challenge(job, job.seatOf(4).account);
    expect(dispute(job).challenges[0]?.account).to.equal(job.seatOf(4).account.address);
  });

  it("with a proposal or accounts that are not the job's", async () => {
    const job = await proposed();
    const args = challengeArguments(job);
    const forged = { ...(args.at(-1) as object), signers: 0n };
    await expect(job.as(bankOf(job)).challenge(...args.slice(0, -1), forged))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_PartsMismatch")
      .withArgs(job.id);
    const accounts = job.record.seatAccounts.toReversed();
    await expect(
      job.as(bankOf(job)).challenge(...args.slice(0, 6), accounts, ...args.slice(7)),
    ).to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_AccountsMismatch");
  });
});

describe("challenge", () => {
  it("takes the bond, fixes roster and beacon round, and keeps the window for others", async () => {
    const job = await proposed();
    const { stage } = job;
    await fund(job, bankOf(job));
    const end = job.record.deadline;
    const before = await stableOf(stage, bankOf(job));
    const sent = challenge(job, bankOf(job), kind.sum);
    await sent;
    expect(before - (await stableOf(stage, bankOf(job)))).to.equal(bondOf(job));
    const block = await ethers.provider.getBlockNumber();
    expect(job.record).to.include({ state: "Disputed", deadline: end + seatSeconds });
    expect(dispute(job)).to.include({ openUntil: end, beaconRound: BigInt(block + 1), panel: null });
    expect(dispute(job).roster).to.equal(await stage.committee.rosterHash());
    expect(dispute(job).challenges).to.deep.equal([
      { account: bankOf(job).address, kind: "sum", evidenceHash: challengeArguments(job)[2], bond: bondOf(job) },
    ]);
    const [state, deadline, hash] = await stage.jobs.jobOf(job.id);
    expect([state, Number(deadline), isHashOfParts(hash, job.record)]).to.deep.equal([6n, end + seatSeconds, true]);
    expect(await missingFrom(stage, [job])).to.equal(0n);
  });

  it("by an operator is paid by its account", async () => {
    const job = await proposed();
    await fund(job, bankOf(job));
    const [bank] = job.stage.banks;
    await chain.setBalance(String(bank?.operator.address), 10n ** 18n);
    await challenge(job, bank?.operator.connect(ethers.provider) as unknown as Signer);
    expect(dispute(job).challenges[0]?.account).to.equal(bankOf(job).address);
  });

  it("costs at least the market's least bond", async () => {
    const other = await proposed();
    const { stage } = other;
    const free = { base: 0n, performance: 0n, oracleFee: 3n, validationRoot: ethers.id("validation 2") };
    const job = new Job(stage, termsOf(stage, free));
    await job.toProposed();
    await fund(job, bankOf(job));
    await challenge(job, bankOf(job));
    expect((job.record.head.escrow * 500n) / 10_000n).to.be.lessThan(leastChallengeBond);
    expect(dispute(job).challenges[0]?.bond).to.equal(leastChallengeBond);
  });

  it("of others adds kinds and bonds until the window ends, sixteen in all", async () => {
    const job = await challenged();
    const { roster, beaconRound, openUntil } = dispute(job);
    await fund(job, bankOf(job, 1), 15n);
    for (let i = 1; i < 16; i++) await challenge(job, bankOf(job, 1), i % 5);
    expect(dispute(job)).to.include({ roster, beaconRound, openUntil });
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
    await expect(job.as(bankOf(job, 1)).challenge(...challengeArguments(job)))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooManyChallenges")
      .withArgs(job.id, 16);
    const late = await challenged();
    await fund(late, bankOf(late, 1));
    await late.waitUntilAfter(dispute(late).openUntil);
    await expect(late.as(bankOf(late, 1)).challenge(...challengeArguments(late)))
      .to.be.revertedWithCustomError(late.stage.jobs, "JobMarket_TooLate")
      .withArgs(late.id, dispute(late).openUntil);
  });

  it("is not stopped by a pause of new jobs", async () => {
    const job = await proposed();
    await fund(job, bankOf(job));
    await job.stage.jobs.pause();
    await challenge(job, bankOf(job));
    expect(job.record.state).to.equal("Disputed");
  });

  it("stops settlement", async () => {
    const job = await challenged();
    await job.waitUntilAfter(dispute(job).openUntil);
    await expect(job.as().settle(...job.settleArguments()))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_WrongState")
      .withArgs(job.id, 6, 5);
  });
});

describe("serveEvidence", () => {
  it("is for seats of the first committee, until the panel's seats are due", async () => {
    const job = await challenged();
    const { jobs } = job.stage;
    await expect(job.as(bankOf(job)).serveEvidence(...serveArguments(job)))
      .to.be.revertedWithCustomError(jobs, "JobMarket_NotSeat")
      .withArgs(job.id, bankOf(job));
    await serve(job, 2);
    expect([...dispute(job).served]).to.deep.equal([2]);
    await job.waitUntilAfter(dispute(job).openUntil + seatSeconds);
    await expect(job.as(job.seatOf(1).account).serveEvidence(...serveArguments(job)))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TooLate")
      .withArgs(job.id, dispute(job).openUntil + seatSeconds);
  });

  it("counts while the panel sits already, and not for a job that is not disputed", async () => {
    const job = await challenged();
    await seatSecond(job);
    await serve(job, 0);
    expect([...dispute(job).served]).to.deep.equal([0]);
    const quiet = await proposed();
    await expect(quiet.as(quiet.seatOf(1).account).serveEvidence(...serveArguments(quiet)))
      .to.be.revertedWithCustomError(quiet.stage.jobs, "JobMarket_WrongState")
      .withArgs(quiet.id, 5, 6);
  });
});
