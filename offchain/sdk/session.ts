import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Chain, connectChain } from "../chain/client.ts";
import type { ContractCall } from "../chain/legacyTransaction.ts";
import { readManifest } from "../chain/manifest.ts";
import { expectDone, Outbox } from "../chain/outbox.ts";
import { type Address, bytesToHex, type Hex } from "../core/bytes.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { hasCode } from "../core/errors.ts";
import { type RandomBytes, systemRandom } from "../core/rng.ts";
import { inHome, type NodeConfig, readConfig } from "../party/config.ts";
import { addressesOf, type Keys, readKeys } from "../party/keys.ts";

// As long as another command of this party may take to send what it has.
const otherProcessMs = 30_000;

/** One party's way into the marketplace: its folder, its keys and a chain. */
export interface Session {
  readonly config: NodeConfig;
  readonly keys: Keys;
  readonly account: Address;
  readonly operator: Address;
  readonly chain: Chain;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /**
   * Sends a call of the party's account and waits for its block; the same key is sent once, also after a crash.
   * Throws `chain/revert` with the decoded reason, `chain/outbox-in-use` when another process keeps sending.
   */
  send(key: string, call: ContractCall): Promise<{ readonly hash: Hex; readonly gasUsed: bigint }>;
  /**
   * True, once, when a call whose key begins so was still under way from an earlier command when this session was opened,
   * and is done now. Throws when it could not be seen to its end: then it is stored and nothing may be sent in its place.
   */
  takeResumed(prefix: string): boolean;
}

/** Opens the session of a folder that `farshore init` made, and first resumes what a killed command left. Throws config/*, keys/* and chain/* errors. */
export async function openSession(
  home: string,
  options: { clock?: Clock; random?: RandomBytes } = {},
): Promise<Session> {
  const { clock = systemClock, random = systemRandom } = options;
  const config = readConfig(home);
  const keys = readKeys(home);
  const manifest = await readManifest(inHome(config, config.manifest));
  const chain = await connectChain({ rpcUrl: config.rpcUrl, manifest, pollMs: Math.min(config.pollMs, 200) });
  const outbox = sharedOutbox(home, chain, keys, clock);
  const takeResumed = await resumePending(home, chain, keys, clock);
  return {
    ...{ config, keys, ...addressesOf(keys), chain, clock, random, takeResumed },
    async send(key, call) {
      const { hash, gasUsed } = expectDone(await outbox((open) => open.submit({ key, ...call })));
      return { hash, gasUsed: gasUsed ?? 0n };
    },
  };
}

/** Sees what a killed command left under way to its end. While another process sends, it does that itself. */
async function resumePending(home: string, chain: Chain, keys: Keys, clock: Clock): Promise<Session["takeResumed"]> {
  const none = () => false;
  if (!existsSync(outboxPath(home))) return none;
  let outbox: Outbox;
  try {
    outbox = new Outbox(outboxPath(home), chain, bytesToHex(keys.account), clock);
  } catch (error) {
    if (hasCode(error, "chain/outbox-in-use")) return none;
    throw error;
  }
  try {
    const outcomes = await outbox.finishPending();
    const done = new Set([...outcomes].filter(([, { status }]) => status === "done").map(([key]) => key));
    return (prefix) => {
      const found = [...done].find((key) => key.startsWith(prefix));
      return found !== undefined && done.delete(found);
    };
  } catch (error) {
    // Balances and listings can be read while a transaction waits for its block.
    return () => {
      throw error;
    };
  } finally {
    outbox.close();
  }
}

function outboxPath(home: string): string {
  return join(home, "state", "account-outbox.sqlite");
}

type UseOutbox = <T>(use: (outbox: Outbox) => Promise<T>) => Promise<T>;

/**
 * The account's outbox, held only while calls are under way: whoever follows a job for days must not keep this party's
 * other commands from sending. Calls of one process share it; another process is waited for.
 */
function sharedOutbox(home: string, chain: Chain, keys: Keys, clock: Clock): UseOutbox {
  let users = 0;
  let opening: Promise<Outbox> | undefined;
  return async (use) => {
    users += 1;
    try {
      opening ??= openOutbox(home, chain, keys, clock);
      return await use(await opening);
    } finally {
      users -= 1;
      if (users === 0) {
        const held = opening;
        opening = undefined;
        await held?.then(
          (outbox) => outbox.close(),
          () => undefined,
        );
      }
    }
  };
}

async function openOutbox(home: string, chain: Chain, keys: Keys, clock: Clock): Promise<Outbox> {
  mkdirSync(dirname(outboxPath(home)), { recursive: true, mode: 0o700 });
  const end = clock.nowMs() + otherProcessMs;
  for (;;) {
    try {
      return new Outbox(outboxPath(home), chain, bytesToHex(keys.account), clock);
    } catch (error) {
      if (!hasCode(error, "chain/outbox-in-use") || clock.nowMs() >= end) throw error;
      await clock.sleep(chain.pollMs);
    }
  }
}
