import { spawn } from "node:child_process";
import { join } from "node:path";
import hre from "hardhat";
import { connect } from "../../test/contracts/chain.ts";
import type { Job } from "../../test/contracts/market/job.ts";
import { jobGas, settledJobs, steps, warmUp } from "../../test/contracts/market/jobGas.ts";
import type { Figure } from "../bench.ts";
import { figure } from "./measure.ts";

/** Round 0 takes the moments of the columns; eight Newton rounds follow. */
const rounds = 9;

/** The demo's job with 8 Newton rounds and no early stop, and the gas of a job on a market in use, by receipts on Berlin. */
export async function jobFigures(): Promise<readonly Figure[]> {
  await hre.tasks.getTask("build").run({ quiet: true });
  return [...(await timeFigures()), ...(await gasFigures())];
}

async function timeFigures(): Promise<Figure[]> {
  const begun = performance.now();
  await demo(["--json"]);
  const wall = (performance.now() - begun) / 1000;
  const newton = ["--rounds", String(rounds), "--plateau", "0", "--json"];
  const { job, certified } = await demo([...newton, "--aggregation", "shares"]);
  const first = certified[0] as number;
  const last = certified.at(-1) as number;
  return [
    figure("job, post to audited, 8 Newton rounds, shares", job.seconds, "s", 10),
    figure("whole demo, shares and clear side by side", wall, "s", 30),
    figure("warm round, all parties on this machine", (last - first) / (certified.length - 1), "s", 0.5),
    figure("demo's job with its certified rounds", job.gas.withRounds, "gas", null),
  ];
}

async function gasFigures(): Promise<Figure[]> {
  const chain = await connect();
  const jobs = await settledJobs(chain, warmUp + 8);
  const first = jobGas(jobs.slice(0, 1));
  const steady = jobGas(jobs.slice(warmUp));
  const money = await moneyGas(jobs[0] as Job);
  return [
    figure("job without rounds, steady state", steady.total, "gas", 750_000),
    ...steps.map((step) => figure(`  ${step}`, steady.byStep[step] as number, "gas", null)),
    figure("certify, per round", steady.certify, "gas", 60_000),
    figure("job without rounds, the first ever", first.total, "gas", null),
    figure("deposit, steady state", money.deposit, "gas", null),
    figure("withdraw with mint, steady state", money.withdraw, "gas", null),
  ];
}

/** A deposit of the buyer's and a bank's withdrawal of both tokens, each the second of its kind. */
async function moneyGas({ stage }: Job): Promise<{ deposit: number; withdraw: number }> {
  const { jobs, buyer, banks } = stage;
  const bank = banks[0]?.account;
  const used = async (sent: Promise<{ wait(): Promise<{ gasUsed: bigint }> }>) =>
    Number((await (await sent).wait()).gasUsed);
  const deposit = () => used(jobs.connect(buyer.account).deposit(1_000_000n));
  const withdraw = () => used(jobs.connect(bank).withdraw(1_000_000n, 10n ** 18n));
  await deposit();
  await withdraw();
  return { deposit: await deposit(), withdraw: await withdraw() };
}

interface JobSummary {
  readonly seconds: number;
  readonly gas: { readonly withRounds: number };
}

/** Runs the demo; its first job with the seconds at which each round of it was seen certified. */
function demo(args: readonly string[]): Promise<{ job: JobSummary; certified: readonly number[] }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "..", "demo.ts"), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.once("close", (code) => {
      if (code !== 0) return reject(new Error(`the demo ended with ${code}:\n${out}`));
      const seen = [...out.matchAll(/^\[([\d.]+) s\] shares +Running, ([1-9]\d*) of/gm)];
      resolve({
        job: (JSON.parse(out.trim().split("\n").at(-1) ?? "{}") as { jobs: JobSummary[] }).jobs[0] as JobSummary,
        certified: seen.map(([, seconds]) => Number(seconds)),
      });
    });
  });
}
