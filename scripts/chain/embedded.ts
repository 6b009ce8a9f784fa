import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { mnemonicToAccount } from "viem/accounts";
import type { Hex } from "../../offchain/core/bytes.ts";
import { FarshoreError } from "../../offchain/core/errors.ts";
import { freePorts } from "./freePorts.ts";

const root = join(import.meta.dirname, "..", "..");

/** Milliseconds that the embedded chain may take to answer: a second on an idle machine. */
const startLimitMs = 60_000;

export interface EmbeddedChain {
  readonly rpcUrl: string;
  readonly pid: number;
  /** Ends the process and resolves when it is gone. */
  stop(): Promise<void>;
  /** Lets it outlive this process. */
  leave(): void;
}

/**
 * Starts the embedded chain (Hardhat's node with the rules of Berlin at gas price 0: a block at once for a transaction,
 * and four a second) and waits until it answers. `port` 0 or absent: a free one; `log`: file for what the node says but questions.
 * It ends with this process unless it is left. Throws `chain/embedded-failed`.
 */
export async function startEmbeddedChain(options: { port?: number; log?: string } = {}): Promise<EmbeddedChain> {
  const port = options.port || ((await freePorts(1))[0] as number);
  const output = options.log === undefined ? "ignore" : openSync(options.log, "a");
  const args = [
    "node_modules/.bin/hardhat",
    "--config",
    "scripts/chain/embedded.config.ts",
    "node",
    "--network",
    "embedded",
    "--hostname",
    "127.0.0.1",
    "--port",
    `${port}`,
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", output, output] });
  if (typeof output === "number") closeSync(output);
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    process.removeListener("exit", kill);
    await end(child);
  };
  const rpcUrl = `http://127.0.0.1:${port}`;
  try {
    await untilItAnswers(rpcUrl, child);
    // It would write down every question that it is asked, which is a third of its work.
    await ask(rpcUrl, "hardhat_setLoggingEnabled", [false]);
  } catch (error) {
    await stop();
    throw error;
  }
  const leave = () => {
    process.removeListener("exit", kill);
    child.unref();
  };
  return { rpcUrl, pid: child.pid as number, stop, leave };
}

/** The private keys of the embedded chain's funded accounts, public knowledge: never for another chain. */
export function embeddedKey(index: number): Hex {
  const account = mnemonicToAccount("test test test test test test test test test test test junk", {
    addressIndex: index,
  });
  return bytesToHexKey(account.getHdKey().privateKey);
}

function bytesToHexKey(key: Uint8Array | null): Hex {
  if (key === null) throw new Error("a derived account has no private key");
  return `0x${Buffer.from(key).toString("hex")}`;
}

async function untilItAnswers(rpcUrl: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + startLimitMs;
  while (child.exitCode === null && Date.now() < end) {
    if (await answers(rpcUrl)) return;
    await wait(50);
  }
  throw new FarshoreError({
    code: "chain/embedded-failed",
    message: `the embedded chain did not start at ${rpcUrl}`,
    facts: { rpcUrl, exitCode: child.exitCode },
    remedy: "run `npm run build` and look at its log; another program may hold the port",
  });
}

/** True when a chain's node answers at a URL. */
export async function answers(rpcUrl: string): Promise<boolean> {
  const response = await ask(rpcUrl, "eth_chainId", []).catch(() => undefined);
  return response?.ok === true;
}

function ask(rpcUrl: string, method: string, params: readonly unknown[]): Promise<Response> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  return fetch(rpcUrl, { method: "POST", headers: { "content-type": "application/json" }, body });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}
