import type { Logger } from "pino";
import type { Chain } from "../chain/client.ts";
import { decodeJobLogs } from "../chain/jobLogs.ts";
import { JobHistory } from "../chain/jobParts.ts";
import { logsInRanges } from "../chain/logRanges.ts";
import type { Outbox } from "../chain/outbox.ts";
import type { Address, Hex } from "../core/bytes.ts";
import type { Clock } from "../core/clock.ts";
import { FarshoreError } from "../core/errors.ts";
import type { Finish, JobResult, RoundSet } from "../protocol/chainStructs.ts";
import { BeaconCalls } from "./beaconCalls.ts";
import { Directory } from "./directory.ts";
import { JobCalls } from "./jobCalls.ts";
import { viewOf } from "./jobView.ts";
import type { AcceptanceCall, AttestationCall, CallOutcome, JobView, Network } from "./network.ts";

/** The chain as a node's steps see it: jobs kept up to date from events, parties looked up, calls made through the outbox. */
export class ChainNetwork implements Network {
  readonly beacon: BeaconCalls;
  readonly #chain: Chain;
  readonly #clock: Clock;
  readonly #history = new JobHistory();
  readonly #views = new Map<Hex, JobView>();
  readonly #directory: Directory;
  readonly #calls: JobCalls;
  readonly #onChange: (jobId: Hex) => void;
  #nextBlock: bigint;
  #headTime = 0;
  #graceSeconds = 0;
  #syncing: Promise<void> | undefined;

  /** `onChange`: told of every job that moved, whoever asked for the look at the chain that found it. */
  constructor(chain: Chain, outbox: Outbox, clock: Clock, onChange: (jobId: Hex) => void) {
    this.#onChange = onChange;
    this.#chain = chain;
    this.#clock = clock;
    this.#nextBlock = BigInt(chain.manifest.deployedBlock);
    this.#directory = new Directory(chain, clock);
    this.beacon = new BeaconCalls(chain, outbox);
    this.#calls = new JobCalls(chain, outbox, (jobId) => this.#history.job(jobId));
  }

  get grace(): number {
    return this.#graceSeconds;
  }

  job(jobId: Hex): JobView | undefined {
    return this.#views.get(jobId);
  }

  jobs(): readonly JobView[] {
    return [...this.#views.values()];
  }

  // One look at a time: two at once would apply the same logs twice.
  sync(): Promise<void> {
    this.#syncing ??= this.#look().finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  now(): number {
    return Math.max(this.#headTime, Number(this.#clock.nowSeconds()));
  }

  party = (account: Address) => this.#directory.party(account);
  partyOfOperator = (operator: Address) => this.#directory.partyOfOperator(operator);
  oracles = () => this.#directory.oracles();
  ownerOf = (assetId: bigint) => this.#directory.ownerOf(assetId);
  jurisdictionOf = (account: Address) => this.#directory.jurisdictionOf(account);
  rules = (version: number) => this.#directory.rules(version);
  listedDocuments = () => this.#directory.listedDocuments();
  versionOf = (assetId: bigint, version: number) => this.#directory.versionOf(assetId, version);
  populationOf = (assetId: bigint, version: number) => this.#directory.populationOf(assetId, version);

  start = (job: JobView, acceptances: readonly AcceptanceCall[]) => this.#calls.start(job.jobId, acceptances);
  cancelAcceptance = (job: JobView, account: Address, nonce: bigint) =>
    this.#calls.cancelAcceptance(job.jobId, account, nonce);
  seat = (job: JobView) => this.#calls.seat(job.jobId);
  certify = (job: JobView, set: RoundSet, a: AttestationCall) => this.#calls.certify(job.jobId, set, a);
  finish = (job: JobView, finish: Finish, a: AttestationCall) => this.#calls.finish(job.jobId, finish, a);
  propose = (job: JobView, result: JobResult, words: Uint8Array, a: AttestationCall) =>
    this.#calls.propose(job.jobId, result, words, a);
  settle = (job: JobView): Promise<CallOutcome> => this.#calls.settle(job.jobId);
  expire = (job: JobView): Promise<CallOutcome> => this.#calls.expire(job.jobId);
  fail = (job: JobView): Promise<CallOutcome> => this.#calls.fail(job.jobId);
  ready = (job: JobView, digest: Hex): Promise<CallOutcome> => this.#calls.ready(job.jobId, digest);

  /** Follows the chain until `signal` aborts. An unreachable chain is waited for. */
  async watch(options: { pollMs: number; signal: AbortSignal; log: Logger }): Promise<void> {
    let reachable = true;
    while (!options.signal.aborted) {
      try {
        await this.sync();
        reachable = true;
      } catch (error) {
        if (reachable) options.log.warn({ error: String(error) }, "the chain does not answer; this node waits");
        reachable = false;
      }
      await this.#clock.sleep(options.pollMs, options.signal).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    if (this.#graceSeconds === 0) this.#graceSeconds = Number(await this.#chain.call("JobMarket", "grace", []));
    const head = await this.#chain.ask((c) => c.getBlock());
    this.#headTime = Number(head.timestamp);
    if (head.number === null || head.number < this.#nextBlock) return;
    const question = { address: this.#chain.address("JobMarket"), topics: [], from: this.#nextBlock, to: head.number };
    for await (const { logs, to } of logsInRanges(this.#chain, question)) {
      const changed = this.#history.apply(decodeJobLogs(logs));
      this.#nextBlock = to + 1n;
      for (const jobId of changed) this.#view(jobId);
    }
  }

  #view(jobId: Hex): void {
    const record = this.#history.job(jobId);
    if (record === undefined) throw new FarshoreError({ code: "node/no-record", message: `no record of job ${jobId}` });
    this.#views.set(jobId, viewOf(record));
    this.#onChange(jobId);
  }
}
