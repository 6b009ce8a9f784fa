import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Chain } from "../chain/client.ts";
import { Outbox } from "../chain/outbox.ts";
import { bytesToHex, type Hex } from "../core/bytes.ts";
import type { Clock } from "../core/clock.ts";
import { FarshoreError } from "../core/errors.ts";
import type { RandomBytes } from "../core/rng.ts";
import type { NodeConfig } from "../party/config.ts";
import { addressesOf, type Keys } from "../party/keys.ts";
import type { BoardClient } from "../transport/client.ts";
import { ChainNetwork } from "./chainNetwork.ts";
import type { NodeContext } from "./context.ts";
import { Datasets } from "./data/datasets.ts";
import { stepData } from "./data/step.ts";
import { takeInbox } from "./data/takeInbox.ts";
import { lower } from "./envelopes.ts";
import { eraseShares, forgetJob, isClosed } from "./forget.ts";
import { JobLoop } from "./jobLoop.ts";
import { Ledger } from "./ledger.ts";
import { keepCommitted } from "./oracle/beaconSteps.ts";
import { stepOracle } from "./oracle/step.ts";
import { PeerCalls } from "./peerCalls.ts";
import { Retry } from "./retry.ts";
import type { StepObserver } from "./steps.ts";
import { Store } from "./store.ts";

/** What a node is made of; tests bring a chain, boards and a clock of their own. */
export interface NodeParts {
  readonly config: NodeConfig;
  readonly keys: Keys;
  readonly chain: Chain;
  /** Client of a board by its URL. */
  readonly board: (url: string) => BoardClient;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
  readonly observe: StepObserver;
}

/** A node that does nothing by itself yet: whoever assembled it looks at the chain and ticks. */
export interface AssembledNode {
  readonly ctx: NodeContext;
  readonly network: ChainNetwork;
  readonly outbox: Outbox;
  readonly loop: JobLoop;
  readonly datasets: Datasets;
  /** Wakes every job that is not closed, and takes what persons decided. */
  tick(): Promise<void>;
  /** Ends what is under way and closes the stores. */
  close(): Promise<void>;
}

/** Puts a node together over the state in its folder. Throws `node/other-chain`, `chain/outbox-in-use`. */
export function assembleNode(parts: NodeParts): AssembledNode {
  const { config, keys, chain, clock, random, log, board, observe } = parts;
  const { manifest } = chain;
  const me = { account: lower(addressesOf(keys).account), operator: lower(addressesOf(keys).operator) };
  const folder = join(config.home, "state");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = new Store(join(folder, "node.sqlite"));
  bindStore(store, "chain", `${manifest.chainId}:${manifest.genesisHash}:${lower(manifest.contracts.JobMarket)}`);
  const ledger = new Ledger(join(folder, "privacy.sqlite"));
  const outbox = new Outbox(join(folder, "outbox.sqlite"), chain, bytesToHex(keys.operator), clock, {
    observe: (act, phase) => observe(`submitter.${act}`, phase),
  });
  const network = new ChainNetwork(chain, outbox, clock, (jobId) => loop.wake(jobId));
  const domain = { chainId: manifest.chainId, market: lower(manifest.contracts.JobMarket) };
  const retry = new Retry(clock);
  const wake = (jobId: Hex) => loop.wake(jobId);
  const ctx: NodeContext = {
    ...{ config, keys, me, domain, store, ledger, network, clock, random, log, board, retry, observe, wake },
    calls: new PeerCalls({ retry, clock, log, onBack: wake }),
    ...{ specs: new Map(), attestations: new Map(), dealings: new Map(), certified: new Map(), scorings: new Map() },
    ...{ evidence: new Map(), turns: new Map(), done: new Set() },
  };
  const datasets = new Datasets(config, keys.salt);
  const loop: JobLoop = new JobLoop({ step: (jobId) => stepJob(ctx, datasets, loop, jobId), log, clock });
  return {
    ...{ ctx, network, outbox, loop, datasets },
    tick: () => tick(ctx, loop),
    async close() {
      await loop.close();
      await ctx.calls.close();
      outbox.close();
      ledger.close();
      store.close();
    },
  };
}

async function stepJob(ctx: NodeContext, datasets: Datasets, loop: JobLoop, jobId: Hex): Promise<void> {
  const job = ctx.network.job(jobId);
  if (job === undefined) return;
  if (isClosed(job)) {
    forgetJob(ctx, job);
    loop.forget(jobId);
    return eraseShares(ctx, job);
  }
  if (ctx.config.roles.includes("oracle")) await stepOracle(ctx, job);
  if (ctx.config.roles.includes("data")) await stepData(ctx, datasets, job);
}

async function tick(ctx: NodeContext, loop: JobLoop): Promise<void> {
  if (ctx.config.roles.includes("oracle")) await keepCommitted(ctx);
  for (const job of ctx.network.jobs()) {
    if (!isClosed(job) || !ctx.store.isErased(job.jobId)) loop.wake(job.jobId);
  }
  if (ctx.config.roles.includes("data")) await takeInbox(ctx);
}

// A store that was made on another chain would mix two histories.
function bindStore(store: Store, name: string, value: string): void {
  const stands = store.bindIdentity(name, value);
  if (stands === value) return;
  throw new FarshoreError({
    code: "node/other-chain",
    message: "this folder's state belongs to another chain or deployment",
    facts: { had: stands, needed: value },
    remedy: "use a fresh folder for this network, or the manifest that the folder was made with",
  });
}
