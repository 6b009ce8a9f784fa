import type { Address, Hex } from "../core/bytes.ts";
import type { JobResult, JobState } from "../protocol/chainStructs.ts";
import type { JobLog } from "./jobLogs.ts";
import { unpackProposal } from "./packedParts.ts";
import type { Proposal } from "./parts.ts";

// A dispute as the events of its job tell it (contracts/market/IDisputeTypes.sol). Pure.

/** By number, `IDisputeTypes.Ruling`. */
export const rulings = ["undecided", "upheld", "overturned", "nothingValued"] as const;
/** By number, `IJobTypes.ChallengeKind`. */
export const challengeKinds = ["transcript", "sum", "valuation", "withheld", "equivocation"] as const;

export interface Challenge {
  readonly account: Address;
  readonly kind: (typeof challengeKinds)[number];
  readonly evidenceHash: Hex;
  /** Stable minor units. */
  readonly bond: bigint;
}

/** The second committee, in seat order. */
export interface Panel {
  readonly accounts: readonly Address[];
  readonly operators: readonly Address[];
}

/** How a dispute ended. Amounts in stable minor units; bitmaps of seats, `refunded` of challenges in order. */
export interface DisputeClosing {
  readonly ruling: (typeof rulings)[number];
  readonly answered: bigint;
  readonly penalised: bigint;
  readonly shares: readonly bigint[];
  readonly panelPay: bigint;
  readonly remainder: bigint;
  readonly refunded: bigint;
}

export interface Dispute {
  /** Seconds since 1970 until which others may challenge too. */
  readonly openUntil: number;
  /** What draws the panel: the beacon's round and the hash of the roster. */
  readonly beaconRound: bigint;
  readonly roster: Hex;
  readonly challenges: readonly Challenge[];
  /** Seats of the first committee that said where the evidence is. */
  readonly served: ReadonlySet<number>;
  /** Null before it is seated, and when too few could be: then `adjudicated` is true. */
  readonly panel: Panel | null;
  readonly adjudicated: boolean;
  /** Seats of the panel that said that they have a verdict. */
  readonly there: ReadonlySet<number>;
  /** What was judged, once the panel's own result took its place. */
  readonly overturned: { readonly result: JobResult | null; readonly proposal: Proposal | null } | null;
  readonly closing: DisputeClosing | null;
}

/** What a dispute's events change in the record of their job. */
export interface Disputed {
  readonly state: JobState;
  readonly deadline: number;
  readonly result: JobResult | null;
  readonly proposal: Proposal | null;
  readonly dispute: Dispute | null;
}

const disputeEvents = [
  "JobChallenged",
  "EvidenceServed",
  "PanelSeated",
  "PanelTooSmall",
  "JobRevalued",
  "DisputeClosed",
  "PanelReady",
] as const;
export type DisputeLog = Extract<JobLog, { eventName: (typeof disputeEvents)[number] }>;

export function isDisputeLog(log: JobLog): log is DisputeLog {
  return (disputeEvents as readonly string[]).includes(log.eventName);
}

/** What changes with one more event. */
export function disputeAfter(record: Disputed, log: DisputeLog): Partial<Disputed> {
  if (log.eventName === "JobChallenged") return challenged(record, log.args);
  const dispute = record.dispute as Dispute;
  switch (log.eventName) {
    case "EvidenceServed":
      return { dispute: { ...dispute, served: new Set([...dispute.served, log.args.seat]) } };
    case "PanelSeated":
      return { dispute: { ...dispute, panel: log.args.panel }, deadline: Number(log.args.deadline) };
    case "PanelTooSmall":
      return { dispute: { ...dispute, adjudicated: true }, deadline: Number(log.args.deadline) };
    case "JobRevalued": {
      const { result, proposal } = record;
      const next = { result: log.args.result as JobResult, proposal: unpackProposal(log.args.proposal) };
      return { ...next, dispute: { ...dispute, overturned: { result, proposal } } };
    }
    case "PanelReady":
      return { dispute: { ...dispute, there: new Set([...dispute.there, log.args.seat]) } };
    case "DisputeClosed": {
      const { ruling, jobId: _, ...closing } = log.args;
      const named = rulings[ruling] as DisputeClosing["ruling"];
      return { dispute: { ...dispute, closing: { ...closing, ruling: named } } };
    }
  }
}

function challenged(
  { dispute }: Disputed,
  args: Extract<JobLog, { eventName: "JobChallenged" }>["args"],
): Partial<Disputed> {
  const { account, kind, evidenceHash, bond, openUntil, deadline, beaconRound, roster } = args;
  const challenge = { account, kind: challengeKinds[kind] as Challenge["kind"], evidenceHash, bond };
  const first = {
    ...{ openUntil: Number(openUntil), beaconRound, roster, served: new Set<number>(), there: new Set<number>() },
    ...{ panel: null, adjudicated: false, overturned: null, closing: null },
  };
  const challenges = [...(dispute?.challenges ?? []), challenge];
  return { state: "Disputed", deadline: Number(deadline), dispute: { ...first, ...dispute, challenges } };
}
