import type { JobRecord } from "../chain/jobRecord.ts";
import type { JobSlot } from "../chain/reads/jobSlot.ts";
import type { Address, Hex } from "../core/bytes.ts";
import type { UsageLeaf } from "../crypto/usageLeaf.ts";
import type { EvidenceFile } from "../protocol/evidence.ts";

/** What the chain says about a settled job, the usage ledger and the market's money, all at one block. */
export interface ChainFacts {
  readonly chainId: number;
  readonly market: Address;
  readonly record: JobRecord;
  /** What the market stores of the job: it commits to the parts that `record` was rebuilt with. */
  readonly slot: JobSlot;
  /** Operators of each contributor, in their order, by the registry's events; later changes do not touch a past job. */
  readonly operators: readonly OperatorHistory[];
  readonly usage: UsageInput;
  readonly escrow: EscrowInput;
}

/** Operators of one account, oldest first; each from its block on until the next. */
export type OperatorHistory = readonly { readonly operator: Address; readonly from: bigint }[];

/** Everything an audit compares: the chain's facts with an evidence file of the right form. */
export interface AuditInput extends ChainFacts {
  readonly evidence: EvidenceFile;
}

/** The usage ledger as its events tell it, and what its contract says. */
export interface UsageInput {
  readonly proofs: readonly UsageLeaf[];
  readonly root: Hex;
  readonly size: number;
}

/** Money of the market at one block. Stable minor units. */
export interface EscrowInput {
  readonly block: bigint;
  /** Stable tokens that the market's address holds. */
  readonly held: bigint;
  /** Sum of `creditOf` over `accounts`: everybody whom an event of the market names as one that it credits. */
  readonly credits: bigint;
  readonly accounts: number;
  /** What jobs that are neither closed nor cancelled hold: escrow, deposit, bonds of their seats. */
  readonly open: bigint;
  readonly openJobs: number;
  /** Tokens that came without a deposit (a bare transfer to the market): they are nobody's, and stay. */
  readonly unclaimed: bigint;
  /** Anti-spam deposit of a job, as deployed. */
  readonly jobDeposit: bigint;
  /** Basis points of what a settled job pays for data that are the treasury's. */
  readonly protocolFeeBps: number;
}
