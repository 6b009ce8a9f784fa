import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { JobResult, JobState, JobTerms, RoundSet } from "../protocol/chainStructs.ts";
import { type Dispute, type DisputeLog, disputeAfter, isDisputeLog } from "./dispute.ts";
import type { JobLog } from "./jobLogs.ts";
import { kinOf } from "./kin.ts";
import { unpackParties, unpackProposal, unpackRounds } from "./packedParts.ts";
import { unpackResult } from "./packedResult.ts";
import { unpackTerms } from "./packedTerms.ts";
import { fieldsOf } from "./packedWord.ts";
import type { Committee, Head, JobParts, Rounds } from "./parts.ts";
import { noPart } from "./partsHash.ts";

// A job as its events tell it. Pure: `applyLog` over the logs in the chain's order rebuilds everything but gas.

/** One transaction that moved the job. `step`: post, start, seat, certify, finish, propose, settle, cancel, expire, fail, and those of a dispute. */
export interface JobStep {
  readonly step: string;
  readonly transactionHash: Hex;
  readonly blockNumber: bigint;
}

export interface CertifiedRound {
  readonly set: RoundSet;
  readonly digest: Hex;
  readonly signers: bigint;
}

/** How the job ended. Amounts in stable minor units, incentives with 18 decimals; credits as in the event: contributors, then seats. */
export interface JobClosing {
  readonly outcome: "Settled" | "Failed" | "Cancelled";
  readonly credits: readonly bigint[];
  readonly incentives: readonly bigint[];
  readonly refunded: bigint;
  readonly treasury: bigint;
  readonly firstProof: bigint | null;
}

export interface JobRecord extends JobParts {
  readonly jobId: Hex;
  readonly buyer: Address;
  readonly terms: JobTerms;
  readonly termsHash: Hex;
  readonly state: JobState;
  /** Seconds since 1970; what the newest event of the job set. */
  readonly deadline: number;
  /** Accounts of the seats, in seat order: the preimage of `committee.accounts`; empty before `seat`. */
  readonly seatAccounts: readonly Address[];
  readonly certified: readonly CertifiedRound[];
  /** Bitmap of the seats that signed `finish`; null before. */
  readonly finishSigners: bigint | null;
  readonly result: JobResult | null;
  readonly closing: JobClosing | null;
  /** Null unless the proposal was challenged. */
  readonly dispute: Dispute | null;
  /** Digest that each seat posted with `ready` for the step that is due (or was, when the job was closed), by seat. */
  readonly ready: ReadonlyMap<number, Hex>;
  readonly steps: readonly JobStep[];
}

/** The record after one more log of its job; `record` is undefined for `JobPosted`. Throws `chain/log-without-job`. */
export function applyLog(record: JobRecord | undefined, log: JobLog): JobRecord {
  if (log.eventName === "JobPosted") return posted(log);
  if (record === undefined) throw withoutJob(log);
  const changed = isDisputeLog(log) ? disputeAfter(record, log) : changeOf(record, log);
  const step = stepOf[log.eventName];
  const at = { step, transactionHash: log.transactionHash, blockNumber: log.blockNumber };
  return { ...record, ...changed, steps: [...record.steps, at] };
}

const stepOf = {
  JobCancelled: "cancel",
  JobExpired: "expire",
  JobStarted: "start",
  JobSeated: "seat",
  RoundCertified: "certify",
  JobFinished: "finish",
  JobProposed: "propose",
  JobSettled: "settle",
  JobFailed: "fail",
  OracleReady: "ready",
  JobChallenged: "challenge",
  EvidenceServed: "serve",
  PanelSeated: "seatSecond",
  PanelTooSmall: "seatSecond",
  JobRevalued: "resolve",
  DisputeClosed: "closeDispute",
  PanelReady: "readySecond",
} as const;

function posted(log: Extract<JobLog, { eventName: "JobPosted" }>): JobRecord {
  const { jobId, buyer, termsHash, deadline } = log.args;
  const terms = unpackTerms(log.args.terms);
  return {
    jobId,
    buyer,
    terms,
    termsHash,
    state: "Open",
    deadline: Number(deadline),
    head: headOf(terms, termsHash, buyer),
    parties: null,
    committee: null,
    seatAccounts: [],
    rounds: null,
    proposal: null,
    certified: [],
    finishSigners: null,
    result: null,
    closing: null,
    dispute: null,
    ready: new Map(),
    steps: [{ step: "post", transactionHash: log.transactionHash, blockNumber: log.blockNumber }],
  };
}

/** One seat of a committee: `operator` signs, `account` is paid. */
export interface Seat {
  readonly account: Address;
  readonly operator: Address;
}

/** The seats in order; empty before `seat`. */
export function seatsOf({ committee, seatAccounts }: JobRecord): Seat[] {
  return seatAccounts.map((account, i) => ({ account, operator: committee?.operators[i] as Address }));
}

/** Part 1 of a job, as the contract derives it from the terms. */
export function headOf(terms: JobTerms, termsHash: Hex, buyer: Address): Head {
  const { rounds, k, m, t, noiseMilli, roundSeconds, proposeSeconds, challengeSeconds, assets } = terms;
  return {
    termsHash,
    buyer,
    rounds,
    contributors: assets.length,
    k,
    m,
    t,
    fullSetOnly: noiseMilli === 0,
    escrow: escrowOf(terms),
    roundSeconds,
    proposeSeconds,
    challengeSeconds,
  };
}

/** Stable minor units that a job holds for its parties: base, performance, oracle fee and prices (not the deposit). */
export function escrowOf({ base, performance, oracleFee, assets }: JobTerms): bigint {
  return base + performance + oracleFee + assets.reduce((sum, asset) => sum + asset.price, 0n);
}

/** Part 4 at `seat` where all groups differ: nothing certified yet. */
export const noRounds: Rounds = {
  certified: 0,
  completed: 0,
  reason: 0,
  cohort: 0n,
  kin: 0n,
  digest: noPart,
  lastState: noPart,
};

function changeOf(
  record: JobRecord,
  log: Exclude<JobLog, DisputeLog | { eventName: "JobPosted" }>,
): Partial<JobRecord> {
  switch (log.eventName) {
    case "JobStarted":
      return { state: "Seating", parties: unpackParties(log.args.parties), deadline: Number(log.args.deadline) };
    case "JobSeated":
      return {
        state: "Running",
        committee: log.args.committee as Committee,
        seatAccounts: log.args.accounts,
        rounds: { ...noRounds, kin: kinOf((record.parties?.contributors ?? []).map(({ group }) => group)) },
        deadline: Number(log.args.deadline),
      };
    case "RoundCertified":
      return certify(record, log.args);
    case "JobFinished":
      return {
        state: "Finished",
        ready: new Map(),
        rounds: unpackRounds(log.args.rounds),
        finishSigners: log.args.signers,
        deadline: Number(log.args.deadline),
      };
    case "JobProposed":
      return { state: "Proposed", ...proposed(record, log.args), deadline: Number(log.args.deadline) };
    case "OracleReady":
      return { ready: new Map(record.ready).set(log.args.seat, log.args.digest) };
    default:
      return close(record, log);
  }
}

function certify(
  record: JobRecord,
  args: Extract<JobLog, { eventName: "RoundCertified" }>["args"],
): Partial<JobRecord> {
  const { set, digest, signers, deadline } = args;
  const rounds = { ...(record.rounds ?? noRounds), certified: set.round + 1, cohort: set.bitmap, digest };
  return {
    rounds,
    ready: new Map(),
    certified: [...record.certified, { set, digest, signers }],
    deadline: Number(deadline),
  };
}

function proposed(record: JobRecord, args: Extract<JobLog, { eventName: "JobProposed" }>["args"]) {
  const { wordsHash, outcome, earnings } = args;
  const { termsHash, rounds } = record;
  const result = unpackResult(args.result, { termsHash, roundsDigest: rounds?.digest ?? noPart, wordsHash });
  const { modelRoot, evidenceRoot, deliveryRoot } = result;
  return { result, proposal: unpackProposal({ outcome, modelRoot, evidenceRoot, deliveryRoot, earnings }) };
}

type Closing = Extract<JobLog, { eventName: "JobSettled" | "JobFailed" | "JobCancelled" | "JobExpired" }>;

/** Each credit with its incentive in one word; seats have none. */
function settled(
  { terms }: JobRecord,
  { credits, ...args }: Extract<JobLog, { eventName: "JobSettled" }>["args"],
): JobClosing {
  const pairs = credits.map((credit) => fieldsOf(credit, [128, 128]) as [bigint, bigint]);
  const incentives = pairs.slice(0, terms.assets.length).map(([incentive]) => incentive);
  return { outcome: "Settled", ...args, credits: pairs.map(([, stable]) => stable), incentives };
}

function close(record: JobRecord, log: Closing): Partial<JobRecord> {
  const nothing = { credits: [], incentives: [], treasury: 0n, firstProof: null };
  if (log.eventName === "JobSettled") return { state: "Settled", closing: settled(record, log.args) };
  if (log.eventName === "JobFailed")
    return { state: "Failed", closing: { ...nothing, outcome: "Failed", ...log.args } };
  return { state: "Cancelled", closing: { ...nothing, outcome: "Cancelled", refunded: log.args.refunded } };
}

function withoutJob(log: JobLog): FarshoreError {
  return new FarshoreError({
    code: "chain/log-without-job",
    message: `an event ${log.eventName} came before its job was posted`,
    facts: { event: log.eventName, blockNumber: log.blockNumber },
    remedy: "read the events from the deployment's block on",
  });
}
