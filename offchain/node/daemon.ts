import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { connectChain } from "../chain/client.ts";
import { readManifest } from "../chain/manifest.ts";
import { Outbox } from "../chain/outbox.ts";
import { bytesToHex, type Hex } from "../core/bytes.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { FarshoreError } from "../core/errors.ts";
import { release } from "../core/release.ts";
import { type RandomBytes, systemRandom } from "../core/rng.ts";
import { inHome, type NodeConfig } from "../party/config.ts";
import { addressesOf, readKeys } from "../party/keys.ts";
import { releaseCodeHash } from "../protocol/codeHash.ts";
import { type BoardClient, boardClient } from "../transport/client.ts";
import { serveBoard } from "../transport/server.ts";
import { ChainNetwork } from "./chainNetwork.ts";
import type { NodeContext } from "./context.ts";
import { Datasets } from "./data/datasets.ts";
import { stepData } from "./data/step.ts";
import { takeInbox } from "./data/takeInbox.ts";
import { lower } from "./envelopes.ts";
import { eraseShares, forgetJob, isClosed } from "./forget.ts";
import { JobLoop } from "./jobLoop.ts";
import { Ledger } from "./ledger.ts";
import type { JobView } from "./network.ts";
import { boardHandler } from "./oracle/board.ts";
import { stepOracle } from "./oracle/step.ts";
import { PeerCalls } from "./peerCalls.ts";
import { repeat, untilDone } from "./repeat.ts";
import { Retry } from "./retry.ts";
import { Store } from "./store.ts";

// Every job is looked at this often even when nothing arrived: deadlines pass without a message.
const tickMs = 250;
// A board that takes longer is away; calls with a payload bring a time-out of their own (ms).
const boardMs = 3000;
// What was sent and not yet mined when this node ended is looked after again this often while the chain makes no blocks.
const resumeMs = 1000;

/** A running node. */
export interface RunningNode {
  /** URL of its board, for oracles. */
  readonly url: string | null;
  readonly operator: Hex;
  close(): Promise<void>;
}

/** Starts a node in its folder: the one place where its parts are put together, each stopped in reverse order by `close`. */
export async function startNode(
  config: NodeConfig,
  options: { log: Logger; clock?: Clock; random?: RandomBytes },
): Promise<RunningNode> {
  const { log, clock = systemClock, random = systemRandom } = options;
  const keys = readKeys(config.home);
  const me = { account: lower(addressesOf(keys).account), operator: lower(addressesOf(keys).operator) };
  const manifest = await readManifest(inHome(config, config.manifest));
  const chain = await connectChain({ rpcUrl: config.rpcUrl, manifest, pollMs: config.pollMs });

  const folder = join(config.home, "state");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = new Store(join(folder, "node.sqlite"));
  bindStore(store, "chain", `${manifest.chainId}:${manifest.genesisHash}:${lower(manifest.contracts.JobMarket)}`);
  const ledger = new Ledger(join(folder, "privacy.sqlite"));
  const outbox = new Outbox(join(folder, "outbox.sqlite"), chain, bytesToHex(keys.operator), clock);

  const network = new ChainNetwork(chain, outbox, clock, (jobId) => loop.wake(jobId));
  const domain = { chainId: manifest.chainId, market: lower(manifest.contracts.JobMarket) };
  const clients = new Map<string, BoardClient>();
  const board = (url: string) => {
    const known = clients.get(url) ?? boardClient({ url, timeoutMs: boardMs, retries: 0 });
    clients.set(url, known);
    return known;
  };
  const retry = new Retry(clock);
  const ctx: NodeContext = {
    ...{ config, keys, me, domain, store, ledger, network, clock, random, log, board },
    retry,
    calls: new PeerCalls({ retry, clock, log, onBack: (jobId) => loop.wake(jobId) }),
    specs: new Map(),
    attestations: new Map(),
    dealings: new Map(),
    certified: new Map(),
    scorings: new Map(),
    evidence: new Map(),
    turns: new Map(),
    observe: () => undefined,
    wake: (jobId) => loop.wake(jobId),
  };
  const datasets = new Datasets(config, keys.salt);
  const reading = datasets.prepare(log);
  const step = async (jobId: Hex) => {
    const job = network.job(jobId);
    if (job === undefined) return;
    if (isClosed(job)) {
      forget(job);
      return eraseShares(ctx, job);
    }
    if (config.roles.includes("oracle")) await stepOracle(ctx, job);
    if (config.roles.includes("data")) await stepData(ctx, datasets, job);
  };
  const loop = new JobLoop({ step, log, clock });
  const forget = (job: JobView) => {
    forgetJob(ctx, job);
    loop.forget(job.jobId);
  };

  await network.sync();
  const identity = {
    genesisHash: manifest.genesisHash as Hex,
    release: `${release.name} ${release.version}`,
    codeHash: releaseCodeHash,
  };
  const server = config.roles.includes("oracle")
    ? await serveBoard({ handler: boardHandler(ctx, identity, loop), ...config.listen })
    : null;
  const stop = new AbortController();
  const watching = network.watch({ pollMs: config.pollMs, signal: stop.signal, log });
  const always = { clock, signal: stop.signal, log };
  const ticking = repeat(() => tick(ctx, loop), { ...always, ms: tickMs, failure: "a look at all jobs failed" });
  // Not waited for, here or at the end: a chain without blocks holds it for a minute at a time, and boards serve without.
  const failure = "what was sent before this node ended is not in a block yet; it keeps trying";
  void untilDone(() => outbox.resume(), { ...always, ms: resumeMs, failure });
  log.info({ operator: me.operator, roles: config.roles, url: server?.url }, "node runs");

  return {
    url: server?.url ?? null,
    operator: me.operator,
    async close() {
      stop.abort();
      await Promise.all([watching, ticking, reading]);
      await loop.close();
      await ctx.calls.close();
      await server?.close();
      outbox.close();
      ledger.close();
      store.close();
    },
  };
}

async function tick(ctx: NodeContext, loop: JobLoop): Promise<void> {
  for (const job of ctx.network.jobs()) if (!isClosed(job)) loop.wake(job.jobId);
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
