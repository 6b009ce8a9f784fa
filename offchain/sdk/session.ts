import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Chain, connectChain } from "../chain/client.ts";
import type { ContractCall } from "../chain/legacyTransaction.ts";
import { readManifest } from "../chain/manifest.ts";
import { expectDone, Outbox } from "../chain/outbox.ts";
import { type Address, bytesToHex, type Hex } from "../core/bytes.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { type RandomBytes, systemRandom } from "../core/rng.ts";
import { inHome, type NodeConfig, readConfig } from "../party/config.ts";
import { addressesOf, type Keys, readKeys } from "../party/keys.ts";

/** One party's way into the marketplace: its folder, its keys and a chain. Close it when done. */
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
   * Throws `chain/revert` with the decoded reason.
   */
  send(key: string, call: ContractCall): Promise<{ readonly hash: Hex; readonly gasUsed: bigint }>;
  close(): void;
}

/** Opens the session of a folder that `farshore init` made. Throws config/*, keys/* and chain/* errors. */
export async function openSession(
  home: string,
  options: { clock?: Clock; random?: RandomBytes } = {},
): Promise<Session> {
  const { clock = systemClock, random = systemRandom } = options;
  const config = readConfig(home);
  const keys = readKeys(home);
  const manifest = await readManifest(inHome(config, config.manifest));
  const chain = await connectChain({ rpcUrl: config.rpcUrl, manifest, pollMs: Math.min(config.pollMs, 200) });
  const folder = join(home, "state");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Opened at the first call: reading commands need no lock on the file.
  let outbox: Outbox | undefined;
  return {
    ...{ config, keys, ...addressesOf(keys), chain, clock, random },
    async send(key, call) {
      outbox ??= new Outbox(join(folder, "account-outbox.sqlite"), chain, bytesToHex(keys.account), clock);
      const { hash, gasUsed } = expectDone(await outbox.submit({ key, ...call }));
      return { hash, gasUsed: gasUsed ?? 0n };
    },
    close: () => outbox?.close(),
  };
}
