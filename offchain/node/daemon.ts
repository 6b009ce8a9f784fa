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
import { JobLoop } from "./jobLoop.ts";
import { Ledger } from "./ledger.ts";
import { boardHandler } from "./oracle/board.ts";
import { stepOracle } from "./oracle/step.ts";
import { Retry } from "./retry.ts";
import { Store } from "./store.ts";

// Every job is looked at this often even when nothing arrived: deadlines pass without a message.
const tickMs = 250;

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
  await outbox.resume();

  const network = new ChainNetwork(chain, outbox, clock, (jobId) => loop.wake(jobId));
  const domain = { chainId: manifest.chainId, market: lower(manifest.contracts.JobMarket) };
  const clients = new Map<string, BoardClient>();
  const board = (url: string) => {
    const known = clients.get(url) ?? boardClient({ url, timeoutMs: 30_000, retries: 0 });
    clients.set(url, known);
    return known;
  };
  const ctx: NodeContext = {
    ...{ config, keys, me, domain, store, ledger, network, clock, random, log, board },
    retry: new Retry(clock),
    specs: new Map(),
    attestations: new Map(),
    dealings: new Map(),
    evidence: new Map(),
    turns: new Map(),
    wake: (jobId) => loop.wake(jobId),
  };
  const datasets = new Datasets(config, keys.salt);
  const reading = datasets.prepare(log);
  const step = async (jobId: Hex) => {
    const job = network.job(jobId);
    if (job === undefined) return;
    if (config.roles.includes("oracle")) await stepOracle(ctx, job);
    if (config.roles.includes("data")) await stepData(ctx, datasets, job);
  };
  const loop = new JobLoop({ step, log, clock });

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
  const ticking = tick(ctx, loop, stop.signal);
  log.info({ operator: me.operator, roles: config.roles, url: server?.url }, "node runs");

  return {
    url: server?.url ?? null,
    operator: me.operator,
    async close() {
      stop.abort();
      await Promise.all([watching, ticking, reading]);
      await loop.close();
      await server?.close();
      outbox.close();
      ledger.close();
      store.close();
    },
  };
}

async function tick(ctx: NodeContext, loop: JobLoop, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (ctx.config.roles.includes("data")) await takeInbox(ctx);
    for (const { jobId, state } of ctx.network.jobs()) {
      if (!["Settled", "Failed", "Cancelled"].includes(state)) loop.wake(jobId);
    }
    await ctx.clock.sleep(tickMs, signal).catch(() => undefined);
  }
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
