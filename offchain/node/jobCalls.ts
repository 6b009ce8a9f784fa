import type { Chain } from "../chain/client.ts";
import type { JobRecord } from "../chain/jobRecord.ts";
import type { ContractCall } from "../chain/legacyTransaction.ts";
import type { Outbox } from "../chain/outbox.ts";
import { roundsHash } from "../chain/partsHash.ts";
import { getListing } from "../chain/reads/listing.ts";
import { getRoster } from "../chain/reads/roster.ts";
import { packAttestation } from "../chain/writes/attestation.ts";
import * as market from "../chain/writes/market.ts";
import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { Finish, JobResult, RoundSet } from "../protocol/chainStructs.ts";
import type { AcceptanceCall, AttestationCall, CallOutcome } from "./network.ts";

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
    const job = this.#job(jobId);
    const listed = await Promise.all(job.terms.assets.map((a) => getListing(this.#chain, a.assetId, a.version)));
    const proofs = listed.map(({ listing }) => ({ listing, jurisdictionProof: [], buyerProof: [], codeProof: [] }));
    return this.#send(jobId, "start", market.start(this.#chain, job, proofs, acceptances));
  }

  cancelAcceptance(jobId: Hex, account: Address, nonce: bigint): Promise<CallOutcome> {
    return this.#send(jobId, `cancelAcceptance:${nonce}`, market.cancelAcceptance(this.#chain, jobId, account, nonce));
  }

  async seat(jobId: Hex): Promise<CallOutcome> {
    const job = this.#job(jobId);
    const roster = await getRoster(this.#chain, job.parties?.roster as Hex);
    return this.#send(jobId, "seat", market.seat(this.#chain, job, roster));
  }

  certify(jobId: Hex, set: RoundSet, { signatures }: AttestationCall): Promise<CallOutcome> {
    const call = market.certify(this.#chain, this.#job(jobId), set, packAttestation(signatures));
    return this.#send(jobId, `certify:${set.round}`, call);
  }

  finish(jobId: Hex, statement: Finish, { signatures }: AttestationCall): Promise<CallOutcome> {
    const call = market.finish(this.#chain, this.#job(jobId), statement, packAttestation(signatures));
    return this.#send(jobId, "finish", call);
  }

  propose(jobId: Hex, result: JobResult, words: Uint8Array, { signatures }: AttestationCall): Promise<CallOutcome> {
    const packed = packAttestation(signatures);
    return this.#send(jobId, "propose", market.propose(this.#chain, this.#job(jobId), result, words, packed));
  }

  settle(jobId: Hex): Promise<CallOutcome> {
    return this.#send(jobId, "settle", market.settle(this.#chain, this.#job(jobId)));
  }

  expire(jobId: Hex): Promise<CallOutcome> {
    return this.#send(jobId, "expire", market.expire(this.#chain, this.#job(jobId)));
  }

  fail(jobId: Hex): Promise<CallOutcome> {
    return this.#send(jobId, "fail", market.fail(this.#chain, this.#job(jobId)));
  }

  ready(jobId: Hex, digest: Hex): Promise<CallOutcome> {
    const job = this.#job(jobId);
    return this.#send(jobId, `ready:${roundsHash(job.rounds)}`, market.ready(this.#chain, job, digest));
  }

  async #send(jobId: Hex, step: string, call: ContractCall): Promise<CallOutcome> {
    const { status, error } = await this.#outbox.submit({ key: `${jobId}:${step}`, ...call });
    return error === null ? { status } : { status, reason: error.message };
  }

  #job(jobId: Hex): JobRecord {
    const record = this.#record(jobId);
    if (record !== undefined) return record;
    throw new FarshoreError({
      code: "node/no-record",
      message: `job ${jobId} is not on the chain as this node sees it`,
      facts: { jobId },
      retryable: true,
    });
  }
}
