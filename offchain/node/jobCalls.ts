import type { Chain } from "../chain/client.ts";
import { contractCall } from "../chain/contractCall.ts";
import type { JobRecord } from "../chain/jobRecord.ts";
import type { ContractCall } from "../chain/legacyTransaction.ts";
import type { Outbox, Outcome } from "../chain/outbox.ts";
import type { Parties } from "../chain/parts.ts";
import { partiesHash, roundsHash } from "../chain/partsHash.ts";
import { getListings } from "../chain/reads/listings.ts";
import { bytesToHex, concatBytes, type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { compactSignature } from "../crypto/secp256k1.ts";
import type { Finish, JobResult, RoundSet } from "../protocol/chainStructs.ts";
import type { AcceptanceCall, AttestationCall, CallOutcome } from "./network.ts";

const noParties: Parties = {
  ...{ buyerGroup: 0, minimumCohort: 0, beaconRound: 0n, contributors: [] },
  roster: `0x${"00".repeat(32)}`,
};

/** Calls that move a job, made of the parts that its events told, each sent once by job and step. */
export class JobCalls {
  readonly #chain: Chain;
  readonly #outbox: Outbox;
  readonly #record: (jobId: Hex) => JobRecord | undefined;

  constructor(chain: Chain, outbox: Outbox, record: (jobId: Hex) => JobRecord | undefined) {
    this.#chain = chain;
    this.#outbox = outbox;
    this.#record = record;
  }

  /** Listings with an allow-list need proofs that only its owner or the buyer can make: then the buyer starts the job. */
  async start(jobId: Hex, acceptances: readonly AcceptanceCall[]): Promise<CallOutcome> {
    const { head, terms } = this.#known(jobId);
    const listings = await Promise.all(terms.assets.map((a) => this.#listing(a.assetId, a.version)));
    const proofs = listings.map((listing) => ({ listing, jurisdictionProof: [], buyerProof: [], codeProof: [] }));
    return this.#send(jobId, "start", contractCall(this.#chain, "JobMarket", "start", [jobId, head, terms, proofs, acceptances]));
  }

  async seat(jobId: Hex): Promise<CallOutcome> {
    const { head, terms, parties } = this.#known(jobId);
    const candidates = await this.#chain.call("OracleCommittee", "roster", []);
    const call = contractCall(this.#chain, "JobMarket", "seat", [jobId, head, terms, parties ?? noParties, candidates]);
    return this.#send(jobId, "seat", call);
  }

  certify(jobId: Hex, set: RoundSet, attestation: AttestationCall): Promise<CallOutcome> {
    const { head, parties, committee, rounds } = this.#seated(jobId);
    const args = [jobId, head, partiesHash(parties), committee, rounds, set, attested(attestation)] as const;
    return this.#send(jobId, `certify:${set.round}`, contractCall(this.#chain, "JobMarket", "certify", args));
  }

  finish(jobId: Hex, finish: Finish, attestation: AttestationCall): Promise<CallOutcome> {
    const { head, parties, committee, rounds } = this.#seated(jobId);
    const args = [jobId, head, partiesHash(parties), committee, rounds, finish, attested(attestation)] as const;
    return this.#send(jobId, "finish", contractCall(this.#chain, "JobMarket", "finish", args));
  }

  propose(jobId: Hex, result: JobResult, words: Uint8Array, attestation: AttestationCall): Promise<CallOutcome> {
    const { head, terms, parties, committee, rounds } = this.#seated(jobId);
    const said = [result, bytesToHex(words), attested(attestation)] as const;
    const args = [jobId, head, terms, partiesHash(parties), committee, rounds, ...said] as const;
    return this.#send(jobId, "propose", contractCall(this.#chain, "JobMarket", "propose", args));
  }

  settle(jobId: Hex): Promise<CallOutcome> {
    const { head, terms, parties, committee, rounds, proposal } = this.#seated(jobId);
    if (proposal === null) throw incomplete(jobId);
    const args = [jobId, head, terms, parties, committee, rounds, proposal] as const;
    return this.#send(jobId, "settle", contractCall(this.#chain, "JobMarket", "settle", args));
  }

  expire(jobId: Hex): Promise<CallOutcome> {
    const { head, terms, parties } = this.#known(jobId);
    const call = contractCall(this.#chain, "JobMarket", "expire", [jobId, head, terms, parties ?? noParties]);
    return this.#send(jobId, "expire", call);
  }

  fail(jobId: Hex): Promise<CallOutcome> {
    const { head, terms, parties, committee, rounds } = this.#seated(jobId);
    const args = [jobId, head, terms, parties, committee, rounds] as const;
    return this.#send(jobId, "fail", contractCall(this.#chain, "JobMarket", "fail", args));
  }

  ready(jobId: Hex, digest: Hex): Promise<CallOutcome> {
    const { head, parties, committee, rounds } = this.#seated(jobId);
    const args = [jobId, head, partiesHash(parties), committee, roundsHash(rounds), digest] as const;
    const call = contractCall(this.#chain, "JobMarket", "ready", args);
    return this.#send(jobId, `ready:${roundsHash(rounds)}`, call);
  }

  async #listing(assetId: bigint, version: number) {
    const listed = (await getListings(this.#chain, assetId)).find((l) => l.version === version);
    if (listed !== undefined) return listed.listing;
    throw new FarshoreError({ code: "node/unknown-listing", message: `asset ${assetId} has no version ${version}` });
  }

  async #send(jobId: Hex, step: string, call: ContractCall): Promise<CallOutcome> {
    return outcomeOf(await this.#outbox.submit({ key: `${jobId}:${step}`, ...call }));
  }

  #known(jobId: Hex): JobRecord {
    const record = this.#record(jobId);
    if (record === undefined) throw incomplete(jobId);
    return record;
  }

  #seated(jobId: Hex) {
    const record = this.#known(jobId);
    const { parties, committee, rounds } = record;
    if (parties === null || committee === null || rounds === null) throw incomplete(jobId);
    return { ...record, parties, committee, rounds };
  }
}

function attested({ signers, signatures }: AttestationCall) {
  return { signers, signatures: bytesToHex(concatBytes(...signatures.map((s) => compactSignature(hexToBytes(s))))) };
}

function outcomeOf({ status, error }: Outcome): CallOutcome {
  return error === null ? { status } : { status, reason: error.message };
}

function incomplete(jobId: Hex): FarshoreError {
  return new FarshoreError({
    code: "node/job-incomplete",
    message: `job ${jobId} is not that far on the chain as this node sees it`,
    facts: { jobId },
    retryable: true,
  });
}

