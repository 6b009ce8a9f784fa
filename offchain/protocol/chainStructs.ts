import type { Address, Hex } from "../core/bytes.ts";

// The contracts' structs as viem decodes them (integers up to 48 bits are numbers, larger ones bigints). Fields and units
// are specified in contracts/market/IJobMarket.sol.

export interface AssetUse {
  readonly assetId: bigint;
  readonly version: number;
  readonly weight: number;
  readonly rhoNano: bigint;
  readonly price: bigint;
}

export interface JobTerms {
  readonly specHash: Hex;
  readonly codeHash: Hex;
  readonly validationRoot: Hex;
  readonly evaluator: Address;
  readonly purpose: number;
  readonly legalBasis: number;
  readonly aggregation: number;
  readonly noiseMilli: number;
  readonly rounds: number;
  readonly k: number;
  readonly m: number;
  readonly t: number;
  readonly f: number;
  readonly tier: number;
  readonly base: bigint;
  readonly performance: bigint;
  readonly oracleFee: bigint;
  readonly utilityTarget: bigint;
  readonly startSeconds: number;
  readonly roundSeconds: number;
  readonly proposeSeconds: number;
  readonly challengeSeconds: number;
  readonly retentionDays: number;
  readonly rulesVersion: number;
  readonly validationRows: number;
  readonly parameters: number;
  readonly assets: readonly AssetUse[];
}

export interface RoundSet {
  readonly jobId: Hex;
  readonly round: number;
  readonly stateHash: Hex;
  readonly bitmap: bigint;
  readonly dealingsRoot: Hex;
}

export interface StateAttestation {
  readonly jobId: Hex;
  readonly round: number;
  readonly stateHash: Hex;
  readonly roundsDigest: Hex;
}

export interface ShareStatement {
  readonly jobId: Hex;
  readonly round: number;
  readonly kind: number;
  readonly roundsDigest: Hex;
  readonly valuesHash: Hex;
}

export interface Finish {
  readonly jobId: Hex;
  readonly round: number;
  readonly stateHash: Hex;
  readonly reason: number;
}

export interface JobResult {
  readonly jobId: Hex;
  readonly termsHash: Hex;
  readonly kind: number;
  readonly roundsDigest: Hex;
  readonly modelRoot: Hex;
  readonly evidenceRoot: Hex;
  readonly deliveryRoot: Hex;
  readonly utilityStart: bigint;
  readonly utilityEnd: bigint;
  readonly scoreTotal: bigint;
  readonly removed: bigint;
  readonly ridgeTerm: bigint;
  readonly wordsHash: Hex;
}

export interface Acceptance {
  readonly jobId: Hex;
  readonly termsHash: Hex;
  readonly assetIndex: number;
  readonly consents: number;
  readonly nonce: bigint;
  readonly expiry: bigint;
}

/** `IJobMarket.State`, by number. */
export const jobStates = [
  "None",
  "Open",
  "Seating",
  "Running",
  "Finished",
  "Proposed",
  "Disputed",
  "Settled",
  "Failed",
  "Cancelled",
] as const;
export type JobState = (typeof jobStates)[number];

/** What a `ShareStatement` says of a seat's shares, by number. */
export const shareStatementKinds = ["sum", "size", "norm", "validationKey"] as const;
export type ShareStatementKind = (typeof shareStatementKinds)[number];

/** `IJobMarket.FinishReason`, by number. */
export const finishReasons = ["complete", "plateau", "absent"] as const;
export type FinishReason = (typeof finishReasons)[number];

/** `IJobMarket.ResultKind`, by number. */
export const resultKinds = ["exact", "projected", "byWeight"] as const;
