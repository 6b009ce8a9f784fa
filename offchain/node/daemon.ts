import type { Logger } from "pino";
import { connectChain } from "../chain/client.ts";
import { readManifest } from "../chain/manifest.ts";
import type { Hex } from "../core/bytes.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { release } from "../core/release.ts";
import { type RandomBytes, systemRandom } from "../core/rng.ts";
import { inHome, type NodeConfig } from "../party/config.ts";
import { readKeys } from "../party/keys.ts";
import { releaseCodeHash } from "../protocol/codeHash.ts";
import { type BoardClient, boardClient } from "../transport/client.ts";
import { serveBoard } from "../transport/server.ts";
import { assembleNode } from "./assemble.ts";
import { boardHandler } from "./oracle/board.ts";
import { repeat, untilDone } from "./repeat.ts";

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
  const manifest = await readManifest(inHome(config, config.manifest));
  const chain = await connectChain({ rpcUrl: config.rpcUrl, manifest, pollMs: config.pollMs });
  const parts = { config, keys: readKeys(config.home), chain, clock, random, log, board: boardClients() };
  const node = assembleNode({ ...parts, observe: () => undefined });
  const { ctx, network, outbox, loop } = node;
  const reading = node.datasets.prepare(log);

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
  const ticking = repeat(node.tick, { ...always, ms: tickMs, failure: "a look at all jobs failed" });
  // Not waited for, here or at the end: a chain without blocks holds it for a minute at a time, and boards serve without.
  const failure = "what was sent before this node ended is not in a block yet; it keeps trying";
  void untilDone(() => outbox.resume(), { ...always, ms: resumeMs, failure });
  log.info({ operator: ctx.me.operator, roles: config.roles, url: server?.url }, "node runs");

  return {
    url: server?.url ?? null,
    operator: ctx.me.operator,
    async close() {
      stop.abort();
      await Promise.all([watching, ticking, reading]);
      await loop.close();
      await ctx.calls.close();
      await server?.close();
      await node.close();
    },
  };
}

/** Clients of boards by their URL, one connection each. */
function boardClients(): (url: string) => BoardClient {
  const clients = new Map<string, BoardClient>();
  return (url) => {
    const known = clients.get(url) ?? boardClient({ url, timeoutMs: boardMs, retries: 0 });
    clients.set(url, known);
    return known;
  };
}
