import { partiesHash, proposalHash, roundsHash } from "../../../offchain/chain/partsHash.ts";
import { packAttestation } from "../../../offchain/chain/writes/attestation.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { concatBytes } from "../../../offchain/core/bytes.ts";
import { keccakHex } from "../../../offchain/core/hash.ts";
import type { Signer, TestChain } from "../chain.ts";
import { type Job, threeValues } from "./job.ts";
import { type Actor, leastChallengeBond, openStage, type Stage } from "./stage.ts";

/** By number, `IDisputeTypes.Ruling`. */
export const ruling = { undecided: 0, upheld: 1, overturned: 2, nothingValued: 3 } as const;
/** By number, `IJobTypes.ChallengeKind`. */
export const kind = { transcript: 0, sum: 1, valuation: 2, withheld: 3, equivocation: 4 } as const;

/** A stage whose roster has enough oracles for two committees: 5 and 7 more. */
export const openWide = (chain: TestChain): Promise<Stage> => openStage(chain, 3, {}, 12);

/** What another committee would have valued: the first bank earns nothing. */
export const otherValues = [0n, 0n, 40n, 40n, 60n, 60n, 100n, 100n].map((v) => v * 1_000_000n);

/** Arguments of `challenge`; the proposal's parts as the events tell them. */
export function challengeArguments(
  { record }: Job,
  which: number = kind.valuation,
  evidence: Hex = keccakHex(new Uint8Array()),
) {
  const { jobId, head, parties, committee, seatAccounts, rounds, proposal } = record;
  return [jobId, which, evidence, head, partiesHash(parties), committee, seatAccounts, roundsHash(rounds), proposal];
}

export async function challenge(job: Job, by: Signer, which: number = kind.valuation): Promise<void> {
  await job.apply("challenge", job.as(by).challenge(...challengeArguments(job, which)));
}

export function serveArguments({ record }: Job) {
  const { jobId, head, parties, committee, seatAccounts, rounds, proposal } = record;
  return [jobId, head, partiesHash(parties), committee, seatAccounts, roundsHash(rounds), proposal];
}

export async function serve(job: Job, seat: number): Promise<void> {
  await job.apply("serve", job.as(job.seatOf(seat).account).serveEvidence(...serveArguments(job)));
}

export async function seatSecondArguments(job: Job) {
  const { jobId, head, parties, committee, seatAccounts, rounds, proposal } = job.record;
  const parts = [jobId, head, parties, committee, seatAccounts, roundsHash(rounds), proposalHash(proposal)];
  return [...parts, await job.rosterOf(dispute(job).roster)];
}

/** Draws the second committee after the window for challenges; the beacon's value was recorded before it passed. */
export async function seatSecond(job: Job): Promise<void> {
  const { chain, beacon } = job.stage;
  await chain.mine(2);
  await beacon.record(dispute(job).beaconRound);
  await job.waitUntilAfter(dispute(job).openUntil);
  await job.apply("seatSecond", job.as().seatSecond(...(await seatSecondArguments(job))));
}

export function dispute(job: Job) {
  if (job.record.dispute === null) throw new Error("the job is not disputed");
  return job.record.dispute;
}

/** The panel as callers bring it: empty where none is seated. */
export function seatedPanel(job: Job) {
  return job.record.dispute?.panel ?? { accounts: [], operators: [] };
}

/** A seat of the panel says that it has a verdict. */
export async function readySecond(job: Job, seat: number): Promise<void> {
  const { account } = panelOf(job)[seat] as Actor;
  const digest = keccakHex(new Uint8Array([seat]));
  await job.apply("readySecond", job.as(account).readySecond(job.id, seatedPanel(job), digest));
}

/** Oracles of the panel, in seat order. */
export function panelOf(job: Job): Actor[] {
  const accounts = dispute(job).panel?.accounts ?? [];
  return accounts.map((account) => job.stage.oracles.find((o) => o.account.address === account) as Actor);
}

export function disputedJob(job: Job) {
  const { head, parties, committee, seatAccounts, rounds, proposal } = job.record;
  return { head, terms: job.terms, parties, committee, accounts: seatAccounts, rounds, proposal, groups: job.groups() };
}

const nothing = { termsHash: `0x${"00".repeat(32)}`, utilityStart: 0n, utilityEnd: 0n, scoreTotal: 0n };

/** A verdict, and the words that come with it. Overturned: an exact valuation of `values`. */
export function verdictOf(job: Job, rule: number, values: readonly bigint[] = otherValues, fields: object = {}) {
  const { result, words } = job.result(values, fields);
  const named = proposalHash(job.record.proposal);
  if (rule === ruling.overturned) return { verdict: { proposalHash: named, ruling: rule, result }, words };
  const zero = Object.fromEntries(Object.entries(result).map(([name, value]) => [name, zeroOf(value)]));
  const empty = { ...zero, ...nothing, jobId: job.id };
  return { verdict: { proposalHash: named, ruling: rule, result: empty }, words: new Uint8Array() };
}

function zeroOf(value: unknown): unknown {
  if (typeof value === "string") return `0x${"00".repeat(32)}`;
  return typeof value === "bigint" ? 0n : 0;
}

/** An overturning verdict whose scores the panel attests, in 1e-9 nat. */
export function projectedVerdict(job: Job, scores: readonly bigint[], fields: object = {}) {
  const total = scores.reduce((a, b) => a + b, 0n);
  const words = concatBytes(...scores.map(int64));
  const named = {
    kind: 1,
    utilityEnd: -500_000_000n + total,
    scoreTotal: total,
    wordsHash: keccakHex(words),
    ...fields,
  };
  const { result } = job.result(threeValues, named);
  return { verdict: { proposalHash: proposalHash(job.record.proposal), ruling: ruling.overturned, result }, words };
}

function int64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value);
  return bytes;
}

export interface Stated {
  readonly verdict: { readonly proposalHash: string; readonly ruling: number; readonly result: object };
  readonly words: Uint8Array;
}

export async function resolveArguments(
  job: Job,
  { verdict, words }: Stated,
  seats: readonly number[] = majorityOf(job),
) {
  const panel = panelOf(job);
  const signed = seats.map(
    async (seat) => [seat, await job.sign((panel[seat] as Actor).operator, "Verdict", verdict)] as const,
  );
  const attestation = packAttestation(new Map(await Promise.all(signed)));
  return [job.id, disputedJob(job), dispute(job).panel, verdict, words, attestation];
}

export function majorityOf(job: Job): number[] {
  const seats = panelOf(job).length;
  return Array.from({ length: Math.max(Math.floor(seats / 2) + 1, job.terms.m) }, (_, seat) => seat);
}

export async function resolve(job: Job, stated: Stated, seats?: readonly number[]): Promise<void> {
  await job.apply("resolve", job.as().resolve(...(await resolveArguments(job, stated, seats))));
}

export async function adjudicate(job: Job, { verdict, words }: Stated, by: Signer): Promise<void> {
  await job.apply("adjudicate", job.as(by).adjudicate(job.id, disputedJob(job), seatedPanel(job), verdict, words));
}

export async function closeDispute(job: Job): Promise<void> {
  await job.apply("closeDispute", job.as(job.stage.stranger).closeDispute(job.id, disputedJob(job), seatedPanel(job)));
}

/** Stable minor units of one challenge. */
export function bondOf({ record }: Job): bigint {
  const part = (record.head.escrow * 500n) / 10_000n;
  return part > leastChallengeBond ? part : leastChallengeBond;
}

/** Gives an account stable tokens for so many challenges of the job, inside the market. */
export async function fundBond(job: Job, account: Signer, bonds = 1n): Promise<void> {
  const { stable, jobs } = job.stage;
  const amount = bonds * bondOf(job);
  await job.stage.fund(account, amount);
  await stable.connect(account).approve(jobs, amount);
  await jobs.connect(account).deposit(amount);
}

/** A proposed job that a bank challenged. */
export async function toChallenged(job: Job, which: number = kind.valuation): Promise<void> {
  await job.toProposed();
  await fundBond(job, job.stage.banks[0]?.account as Signer);
  await challenge(job, job.stage.banks[0]?.account as Signer, which);
}

export async function toPanel(job: Job, which?: number): Promise<void> {
  await toChallenged(job, which);
  await seatSecond(job);
}
