import type { Signer } from "../chain.ts";
import type { Job } from "./job.ts";
import { jobDeposit, type Stage } from "./stage.ts";

/** Credits inside the market; seats in the committee's order, or oracles in the stage's before a job is seated. */
export interface Credits {
  readonly buyer: bigint;
  readonly banks: readonly bigint[];
  readonly seats: readonly bigint[];
  readonly treasury: bigint;
}

/** Stable credit of an account, minor units. */
export async function stableOf({ jobs }: Stage, account: Signer): Promise<bigint> {
  return (await jobs.creditOf(account)).stable;
}

/** Incentive credit of an account, 18 decimals. */
export async function incentiveOf({ jobs }: Stage, account: Signer): Promise<bigint> {
  return (await jobs.creditOf(account)).incentive;
}

/** Stable credits of all parties of a job. */
export async function creditsOf(job: Job): Promise<Credits> {
  const { stage, record } = job;
  const seats = record.committee === null ? stage.oracles : record.seatAccounts.map((_, seat) => job.seatOf(seat));
  const all = (accounts: readonly { account: Signer }[]) =>
    Promise.all(accounts.map(({ account }) => stableOf(stage, account)));
  const [buyer, treasury] = [await stableOf(stage, stage.buyer.account), await stableOf(stage, stage.treasury)];
  return { buyer, treasury, banks: await all(stage.banks), seats: await all(seats) };
}

/** By how much a step of the job changes the stable credits of its parties. */
export async function changesBy(job: Job, step: () => Promise<unknown>): Promise<Credits> {
  const before = await creditsOf(job);
  await step();
  const after = await creditsOf(job);
  const less = (a: readonly bigint[], b: readonly bigint[]) => a.map((value, i) => value - (b[i] as bigint));
  return {
    buyer: after.buyer - before.buyer,
    treasury: after.treasury - before.treasury,
    banks: less(after.banks, before.banks),
    seats: less(after.seats, before.seats),
  };
}

/** Stable minor units that the market holds of a job, by its state: amounts and deposit until it is closed, an evaluator's bond
 *  once started, those of seats once seated, those of challengers while a dispute is open. */
export function heldOf({ record }: Job): bigint {
  if (record.closing !== null) return 0n;
  const { committee, head } = record;
  const bonds = committee === null ? 0n : committee.seatBond * BigInt(head.k);
  const evaluated = record.parties !== null && !/^0x0+$/.test(record.terms.evaluator);
  const challenged = sum((record.dispute?.challenges ?? []).map(({ bond }) => bond));
  return head.escrow + jobDeposit + bonds + (evaluated ? jobDeposit : 0n) + challenged;
}

/** Stable credits of everybody on the stage together. */
export async function allCredits(stage: Stage): Promise<bigint> {
  const { evaluator } = stage;
  const all = [stage.buyer, ...stage.banks, ...stage.oracles, ...(evaluator === undefined ? [] : [evaluator])];
  const parties = all.map(({ account }) => account);
  const credits = await Promise.all([...parties, stage.treasury].map((account) => stableOf(stage, account)));
  return sum(credits);
}

/** The market's invariant: its stable tokens = all credits + what the jobs hold. Returns what is missing, 0 when it holds. */
export async function missingFrom(stage: Stage, jobs: readonly Job[]): Promise<bigint> {
  const owed = (await allCredits(stage)) + sum(jobs.map(heldOf));
  return owed - ((await stage.stable.balanceOf(stage.jobs)) as bigint);
}

/** Sum of amounts of one unit. */
export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
