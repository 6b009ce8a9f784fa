import type { JobRecord } from "../chain/jobRecord.ts";
import type { UsageProof } from "../chain/usageProof.ts";
import type { Address, Hex } from "../core/bytes.ts";
import type { EvidenceFile } from "../protocol/evidence.ts";

/** What the chain says about a settled job, the usage ledger and the market's money. */
export interface ChainFacts {
  readonly chainId: number;
  readonly market: Address;
  readonly record: JobRecord;
  /** Operators of the contributors, in their order, by the registry. */
  readonly operators: readonly Address[];
  /** The valuation words in the calldata of `propose`. */
  readonly words: Uint8Array;
  readonly usage: UsageInput;
  readonly escrow: EscrowInput;
}

/** Everything an audit compares: the chain's facts with an evidence file of the right form. */
export interface AuditInput extends ChainFacts {
  readonly evidence: EvidenceFile;
}

/** The usage ledger as its events tell it, and what its contract says today. */
export interface UsageInput {
  readonly proofs: readonly UsageProof[];
  readonly root: Hex;
  readonly size: number;
}

/** Money of the market. Stable minor units. */
export interface EscrowInput {
  /** Stable tokens that the market's address holds. */
  readonly held: bigint;
  /** Stable tokens that came in and went out, by the market's events. */
  readonly deposited: bigint;
  readonly withdrawn: bigint;
  /** Anti-spam deposit of a job, as deployed. */
  readonly jobDeposit: bigint;
}
