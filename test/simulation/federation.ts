import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { readJob } from "../../offchain/chain/jobParts.ts";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { post } from "../../offchain/chain/writes/market.ts";
import type { Hex } from "../../offchain/core/bytes.ts";
import { systemRandom } from "../../offchain/core/rng.ts";
import { encodeValidation, validationRoot } from "../../offchain/data/validationRows.ts";
import type { Step } from "../../offchain/node/steps.ts";
import { releaseCodeHash } from "../../offchain/protocol/codeHash.ts";
import { jobIdOf } from "../../offchain/protocol/jobId.ts";
import { type JobSpec, specBytes } from "../../offchain/protocol/jobSpec.ts";
import { termsOfSpec } from "../../offchain/protocol/jobTerms.ts";
import { rulesBytes } from "../../offchain/protocol/rules.ts";
import { type JobRequest, type ListedAsset, parseJobRequest, specOfRequest } from "../../offchain/sdk/jobRequest.ts";
import { Boards, type Delivery } from "./boards.ts";
import { acceptAsEvaluator } from "./evaluatorAcceptance.ts";
import { type SimulatedMarket, simulationRules, simulationRulesVersion } from "./market.ts";
import { configOf } from "./parties.ts";
import { drawRows, schema } from "./rows.ts";
import { type OnStep, type Phase, SimulatedNode } from "./simulatedNode.ts";
import { ValidatorProcess } from "./validatorProcess.ts";

/** Times between looks while something happens, and the longest when nothing does (ms). */
const stepMs = 100;
const longestStepMs = 1000;
/** Turns of the event loop without anything under way until nothing is. */
const quietTurns = 3;
/** Turns before the wait for what other threads do (sealing) lets other processes run. */
const spins = 30;

export const validationRows = drawRows(99, 80, 40);

/** What tests change of a job's request. */
export type RequestChange = Partial<JobRequest> & { readonly rounds?: number };

/** Any party's step, in the order in which they happen. */
export interface SeenStep {
  readonly party: string;
  readonly step: Step;
  readonly phase: Phase;
}

/** All parties of one job in one process: nodes, boards between them, a validator, and the clock that a test moves. */
export class Federation {
  readonly market: SimulatedMarket;
  readonly boards: Boards;
  readonly nodes: readonly SimulatedNode[];
  /** Names of all that were killed, whether they came back or not. */
  readonly killed = new Set<string>();
  /** Told of each step of each party; a test's may kill whoever does it. */
  onStep: (seen: SeenStep) => void = () => undefined;
  /** Told of each message that arrives at a board. */
  onArrival: (delivery: Delivery) => void = () => undefined;
  /** What a test does besides, whenever nothing else is under way. */
  meanwhile: () => Promise<void> = async () => undefined;
  validator: ValidatorProcess | undefined;
  spec: JobSpec | undefined;
  job: JobRecord | undefined;
  readonly #revivals: { at: number; start: () => void }[] = [];
  #acts = 0;
  #blocks = -1;

  private constructor(market: SimulatedMarket, log: Logger) {
    this.market = market;
    this.boards = new Boards(market.clock);
    this.boards.onArrival = (delivery) => {
      this.#acts += 1;
      this.onArrival(delivery);
    };
    const onStep: OnStep = (node, step, phase) => this.#saw({ party: node.name, step, phase });
    const parties = market.parties.filter((p) => p.role === "institution" || p.role === "oracle");
    this.nodes = parties.map((party) => {
      const assets = market.listed.filter((l) => l.party === party).map(({ asset }) => asset);
      return new SimulatedNode({ party, market, boards: this.boards, config: configOf(party, assets), onStep, log });
    });
  }

  /** A fresh start on the market's snapshot: every node runs over an empty folder. */
  static async open(market: SimulatedMarket, log: Logger = silent): Promise<Federation> {
    await market.rewind();
    const federation = new Federation(market, log);
    for (const node of federation.nodes) {
      node.reset();
      node.start();
    }
    await market.chain.mine();
    return federation;
  }

  /** The posted job's specification; throws before. */
  get specification(): JobSpec {
    if (this.spec === undefined) throw new Error("nothing is posted");
    return this.spec;
  }

  node(name: string): SimulatedNode {
    return this.nodes.find((n) => n.name === name) as SimulatedNode;
  }

  get oracles(): readonly SimulatedNode[] {
    return this.nodes.filter((n) => n.party.role === "oracle");
  }

  /** Posts a job as its buyer does: specification and rules on the boards, terms on the chain, rows kept for the committee. */
  async post(change: RequestChange = {}, payload?: Uint8Array): Promise<Hex> {
    const { market, boards } = this;
    const salt = systemRandom(32);
    const root = validationRoot(validationRows, salt);
    const spec = specOfRequest(
      requestOf(change, root),
      this.#assets(),
      { root, rows: validationRows.rows },
      releaseCodeHash,
    );
    const buyer = market.party("buyer");
    const terms = termsOfSpec(spec);
    const jobId = jobIdOf(market.access.address("JobMarket"), buyer.account, root);
    for (const { handler } of this.oracles.filter((n) => n.alive)) {
      for (const document of [specBytes(spec), rulesBytes(simulationRules)]) {
        await handler.putDocument(document, { signal: new AbortController().signal });
      }
    }
    await market.send(buyer.keys.account, post(market.access, terms));
    const party = spec.validation.evaluator === null ? buyer : market.party("evaluator");
    this.validator = new ValidatorProcess({
      ...{ party, market, boards, payload: payload ?? encodeValidation(validationRows, salt) },
      onStep: (step, phase) => this.#saw({ party: party.name, step, phase }),
    });
    this.spec = spec;
    this.job = await readJob(market.access, jobId);
    if (party !== buyer) await acceptAsEvaluator(this, party, this.job);
    return jobId;
  }

  /** Lets everything happen until `holds`; fails after so many seconds of virtual time. */
  async until(holds: (job: JobRecord) => boolean, seconds = 300): Promise<JobRecord> {
    const end = this.market.clock.nowMs() + seconds * 1000;
    let pause = stepMs;
    for (;;) {
      const acts = this.#acts;
      await this.settle();
      const job = this.job as JobRecord;
      if (holds(job)) return job;
      if (this.market.clock.nowMs() > end) throw new Error(`the job is still ${job.state} after ${seconds} s`);
      pause = this.#acts === acts ? Math.min(2 * pause, longestStepMs) : stepMs;
      await this.#pass(pause);
    }
  }

  /** Lets everything happen until the job is closed and every node did what it does then. */
  async untilClosed(seconds = 300): Promise<JobRecord> {
    const job = await this.until(({ closing }) => closing !== null && this.#revivals.length === 0, seconds);
    await this.#pass(stepMs);
    await this.settle();
    return job;
  }

  /** Everything that can happen without the clock. */
  async settle(): Promise<void> {
    const { chain } = this.market;
    for (let blocks = -1; blocks !== chain.blocks; ) {
      blocks = chain.blocks;
      await this.#readJob();
      await Promise.all(this.nodes.map((node) => node.look()));
      if (this.job !== undefined) await this.validator?.look(this.job);
      await this.#quiet();
      await this.meanwhile();
    }
  }

  /** Ends a party here; it is started again `afterMs` later, or never. */
  kill(name: string, afterMs: number | null): void {
    const party = this.nodes.find((n) => n.name === name) ?? this.validator;
    if (party === undefined) throw new Error(`nobody is called ${name}`);
    party.kill();
    this.killed.add(name);
    if (afterMs !== null) this.#revivals.push({ at: this.market.clock.nowMs() + afterMs, start: () => party.start() });
  }

  /** Ends all nodes and removes what the job left in folders. */
  close(): void {
    for (const node of this.nodes) node.reset();
    this.validator?.reset(this.job);
  }

  #saw(seen: SeenStep): void {
    this.#acts += 1;
    this.onStep(seen);
  }

  async #pass(ms: number): Promise<void> {
    const { chain, clock } = this.market;
    const before = clock.nowSeconds();
    clock.pass(ms);
    for (const revival of this.#revivals.filter(({ at }) => at <= clock.nowMs())) {
      this.#revivals.splice(this.#revivals.indexOf(revival), 1);
      revival.start();
      this.#acts += 1;
    }
    if (clock.nowSeconds() !== before) await chain.mine();
  }

  async #readJob(): Promise<void> {
    const { chain, access } = this.market;
    if (this.job === undefined || this.#blocks === chain.blocks) return;
    this.#blocks = chain.blocks;
    this.job = await readJob(access, this.job.jobId);
  }

  async #quiet(): Promise<void> {
    for (let turns = 0, waits = 0; turns < quietTurns; waits++) {
      await (waits < spins ? new Promise((resolve) => setImmediate(resolve)) : sleep(1));
      const busy = this.nodes.reduce((sum, node) => sum + node.busy, this.validator?.busy ?? 0);
      turns = busy - this.boards.held <= 0 && this.market.chain.asked === 0 ? turns + 1 : 0;
    }
  }

  #assets(): ListedAsset[] {
    return this.market.listed.map(({ asset, table }) => {
      return { assetId: asset.assetId, version: 1, rows: table.rows, price: 100_000_000n, schema };
    });
  }
}

function requestOf({ rounds = 3, ...change }: RequestChange, root: Hex): JobRequest {
  const evaluated = change.evaluator !== undefined && change.evaluator !== null;
  return parseJobRequest({
    rulesVersion: simulationRulesVersion,
    ...{ version: 1, name: "simulated", purpose: "creditScoring", legalBasis: "gdprLegitimateInterests" },
    ...{ assets: ["1", "2", "3"], algorithm: { name: "logistic-newton", ridge: 1, rounds, plateau: 0 } },
    payments: { base: "1000", performance: "5000", oracleFee: "251" },
    utilityTarget: "-0.3",
    deadlines: { startSeconds: 60, roundSeconds: 20, proposeSeconds: 20, challengeSeconds: 2 },
    validation: evaluated ? { root, rows: validationRows.rows } : "rows.csv",
    ...change,
  });
}

const silent = Object.fromEntries(
  ["trace", "debug", "info", "warn", "error"].map((level) => [level, () => undefined]),
) as unknown as Logger;
