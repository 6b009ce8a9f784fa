import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { deployTo } from "../../../deploy/deploy.ts";
import { connectChain } from "../../../offchain/chain/client.ts";
import { type Manifest, readManifest } from "../../../offchain/chain/manifest.ts";
import { FarshoreError } from "../../../offchain/core/errors.ts";
import { type EmbeddedChain, embeddedKey, startEmbeddedChain } from "../../../scripts/chain/embedded.ts";

/** Seconds by which the embedded chain's clock may be behind: it rounds down, and counts from its start. */
const clockLagSeconds = 10;

describe("a deployment on the embedded chain", () => {
  let embedded: EmbeddedChain;
  let manifest: Manifest;
  let folder: string;
  let out: string;

  const failure = async (rpcUrl: string, changed: Partial<Manifest>): Promise<FarshoreError> => {
    const error = await connectChain({ rpcUrl, manifest: { ...manifest, ...changed } }).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(FarshoreError);
    return error as FarshoreError;
  };

  before(async function () {
    this.timeout(60_000);
    folder = mkdtempSync(join(tmpdir(), "farshore-deploy-"));
    out = join(folder, "network.json");
    embedded = await startEmbeddedChain();
    manifest = await deployTo({ rpcUrl: embedded.rpcUrl, network: "embedded", deployerKey: embeddedKey(0), out });
  });
  after(async () => {
    await embedded?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is refused under another chain id, another genesis, or where a contract is another", async () => {
    expect((await failure(embedded.rpcUrl, { chainId: 1338 })).code).to.equal("chain/wrong-chain-id");
    expect((await failure(embedded.rpcUrl, { genesisHash: `0x${"0".repeat(64)}` })).code).to.equal(
      "chain/wrong-genesis",
    );
    const { JobMarket, CommitRevealBeacon } = manifest.contracts;
    const swapped = { ...manifest.contracts, JobMarket: CommitRevealBeacon, CommitRevealBeacon: JobMarket };
    expect((await failure(embedded.rpcUrl, { contracts: swapped })).code).to.equal("chain/stale-manifest");
    const empty = { ...manifest.contracts, JobMarket: `0x${"9".repeat(40)}` } as const;
    expect((await failure(embedded.rpcUrl, { contracts: empty })).facts).to.include({
      contract: "JobMarket",
      had: null,
    });
  });

  it("is unreachable, without credentials in the error, where no node listens", async () => {
    const error = await failure("http://user:secret@127.0.0.1:1", {});
    expect(error).to.include({ code: "chain/unreachable", retryable: true });
    expect(error.facts.url).to.equal("http://127.0.0.1:1");
    expect(`${error.message}${error.cause}${error.stack}`).to.not.include("secret");
  });

  it("refuses the manifest of a chain that was started anew", async function () {
    this.timeout(60_000);
    const another = await startEmbeddedChain();
    const error = await failure(another.rpcUrl, {});
    await another.stop();
    expect(error.code).to.equal("chain/wrong-genesis");
  });

  it("writes a manifest that connects", async () => {
    const chain = await connectChain({ rpcUrl: embedded.rpcUrl, manifest: await readManifest(out) });
    expect(await chain.call("JobMarket", "domainSeparator", [])).to.match(/^0x[0-9a-f]{64}$/);
  });

  it("keeps its clock with the wall clock, not ahead of it, whatever number of blocks is made", async function () {
    this.timeout(10_000);
    const chain = await connectChain({ rpcUrl: embedded.rpcUrl, manifest });
    const ahead = (await chain.headTime()) - Date.now() / 1_000;
    expect(ahead).to.be.within(-clockLagSeconds, 0.1);
    expect(Number(await chain.client.getBlockNumber())).to.be.greaterThan(20);
  });
});
