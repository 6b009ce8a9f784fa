import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { getCredit } from "../../../offchain/chain/reads/balances.ts";
import { farshore } from "../../../scripts/demo/processes.ts";
import { jobOf, type Marketplace, openMarketplace, until, writeRequest } from "./marketplace.ts";

const entry = join(import.meta.dirname, "..", "..", "..", "offchain", "cli", "farshore.js");

describe("a job in which a process is killed with kill -9", () => {
  let m: Marketplace;
  before(async function () {
    this.timeout(120_000);
    m = await openMarketplace();
  });
  after(() => m?.stop());

  /** Posts a job with the buyer's process in the background; resolves to the job's id and that process. */
  async function post(name: string): Promise<{ jobId: string; buyer: ChildProcess; path: string }> {
    const path = writeRequest(m, name);
    const home = m.party("buyer").home;
    const buyer = spawn(process.execPath, [entry, "--home", home, "job", "post", path, "--follow"], { cwd: home });
    const jobId = await new Promise<string>((resolve, reject) => {
      buyer.stderr?.on("data", (chunk) => {
        const found = /posted (0x[0-9a-f]{64})/.exec(String(chunk));
        if (found?.[1] !== undefined) resolve(found[1]);
      });
      buyer.once("exit", () => reject(new Error("the buyer ended before it posted")));
    });
    return { jobId, buyer, path };
  }

  const certified = (jobId: string, rounds: number) =>
    until(
      () => jobOf(m, jobId),
      (job) => (job.rounds?.certified ?? 0) >= rounds || job.closing !== null,
    );
  const closed = (jobId: string) =>
    until(
      () => jobOf(m, jobId),
      (job) => job.closing !== null,
      90_000,
    );

  async function killAndRestart(name: string): Promise<void> {
    m.nodes.get(name)?.kill("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await m.startNode(name);
  }

  /** Settled, and the money of the whole market adds up to the unit. */
  async function expectSettledOnce(jobId: string): Promise<void> {
    const job = await closed(jobId);
    expect(job.state).to.equal("Settled");
    expect(job.steps.filter((s) => s.step === "settle")).to.have.length(1);
    expect(job.certified.map((c) => c.set.round)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    const { terms, closing } = job;
    const deposit = await m.session.chain.call("JobMarket", "jobDeposit", []);
    const reserved =
      terms.base + terms.performance + terms.oracleFee + terms.assets.reduce((s, a) => s + a.price, 0n) + deposit;
    const paid =
      (closing?.credits ?? []).reduce((s, c) => s + c, 0n) + (closing?.refunded ?? 0n) + (closing?.treasury ?? 0n);
    expect(paid).to.equal(reserved);
    const holders = new Set([...m.parties.map((p) => p.account), await treasury(m)]);
    const credits = await Promise.all([...holders].map((account) => getCredit(m.session.chain, account)));
    const held = await m.session.chain.call("StableToken", "balanceOf", [m.session.chain.address("JobMarket")]);
    expect(credits.reduce((s, c) => s + c.stable, 0n)).to.equal(held);
  }

  it("settles when a bank's node dies in the middle", async function () {
    this.timeout(150_000);
    const { jobId } = await post("kill-bank");
    await certified(jobId, 2);
    await killAndRestart("bank-2");
    await expectSettledOnce(jobId);
  });

  it("settles when an oracle dies in the middle, whichever it is", async function () {
    this.timeout(300_000);
    for (const oracle of ["oracle-1", "oracle-4"]) {
      const { jobId } = await post(`kill-${oracle}`);
      await certified(jobId, 1);
      await killAndRestart(oracle);
      await expectSettledOnce(jobId);
    }
  });

  it("settles when the process that posts dies right after posting and is started again", async function () {
    this.timeout(150_000);
    const { jobId, buyer, path } = await post("kill-buyer");
    buyer.kill("SIGKILL");
    const again = await farshore(m.party("buyer").home, "job", "post", path, "--follow");
    expect(again.job).to.equal(jobId);
    await expectSettledOnce(jobId);
  });
});

async function treasury(m: Marketplace): Promise<`0x${string}`> {
  return m.session.chain.call("JobMarket", "treasury", []);
}
