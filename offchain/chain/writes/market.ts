import { type Address, bytesToHex, concatBytes, type Hex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import type { Finish, JobResult, JobTerms, RoundSet } from "../../protocol/chainStructs.ts";
import type { JobRecord } from "../jobRecord.ts";
import { groupPlaces } from "../kin.ts";
import type { ContractCall } from "../legacyTransaction.ts";
import type { ListingProof } from "../listing.ts";
import { packListing } from "../packedListing.ts";
import {
  type PackedParties,
  type PackedProposal,
  type PackedRounds,
  packHead,
  packParties,
  packProposal,
  packRounds,
} from "../packedParts.ts";
import { packResult } from "../packedResult.ts";
import { packTerms } from "../packedTerms.ts";
import type { Committee, Parties } from "../parts.ts";
import { partiesHash, roundsHash } from "../partsHash.ts";
import type { Candidate } from "../reads/roster.ts";
import type { Attestation } from "./attestation.ts";
import { type Addresses, callTo } from "./encode.ts";

// Calls of `JobMarket`, each from the job as its events tell it. Requirements and effects stand in IJobMarket.sol.

/** What `start` needs of an institution's signed acceptance. */
export interface AcceptanceOfAsset {
  readonly consents: number;
  readonly nonce: bigint;
  readonly expiry: bigint;
  readonly signature: Hex;
}

export function post(chain: Addresses, terms: JobTerms): ContractCall {
  return callTo(chain, "JobMarket", "post", [packTerms(terms)]);
}

export function cancel(chain: Addresses, job: JobRecord): ContractCall {
  return callTo(chain, "JobMarket", "cancel", [job.jobId, packHead(job.head), packTerms(job.terms)]);
}

/** `listings` and `acceptances` in the order of the terms' assets; an evaluator's acceptance comes last. */
export function start(
  chain: Addresses,
  job: JobRecord,
  listings: readonly ListingProof[],
  acceptances: readonly AcceptanceOfAsset[],
): ContractCall {
  const packed = listings.map(({ listing, ...proofs }) => ({ listing: packListing(listing), ...proofs }));
  const args = [job.jobId, packHead(job.head), packTerms(job.terms), packed, acceptances] as const;
  return callTo(chain, "JobMarket", "start", args);
}

/** Before the job starts, by the account or its operator. */
export function cancelAcceptance(chain: Addresses, jobId: Hex, account: Address, nonce: bigint): ContractCall {
  return callTo(chain, "JobMarket", "cancelAcceptance", [jobId, account, nonce]);
}

/** `candidates`: the roster that `start` fixed (`getRoster(chain, job.parties.roster)`). */
export function seat(chain: Addresses, job: JobRecord, candidates: readonly Candidate[]): ContractCall {
  return callTo(chain, "JobMarket", "seat", [job.jobId, packHead(job.head), partiesOf(job), candidates]);
}

/** From Open (its parties do not exist yet: empty ones are brought) or Seating. */
export function expire(chain: Addresses, job: JobRecord): ContractCall {
  const args = [job.jobId, packHead(job.head), packTerms(job.terms), packParties(job.parties ?? noParties)] as const;
  return callTo(chain, "JobMarket", "expire", args);
}

export function certify(chain: Addresses, job: JobRecord, set: RoundSet, attestation: Attestation): ContractCall {
  const { head, parties } = job;
  const parts = [packHead(head), partiesHash(parties), committeeOf(job), roundsOf(job)] as const;
  return callTo(chain, "JobMarket", "certify", [...parts, set, attestation]);
}

/** With noise, after the round's deadline: certifies a part of the last cohort. */
export function certifySmaller(
  chain: Addresses,
  job: JobRecord,
  set: RoundSet,
  attestation: Attestation,
): ContractCall {
  const parts = [packHead(job.head), partiesOf(job), committeeOf(job), roundsOf(job)] as const;
  return callTo(chain, "JobMarket", "certifySmaller", [...parts, set, attestation]);
}

export function finish(chain: Addresses, job: JobRecord, statement: Finish, attestation: Attestation): ContractCall {
  const { head, parties } = job;
  const parts = [packHead(head), partiesHash(parties), committeeOf(job), roundsOf(job)] as const;
  return callTo(chain, "JobMarket", "finish", [...parts, statement, attestation]);
}

/**
 * `words`: for an exact result the packed table of 2^n int64, big endian; for a projected one those of each seat (n × 8 bytes),
 * of which the signers' are brought, in seat order, whatever seat's `result` came with.
 * Throws `chain/words-missing` for a signer without words.
 */
export function propose(
  chain: Addresses,
  job: JobRecord,
  result: JobResult,
  words: Uint8Array | ReadonlyMap<number, Uint8Array>,
  attestation: Attestation,
): ContractCall {
  const brought = words instanceof Uint8Array ? words : wordsOfSigners(job, words, attestation.signers);
  const { terms, parties } = job;
  const groups = bytesToHex(groupPlaces((parties?.contributors ?? []).map(({ group }) => group)));
  const parts = [
    packHead(job.head),
    packTerms(terms),
    partiesHash(parties),
    committeeOf(job),
    roundsOf(job),
    groups,
  ] as const;
  return callTo(chain, "JobMarket", "propose", [...parts, packResult(result), bytesToHex(brought), attestation]);
}

function wordsOfSigners(job: JobRecord, words: ReadonlyMap<number, Uint8Array>, signers: bigint): Uint8Array {
  const seats = job.seatAccounts.map((_, seat) => seat).filter((seat) => (signers >> BigInt(seat)) & 1n);
  return concatBytes(...seats.map((seat) => words.get(seat) ?? withoutWords(job, seat)));
}

function withoutWords(job: JobRecord, seat: number): never {
  throw new FarshoreError({
    code: "chain/words-missing",
    message: `seat ${seat} of job ${job.jobId} signed a projected result and its words are not here`,
    facts: { jobId: job.jobId, seat },
    remedy: "ask the seat for its words, or bring the signatures of others",
    party: `seat ${seat}`,
  });
}

export function settle(chain: Addresses, job: JobRecord): ContractCall {
  const { jobId, head, terms } = job;
  const parts = [partiesOf(job), committeeOf(job), job.seatAccounts, roundsOf(job), proposalOf(job)] as const;
  return callTo(chain, "JobMarket", "settle", [jobId, packHead(head), packTerms(terms), ...parts]);
}

export function fail(chain: Addresses, job: JobRecord): ContractCall {
  const { jobId, head, terms } = job;
  const parts = [partiesOf(job), committeeOf(job), job.seatAccounts, roundsOf(job)] as const;
  return callTo(chain, "JobMarket", "fail", [jobId, packHead(head), packTerms(terms), ...parts]);
}

/** A seat's word, before the deadline, that it was there with `digest` for the step that is due. */
export function ready(chain: Addresses, job: JobRecord, digest: Hex): ContractCall {
  const { jobId, head, parties, rounds } = job;
  const parts = [partiesHash(parties), committeeOf(job), job.seatAccounts, roundsHash(rounds)] as const;
  return callTo(chain, "JobMarket", "ready", [jobId, packHead(head), ...parts, digest]);
}

export function deposit(chain: Addresses, amount: bigint): ContractCall {
  return callTo(chain, "JobMarket", "deposit", [amount]);
}

/** Stands for the whole balance of a token in `withdraw`. */
export const wholeBalance = 2n ** 128n - 1n;

export function withdraw(chain: Addresses, stable: bigint, incentive: bigint): ContractCall {
  return callTo(chain, "JobMarket", "withdraw", [stable, incentive]);
}

const noParties: Parties = {
  buyerGroup: 0,
  evaluatorGroup: 0,
  minimumCohort: 0,
  beaconRound: 0n,
  roster: `0x${"00".repeat(32)}`,
  contributors: [],
};

function partiesOf(job: JobRecord): PackedParties {
  return packParties(job.parties ?? missing(job, "parties"));
}

function committeeOf(job: JobRecord): Committee {
  return job.committee ?? missing(job, "committee");
}

function roundsOf(job: JobRecord): PackedRounds {
  return packRounds(job.rounds ?? missing(job, "rounds"));
}

function proposalOf(job: JobRecord): PackedProposal {
  return packProposal(job.proposal ?? missing(job, "proposal"));
}

function missing(job: JobRecord, part: string): never {
  throw new FarshoreError({
    code: "chain/part-missing",
    message: `job ${job.jobId} is ${job.state}: it has no ${part} yet`,
    facts: { jobId: job.jobId, state: job.state, part },
    remedy: "wait for the step before",
  });
}
