import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { privateKeyToAccount } from "viem/accounts";
import { deployTo } from "../../../deploy/deploy.ts";
import { type Chain, connectChain } from "../../../offchain/chain/client.ts";
import type { Manifest } from "../../../offchain/chain/manifest.ts";
import { Outbox } from "../../../offchain/chain/outbox.ts";
import { deposit } from "../../../offchain/chain/writes/market.ts";
import { approve } from "../../../offchain/chain/writes/tokens.ts";
import { systemClock } from "../../../offchain/core/clock.ts";
import { type EmbeddedChain, embeddedKey, startEmbeddedChain } from "../../../scripts/chain/embedded.ts";
import { startProxy } from "./rpcProxy.ts";

const script = join(import.meta.dirname, "submitOnce.ts");

describe("outbox on the embedded chain", () => {
  let embedded: EmbeddedChain;
  let manifest: Manifest;
  let chain: Chain;
  let folder: string;
  let proxy: Awaited<ReturnType<typeof startProxy>>;

  before(async function () {
    this.timeout(60_000);
    folder = mkdtempSync(join(tmpdir(), "farshore-chain-"));
    embedded = await startEmbeddedChain();
    const out = join(folder, "network.json");
    manifest = await deployTo({ rpcUrl: embedded.rpcUrl, network: "embedded", deployerKey: embeddedKey(0), out });
    chain = await connectChain({ rpcUrl: embedded.rpcUrl, manifest, pollMs: 20 });
    proxy = await startProxy(embedded.rpcUrl);
  });
  after(async () => {
    proxy?.stop();
    await embedded?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(keyIndex: number): ChildProcess {
    const args = [script, proxy.url, join(folder, "network.json"), join(folder, `outbox-${keyIndex}.sqlite`)];
    const env = { ...process.env, FARSHORE_TEST_KEY: embeddedKey(keyIndex) };
    return spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  }

  async function transactionsOf(keyIndex: number): Promise<number> {
    const { address } = privateKeyToAccount(embeddedKey(keyIndex));
    return chain.client.getTransactionCount({ address });
  }

  /** kill -9 at the moment that the proxy sees the transaction, then a second run that must end well. */
  async function killAt(moment: "before" | "after", keyIndex: number): Promise<string> {
    const victim = start(keyIndex);
    const killed = once(victim, "exit");
    const stop = async (method: string) => {
      if (method !== "eth_sendRawTransaction") return;
      victim.kill("SIGKILL");
      await killed;
      if (moment === "before") throw new Error("the node never sees it");
    };
    proxy.interception = { [moment]: (method: string) => stop(method).catch(() => new Promise(() => {})) };
    expect(await killed).to.deep.equal([null, "SIGKILL"]);
    proxy.interception = {};
    const survivor = start(keyIndex);
    const [[output]] = await Promise.all([
      once(survivor.stdout as NodeJS.ReadableStream, "data"),
      once(survivor, "exit"),
    ]);
    return String(output).trim();
  }

  it("sends after a kill -9 between storing and sending, once", async () => {
    expect(await transactionsOf(3)).to.equal(0);
    expect(await killAt("before", 3)).to.equal("done");
    expect(await transactionsOf(3)).to.equal(1);
  });

  it("does not send a second transaction after a kill -9 between sending and the receipt", async () => {
    expect(await killAt("after", 4)).to.equal("done");
    expect(await transactionsOf(4)).to.equal(1);
  });

  it("decodes the refusal of a real contract before it signs", async () => {
    const outbox = new Outbox(join(folder, "poor.sqlite"), chain, embeddedKey(5), systemClock);
    const outcome = await outbox.submit({ key: "deposit", ...deposit(chain, 5n) });
    outbox.close();
    expect(outcome).to.include({ status: "reverted", hash: null });
    expect(outcome.error?.facts).to.include({ error: "ERC20InsufficientAllowance" });
    expect(await transactionsOf(5)).to.equal(0);
  });

  it("settles 40 calls of one key at once, with nonces without a gap", async function () {
    this.timeout(30_000);
    const outbox = new Outbox(join(folder, "many.sqlite"), chain, embeddedKey(6), systemClock);
    const calls = Array.from({ length: 40 }, (_, i) => {
      return outbox.submit({ key: `call ${i}`, ...approve(chain, "StableToken", "JobMarket", BigInt(i)) });
    });
    const outcomes = await Promise.all(calls);
    outbox.close();
    expect(outcomes.map((o) => o.status)).to.deep.equal(Array(40).fill("done"));
    expect(await transactionsOf(6)).to.equal(40);
  });
});
