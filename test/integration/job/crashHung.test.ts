import { expect } from "chai";
import type { JobRecord } from "../../../offchain/chain/jobRecord.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import type { NodeProcess } from "../../../scripts/demo/processes.ts";
import { jobOf, type Marketplace, openMarketplace, until, writeRequest } from "./marketplace.ts";

const patient = 150_000;
// The beacon waits so long for whoever said that it would reveal, by the rules (deploy/parameters/embedded.json).
const revealSeconds = 10;
// Beside that and what a whole committee takes: a call that waited for its time-out at every step would need minutes (ms).
const allowance = 12_000;

/** A job from posting to closed, and how long each round took (ms). */
interface Run {
  readonly job: JobRecord;
  readonly ms: number;
  readonly rounds: readonly number[];
  readonly said: string;
}

describe("a job of five oracles while one does not answer", () => {
  let m: Marketplace;
  let usual: Run;
  before(async function () {
    this.timeout(2 * patient);
    m = await openMarketplace();
    usual = await run("usual");
  });
  after(() => m?.stop());

  async function run(name: string, onStart: (jobId: Hex) => Promise<void> = async () => undefined): Promise<Run> {
    const begun = Date.now();
    const { jobId, buyer } = await m.post(writeRequest(m, name));
    let said = "";
    buyer.stderr?.on("data", (chunk) => {
      said += chunk;
    });
    await onStart(jobId);
    const at: number[] = [];
    const job = await until(
      () => jobOf(m, jobId),
      ({ certified, closing }) => {
        while (at.length < certified.length) at.push(Date.now());
        return closing !== null;
      },
      patient,
    );
    const rounds = at.slice(1).map((time, i) => time - (at[i] as number));
    const ms = Date.now() - begun;
    process.stdout.write(`      ${name}: ${ms} ms, rounds ${rounds.join(" ")} ms\n`);
    return { job, ms, rounds, said };
  }

  function expectLikeUsual({ job, ms, rounds }: Run): void {
    expect(job.state).to.equal("Settled");
    expect(job.certified).to.have.length(job.terms.rounds);
    expect(ms).to.be.lessThan(usual.ms + 1000 * revealSeconds + allowance);
    const median = (times: readonly number[]) => [...times].sort((a, b) => a - b)[times.length >> 1] as number;
    expect(median(rounds)).to.be.lessThan(median(usual.rounds) + 1500);
  }

  for (const oracle of ["oracle-2", "oracle-4"]) {
    it(`settles in about the usual time with ${oracle} stopped all the while (kill -STOP)`, async function () {
      this.timeout(patient);
      const hung = m.nodes.get(oracle) as NodeProcess;
      hung.kill("SIGSTOP");
      try {
        const stopped = await run(`without-${oracle}`);
        expectLikeUsual(stopped);
        const rows = stopped.said.split("\n").filter((line) => line.includes("validation rows"));
        expect(rows.length, "lines on the validation rows").to.be.within(1, 4);
        expect(rows.at(-1)).to.include("4 of 5");
      } finally {
        hung.kill("SIGCONT");
      }
    });
  }

  it("settles in about the usual time when an oracle dies for good before the first round", async function () {
    this.timeout(patient);
    const dead = await run("dead", async (jobId) => {
      await until(
        () => jobOf(m, jobId),
        ({ state }) => state === "Running",
        patient,
      );
      await m.killNode("oracle-5");
    });
    expectLikeUsual(dead);
  });
});
