import { bytesToHex, type Hex } from "../../core/bytes.ts";
import type { JobResult } from "../../protocol/chainStructs.ts";
import { challengeKinds, type Panel, rulings } from "../dispute.ts";
import type { JobRecord } from "../jobRecord.ts";
import { groupPlaces } from "../kin.ts";
import type { ContractCall } from "../legacyTransaction.ts";
import {
  type PackedParties,
  type PackedProposal,
  type PackedRounds,
  packHead,
  packParties,
  packProposal,
  packRounds,
} from "../packedParts.ts";
import { packTerms } from "../packedTerms.ts";
import type { Committee, Parties, Proposal, Rounds } from "../parts.ts";
import { partiesHash, proposalHash, roundsHash } from "../partsHash.ts";
import type { Candidate } from "../reads/roster.ts";
import type { Attestation } from "./attestation.ts";
import { type Addresses, callTo } from "./encode.ts";

// Calls of `JobMarket` about a proposed or disputed job, each from the job as its events tell it, and those that need no job.
// Requirements and effects stand in IJobMarket.sol.

/** What the second committee signs (EIP-712 `Verdict`), or the adjudicator sends. */
export interface Verdict {
  readonly proposalHash: Hex;
  readonly ruling: number;
  readonly result: JobResult;
}

/** A verdict on the job's proposal. */
export function verdictOn(job: JobRecord, ruling: (typeof rulings)[number], result: JobResult): Verdict {
  return { proposalHash: proposalHash(job.proposal), ruling: rulings.indexOf(ruling), result };
}

/** By an active participant or its operator, within the window; takes the bond from the account's balance. */
export function challenge(
  chain: Addresses,
  job: JobRecord,
  kind: (typeof challengeKinds)[number],
  evidenceHash: Hex,
): ContractCall {
  const args = [job.jobId, challengeKinds.indexOf(kind), evidenceHash, ...disputable(job)] as const;
  return callTo(chain, "JobMarket", "challenge", args);
}

/** By a seat of the first committee that serves the evidence. */
export function serveEvidence(chain: Addresses, job: JobRecord): ContractCall {
  return callTo(chain, "JobMarket", "serveEvidence", [job.jobId, ...disputable(job)]);
}

/** `candidates`: the roster that the first challenge fixed (`getRoster(chain, job.dispute.roster)`). */
export function seatSecond(chain: Addresses, job: JobRecord, candidates: readonly Candidate[]): ContractCall {
  const { jobId, head, parties, committee, seatAccounts, rounds, proposal } = job;
  const parts = [packHead(head), packParties(parties as Parties), committee as Committee, seatAccounts] as const;
  const hashes = [roundsHash(rounds), proposalHash(proposal)] as const;
  return callTo(chain, "JobMarket", "seatSecond", [jobId, ...parts, ...hashes, candidates]);
}

/** `words`: those that the verdict's result names by their hash; empty unless it overturns. */
export function resolve(
  chain: Addresses,
  job: JobRecord,
  verdict: Verdict,
  words: Uint8Array,
  attestation: Attestation,
): ContractCall {
  const args = [job.jobId, disputedJob(job), panelOf(job), verdict, bytesToHex(words), attestation] as const;
  return callTo(chain, "JobMarket", "resolve", args);
}

export function adjudicate(chain: Addresses, job: JobRecord, verdict: Verdict, words: Uint8Array): ContractCall {
  const args = [job.jobId, disputedJob(job), panelOf(job), verdict, bytesToHex(words)] as const;
  return callTo(chain, "JobMarket", "adjudicate", args);
}

/** By a seat of the second committee that has a verdict with this digest, before its deadline. */
export function readySecond(chain: Addresses, job: JobRecord, digest: Hex): ContractCall {
  return callTo(chain, "JobMarket", "readySecond", [job.jobId, panelOf(job), digest]);
}

/** By anyone, when nobody decided: the proposal stands. */
export function closeDispute(chain: Addresses, job: JobRecord): ContractCall {
  return callTo(chain, "JobMarket", "closeDispute", [job.jobId, disputedJob(job), panelOf(job)]);
}

/** By number, `IDisputeTypes.StatementKind`. */
export const statementKinds = ["ShareStatement", "StateAttestation", "JobResult"] as const;

/** A signed statement: the fields as EIP-712 encodes them, without the type; 64 bytes of signature (ERC-2098). */
export interface SignedStatement {
  readonly fields: Hex;
  readonly signature: Hex;
}

/** By anyone who has two statements of one operator that contradict each other. */
export function reportEquivocation(
  chain: Addresses,
  kind: (typeof statementKinds)[number],
  first: SignedStatement,
  second: SignedStatement,
): ContractCall {
  const statements = [first.fields, second.fields, first.signature, second.signature] as const;
  return callTo(chain, "JobMarket", "reportEquivocation", [statementKinds.indexOf(kind), ...statements]);
}

/** Headers in RLP in the form that the chain hashes. */
export function recordHalt(chain: Addresses, parentHeader: Hex, header: Hex): ContractCall {
  return callTo(chain, "JobMarket", "recordHalt", [parentHeader, header]);
}

/** Empty where none is seated. */
function panelOf({ dispute }: JobRecord): Panel {
  return dispute?.panel ?? { accounts: [], operators: [] };
}

function disputable({ head, parties, committee, seatAccounts, rounds, proposal }: JobRecord) {
  const first = [packHead(head), partiesHash(parties), committee as Committee, seatAccounts] as const;
  return [...first, roundsHash(rounds), packProposal(proposal as Proposal)] as const;
}

function disputedJob(job: JobRecord) {
  const { head, terms, parties, committee, seatAccounts, rounds, proposal } = job;
  return {
    ...{ head: packHead(head), terms: packTerms(terms) },
    ...{ parties: packParties(parties as Parties) satisfies PackedParties },
    ...{ committee: committee as Committee, accounts: seatAccounts },
    rounds: packRounds(rounds as Rounds) satisfies PackedRounds,
    proposal: packProposal(proposal as Proposal) satisfies PackedProposal,
    groups: bytesToHex(groupPlaces((parties?.contributors ?? []).map(({ group }) => group))),
  };
}
