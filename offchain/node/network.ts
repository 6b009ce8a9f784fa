import type { BeaconParticipant, BeaconRound } from "../chain/reads/beacon.ts";
import type { Address, Hex } from "../core/bytes.ts";
import type { Finish, JobResult, JobState, JobTerms, RoundSet } from "../protocol/chainStructs.ts";

// What a node needs of the chain, as an interface of its own: node/chainNetwork.ts binds it to viem, tests to memory.

export interface Seat {
  readonly account: Address;
  readonly operator: Address;
}

export interface Contributor {
  readonly account: Address;
  readonly group: number;
  readonly consents: number;
  readonly datasetRoot: Hex;
  readonly populationId: Hex;
}

/** One job as the chain tells it. Addresses in lower case, times in seconds since 1970. */
export interface JobView {
  readonly jobId: Hex;
  readonly buyer: Address;
  readonly state: JobState;
  readonly deadline: number;
  readonly terms: JobTerms;
  readonly termsHash: Hex;
  readonly contributors: readonly Contributor[];
  /** Round of the beacon that draws the committee; 0 before `start`. */
  readonly beaconRound: bigint;
  readonly seats: readonly Seat[];
  /** Certified sets by round, and the digest after each. */
  readonly sets: readonly { readonly set: RoundSet; readonly digest: Hex }[];
  /** Known once `finish` was called. */
  readonly finished: { readonly completed: number; readonly reason: number; readonly lastState: Hex } | null;
  readonly result: JobResult | null;
  /** Bitmap of the seats whose signatures and words the market took with the result; 0 before. */
  readonly signers: bigint;
}

export interface Party {
  readonly account: Address;
  readonly operator: Address;
  readonly encryptionKey: Hex;
  readonly endpoint: string;
  readonly roles: number;
  readonly active: boolean;
}

/** Outcome of a call to a contract. `superseded`: another caller was first, which is no error. */
export interface CallOutcome {
  readonly status: "done" | "superseded" | "reverted";
  readonly reason?: string;
}

/** The beacon of the oracles (ICommitRevealBeacon). */
export interface BeaconNetwork {
  readonly address: Address;
  round(): Promise<BeaconRound>;
  participant(account: Address): Promise<BeaconParticipant>;
  /** `commits`: commitments that this oracle made before. */
  commit(commits: number, head: Hex, length: number): Promise<CallOutcome>;
  open(jobId: Hex): Promise<CallOutcome>;
  reveal(round: bigint, account: Address, preimage: Hex): Promise<CallOutcome>;
  /** `missed`: the first round that the account did not reveal for. */
  punish(account: Address, missed: bigint): Promise<CallOutcome>;
}

export interface Network {
  readonly grace: number;
  readonly beacon: BeaconNetwork;
  job(jobId: Hex): JobView | undefined;
  jobs(): readonly JobView[];
  /** Looks at the chain now: for a message that is ahead of this node. */
  sync(): Promise<void>;
  /** Later of the newest block's time and the wall clock. */
  now(): number;
  party(account: Address): Promise<Party>;
  partyOfOperator(operator: Address): Promise<Party | undefined>;
  oracles(): Promise<readonly Party[]>;
  ownerOf(assetId: bigint): Promise<Address>;
  /** Jurisdiction of a participant, ISO 3166-1 alpha-2. */
  jurisdictionOf(account: Address): Promise<string>;
  /** Hash of a version of the rules and whether it is in force; null where there is none. */
  rules(version: number): Promise<{ readonly rulesHash: Hex; readonly valid: boolean } | null>;
  /** keccak256 of every document that a listing or the rule book names, withdrawn ones included. */
  listedDocuments(): Promise<readonly Hex[]>;
  populationOf(assetId: bigint, version: number): Promise<Hex>;
  /** What a version of an asset commits to, by its listing. */
  versionOf(assetId: bigint, version: number): Promise<{ readonly datasetRoot: Hex; readonly rows: number }>;
  start(job: JobView, acceptances: readonly AcceptanceCall[]): Promise<CallOutcome>;
  cancelAcceptance(job: JobView, account: Address, nonce: bigint): Promise<CallOutcome>;
  seat(job: JobView): Promise<CallOutcome>;
  certify(job: JobView, set: RoundSet, attestation: AttestationCall): Promise<CallOutcome>;
  finish(job: JobView, finish: Finish, attestation: AttestationCall): Promise<CallOutcome>;
  /** `words`: by seat for projected scores, one table otherwise. */
  propose(
    job: JobView,
    result: JobResult,
    words: Uint8Array | ReadonlyMap<number, Uint8Array>,
    attestation: AttestationCall,
  ): Promise<CallOutcome>;
  settle(job: JobView): Promise<CallOutcome>;
  expire(job: JobView): Promise<CallOutcome>;
  fail(job: JobView): Promise<CallOutcome>;
  ready(job: JobView, digest: Hex): Promise<CallOutcome>;
}

export interface AcceptanceCall {
  readonly consents: number;
  readonly nonce: bigint;
  readonly expiry: bigint;
  readonly signature: Hex;
}

/** 65-byte signatures by seat number. */
export interface AttestationCall {
  readonly signatures: ReadonlyMap<number, Hex>;
}
