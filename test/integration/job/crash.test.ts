import { expect } from "chai";
import type { JobRecord } from "../../../offchain/chain/jobRecord.ts";
import { getCredit } from "../../../offchain/chain/reads/balances.ts";
import { finishReasons } from "../../../offchain/protocol/chainStructs.ts";
import { farshore } from "../../../scripts/demo/processes.ts";
import { jobOf, type Marketplace, openMarketplace, passTimeTo, until, writeRequest } from "./marketplace.ts";

// Loaded machines are slow; what is waited for comes in seconds.
const patient = 150_000;
// From a round's deadline on, until a committee whose bank is gone must have ended training: nodes on a loaded machine need a while.
const graceSeconds = 30;
const oracles = [1, 2, 3, 4, 5].map((number) => `oracle-${number}`);

describe("a job in which processes are killed with kill -9", () => {
  let m: Marketplace;
  before(async function () {
    this.timeout(patient);
    m = await openMarketplace({ parameters: { grace: graceSeconds } });
  });
  after(() => m?.stop());

  const certified = (jobId: string, rounds: number) =>
    until(
      () => jobOf(m, jobId),
      (job) => (job.rounds?.certified ?? 0) >= rounds || job.closing !== null,
      patient,
    );
  const closed = (jobId: string) =>
    until(
      () => jobOf(m, jobId),
      (job) => job.closing !== null,
      patient,
    );
  async function killAndRestart(name: string): Promise<void> {
    await m.killNode(name);
    await m.startNode(name);
  }

  it("settles when a bank's node dies in the middle and comes back", async function () {
    this.timeout(patient);
    const { jobId } = await m.post(writeRequest(m, "kill-bank"));
    await certified(jobId, 2);
    await killAndRestart("bank-2");
    await expectSettledWhole(await closed(jobId));
  });

  it("settles when every oracle dies once, one after another, each in another round", async function () {
    this.timeout(2 * patient);
    const { jobId } = await m.post(writeRequest(m, "kill-oracles"));
    for (const seat of [0, 1, 2, 3, 4]) {
      await certified(jobId, seat);
      await killAndRestart(`oracle-${seat + 1}`);
    }
    await expectSettledWhole(await closed(jobId));
  });

  it("settles once when all oracles die at the same time, when the last round is trained and again before the payment", async function () {
    this.timeout(2 * patient);
    const deadlines = { startSeconds: 120, roundSeconds: 60, proposeSeconds: 60, challengeSeconds: 5 };
    const { jobId } = await m.post(writeRequest(m, "kill-committee", { deadlines }));
    for (const states of [["Finished", "Proposed"], ["Proposed"]]) {
      const found = await until(
        () => jobOf(m, jobId),
        (job) => states.includes(job.state) || job.closing !== null,
        patient,
      );
      expect(states).to.include(found.state);
      for (const oracle of oracles) await m.killNode(oracle);
      for (const oracle of oracles) await m.startNode(oracle);
    }
    await expectSettledWhole(await closed(jobId));
  });

  it("settles when the buyer dies right after posting and the same command is run again", async function () {
    this.timeout(patient);
    const path = writeRequest(m, "kill-buyer");
    const { jobId, buyer } = await m.post(path);
    buyer.kill("SIGKILL");
    const again = await farshore(m.party("buyer").home, "job", "post", path, "--follow");
    expect(again.job).to.equal(jobId);
    await expectSettledWhole(await closed(jobId));
  });

  it("refunds a buyer who never brings the rows", async function () {
    this.timeout(2 * patient);
    const { jobId, buyer } = await m.post(writeRequest(m, "buyer-gone"));
    buyer.kill("SIGKILL");
    const { deadline, seatAccounts } = await until(
      () => jobOf(m, jobId),
      ({ state }) => state === "Running",
      patient,
    );
    // In the last quarter of the round every seat says that it is there.
    await passTimeTo(m, deadline - 10);
    await until(
      () => jobOf(m, jobId),
      ({ ready }) => ready.size === seatAccounts.length,
      patient,
    );
    await passTimeTo(m, deadline + graceSeconds + 1);
    await expectRefunded(await closed(jobId));
  });

  it("pays the rounds that were trained when a bank dies for good", async function () {
    this.timeout(2 * patient);
    const { jobId } = await m.post(writeRequest(m, "bank-gone"));
    await certified(jobId, 2);
    await m.killNode("bank-3");
    // What it had sent before may still be certified: then another deadline counts.
    const shortened = await until(
      async () => {
        const job = await jobOf(m, jobId);
        if (job.state === "Running") await passTimeTo(m, job.deadline + 1);
        return job;
      },
      (job) => job.closing !== null,
      patient,
    );
    await m.startNode("bank-3");
    await expectSettledByRounds(shortened);
  });

  /** Settled once, all rounds trained, and the money of the whole market adds up to the unit. */
  async function expectSettledWhole(job: JobRecord): Promise<void> {
    expect(job.state).to.equal("Settled");
    expect(job.steps.filter((s) => s.step === "settle")).to.have.length(1);
    expect(job.certified.map((c) => c.set.round)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    await expectMoneyConserved(job);
  }

  async function expectSettledByRounds(job: JobRecord): Promise<void> {
    expect(job.state).to.equal("Settled");
    expect(finishReasons[job.rounds?.reason ?? 0]).to.equal("absent");
    const { completed } = job.rounds ?? { completed: 0 };
    expect(completed).to.be.within(2, job.terms.rounds - 1);
    const [asset] = job.terms.assets;
    const price = ((asset?.price ?? 0n) * BigInt(completed)) / BigInt(job.terms.rounds);
    const base = (job.terms.base * BigInt(completed)) / BigInt(job.terms.rounds);
    job.terms.assets.forEach((_, i) => {
      expect(job.closing?.credits[i]).to.equal((job.proposal?.amounts[i] ?? 0n) + price);
    });
    const amounts = (job.proposal?.amounts ?? []).reduce((sum, a) => sum + a, 0n);
    expect(amounts >= base && amounts <= base + job.terms.performance).to.equal(true);
    await expectMoneyConserved(job);
  }

  /** Failed before its first round: everything comes back but the deposit, and nobody is paid. */
  async function expectRefunded(job: JobRecord): Promise<void> {
    expect(job.state).to.equal("Failed");
    expect(job.certified).to.deep.equal([]);
    expect(job.closing?.treasury).to.equal(await m.session.chain.call("JobMarket", "jobDeposit", []));
    expect((job.closing?.credits ?? []).every((c) => c === 0n)).to.equal(true);
    await expectMoneyConserved(job);
  }

  async function expectMoneyConserved({ terms, closing }: JobRecord): Promise<void> {
    const { chain } = m.session;
    const deposit = await chain.call("JobMarket", "jobDeposit", []);
    const prices = terms.assets.reduce((sum, a) => sum + a.price, 0n);
    const reserved = terms.base + terms.performance + terms.oracleFee + prices + deposit;
    const credits = (closing?.credits ?? []).reduce((sum, c) => sum + c, 0n);
    expect(credits + (closing?.refunded ?? 0n) + (closing?.treasury ?? 0n)).to.equal(reserved);
    const holders = new Set([...m.parties.map((p) => p.account), await chain.call("JobMarket", "treasury", [])]);
    const balances = await Promise.all([...holders].map((account) => getCredit(chain, account)));
    const held = await chain.call("StableToken", "balanceOf", [chain.address("JobMarket")]);
    expect(balances.reduce((sum, c) => sum + c.stable, 0n)).to.equal(held);
  }
});
