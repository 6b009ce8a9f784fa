import type { TestChain } from "../chain.ts";
import { Job, termsOf } from "./job.ts";
import { openStage } from "./stage.ts";

/** Steps of a job without its rounds. */
export const steps = ["post", "start", "seat", "finish", "propose", "settle"] as const;

/** Jobs until accounts hold balances and the ledger has leaves. */
export const warmUp = 4;
const measured = 8;

/** Jobs that were settled one after another on one market, the first of its life included. */
export async function settledJobs(
  chain: TestChain,
  count: number,
  valued: Valued = "exact",
  contributors = 3,
): Promise<Job[]> {
  const stage = await openStage(chain, contributors);
  const { values, scores } = valuations(contributors);
  const aggregation = valued === "exact" ? 0 : 1;
  const jobs: Job[] = [];
  for (let i = 0; i < count; i++) {
    const job = new Job(stage, termsOf(stage, { aggregation, validationRoot: chain.ethers.id(`validation ${i}`) }));
    await job.toFinished();
    await (valued === "exact" ? job.propose(values) : job.proposeProjected(scores));
    await job.settle();
    jobs.push(job);
  }
  return jobs;
}

/** For more than three contributors: scores of which each is larger, and the table of all coalitions that they add up to. */
function valuations(contributors: number): { values?: bigint[]; scores?: bigint[] } {
  if (contributors === 3) return {};
  const scores = Array.from({ length: contributors }, (_, i) => BigInt(5_000_000 + 1_000_003 * i));
  const value = (mask: number) => scores.reduce((sum, score, i) => ((mask >> i) & 1 ? sum + score : sum), 0n);
  return { values: Array.from({ length: 2 ** contributors }, (_, mask) => value(mask)), scores };
}

/** Scores from the table of all coalitions, or from words of the seats. */
export type Valued = "exact" | "projected";

/** Jobs on a market in use: accounts hold balances, the ledger has leaves. */
export async function steadyJobs(chain: TestChain, valued: Valued = "exact"): Promise<Job[]> {
  return (await settledJobs(chain, warmUp + measured, valued)).slice(warmUp);
}

/** Mean gas of each step, of the whole job without rounds, and of one certified round, by receipts. */
export function jobGas(jobs: readonly Job[]) {
  const mean = (step: string) => jobs.reduce((sum, job) => sum + (job.gas.get(step) ?? 0), 0) / jobs.length;
  const rounds = jobs[0]?.terms.rounds ?? 1;
  const byStep = Object.fromEntries(steps.map((step) => [step, Math.round(mean(step))]));
  const total = Math.round(steps.reduce((sum, step) => sum + mean(step), 0));
  return { byStep, total, certify: Math.round(mean("certify") / rounds) };
}
