import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { answers } from "../../../scripts/chain/embedded.ts";
import { isRunning } from "../job/program.ts";
import { temporary } from "../temporary.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const credit = join(process.env.FARSHORE_DATA ?? join(root, "..", "shared", "data"), "default_credit");
const patient = 240_000;

interface Contributor {
  readonly name: string;
  readonly share: number;
  readonly stable: string;
  readonly incentive: string;
}

interface JobSummary {
  readonly aggregation: string;
  readonly valuation: string;
  readonly state: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly auc: number;
  readonly ks: number;
  readonly coefficientsMaxDiff: number;
  readonly contributors: Contributor[];
  readonly gas: Record<string, number>;
  readonly usageProofs: string[];
  readonly audit: { readonly passed: number; readonly failed: number };
}

/** The summary of `npm run demo -- --json`, as its users were promised it. */
interface Summary {
  readonly jobs: readonly JobSummary[];
  readonly auc: { readonly alone: number[]; readonly pooled: number };
  readonly ks: { readonly alone: number[]; readonly pooled: number };
}

function demo(...args: string[]): { child: ChildProcess; ended: Promise<{ code: number | null; lines: string[] }> } {
  const child = spawn(process.execPath, [join(root, "scripts", "demo.ts"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: temporary },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      said += chunk;
    });
  }
  const ended = new Promise<{ code: number | null; lines: string[] }>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => setImmediate(() => resolve({ code, lines: said.trim().split("\n") })));
  });
  return { child, ended };
}

/** Both jobs are whole, and give the same model and nearly the same shares. */
function expectBoth({ jobs, auc }: Summary, rounds: number): void {
  expect(jobs.map(({ aggregation, valuation }) => `${aggregation} ${valuation}`)).to.deep.equal([
    "shares projected",
    "clear exact",
  ]);
  for (const job of jobs) expectWhole(job, rounds, auc.pooled);
  const [shares, clear] = jobs as [JobSummary, JobSummary];
  expect(shares.coefficientsMaxDiff).to.be.closeTo(clear.coefficientsMaxDiff, 1e-9);
  shares.contributors.forEach(({ share }, i) => {
    // Projected scores are the exact ones where the utility is quadratic along the path: on this portfolio within a hundredth and a bit.
    expect(share).to.be.closeTo(clear.contributors[i]?.share ?? 0, 0.02);
  });
}

function expectWhole(summary: JobSummary, rounds: number, pooled: number): void {
  expect(summary.state).to.equal("Settled");
  expect(summary.rounds).to.be.within(3, rounds);
  expect(summary.coefficientsMaxDiff).to.be.at.most(1e-3);
  expect(Math.abs(summary.auc - pooled)).to.be.at.most(1e-4);
  expect(summary.contributors.reduce((sum, { share }) => sum + share, 0)).to.be.closeTo(1, 1e-8);
  for (const { stable, incentive } of summary.contributors) {
    expect(Number(stable)).to.be.greaterThan(100);
    expect(Number(incentive)).to.be.greaterThan(0);
  }
  const { total, withRounds, certify, ...steps } = summary.gas;
  expect(Object.keys(steps)).to.deep.equal(["post", "start", "seat", "finish", "propose", "settle"]);
  expect(Object.values(steps).reduce((sum, used) => sum + used, 0)).to.equal(total);
  expect(withRounds).to.be.closeTo((total as number) + (certify as number) * summary.rounds, summary.rounds);
  expect(summary.usageProofs).to.have.length(3);
  expect(summary.audit.failed).to.equal(0);
  expect(summary.audit.passed).to.be.at.least(15);
}

describe("npm run demo", function () {
  this.timeout(patient);

  it("lets a federation beat every bank alone, and with --keep leaves a chain and nodes that go on and can be stopped", async () => {
    const { code, lines } = await demo("--json", "--keep").ended;
    expect(code, lines.join("\n")).to.equal(0);
    const summary = JSON.parse(lines.at(-1) as string) as Summary;
    const left = lines.at(-2)?.match(/\d+/g)?.map(Number) ?? [];
    const [, rpcUrl = "", folder = ""] = /chain at (\S+), nodes in (\S+);/.exec(lines.at(-3) as string) ?? [];
    try {
      expectBoth(summary, 9);
      expect(summary.jobs[0]?.auc).to.be.greaterThan(Math.max(...summary.auc.alone) + 0.02);
      expect(left).to.have.length(9);
      expect(left.every(isRunning)).to.equal(true);
      expect(await answers(rpcUrl)).to.equal(true);
    } finally {
      for (const pid of left) process.kill(pid, "SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("stops what it started and removes its folder when it is interrupted", async () => {
    const { child, ended } = demo();
    const folder = await new Promise<string>((resolve) =>
      child.stdout?.on("data", (chunk) => {
        const found = /Farshore demo in (\S+)/.exec(String(chunk));
        if (found?.[1] !== undefined) resolve(found[1]);
      }),
    );
    expect(existsSync(folder)).to.equal(true);
    child.kill("SIGTERM");
    expect((await ended).code).to.equal(130);
    expect(existsSync(folder)).to.equal(false);
  });

  it("refuses wrong options with the one that is wrong, and data that is not there with what it wants", async () => {
    const rounds = await demo("--rounds", "none").ended;
    expect([rounds.code, rounds.lines[0]]).to.deep.equal([2, '--rounds: expected a number from 2 to 64, found "none"']);
    const data = await demo("--data", join(root, "no-such-folder")).ended;
    expect(data.code).to.equal(1);
    expect(data.lines.join("\n")).to.include("error demo/bad-data").and.to.include("what to do: name a folder");
  });

  it("reaches the pooled optimum of real credit data in eight rounds, on files that it is given", async function () {
    if (!existsSync(credit)) {
      process.stdout.write(`      needs ${credit}\n`);
      this.skip();
    }
    const { code, lines } = await demo("--json", "--data", credit).ended;
    expect(code, lines.join("\n")).to.equal(0);
    const summary = JSON.parse(lines.at(-1) as string) as Summary;
    expectBoth(summary, 8);
    for (const { auc, ks } of summary.jobs) {
      expect(auc).to.be.closeTo(0.72969, 1e-4);
      expect(ks).to.be.closeTo(0.385521, 1e-3);
    }
  });
});
