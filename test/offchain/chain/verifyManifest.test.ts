import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { HttpRequestError } from "viem";
import { parseManifest, readManifest } from "../../../offchain/chain/manifest.ts";
import { shownUrl } from "../../../offchain/chain/rpcUrl.ts";
import { verifyManifest } from "../../../offchain/chain/verifyManifest.ts";
import { FarshoreError } from "../../../offchain/core/errors.ts";
import { FakeNode, fakeManifest } from "./fakeNode.ts";

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error("it should have failed"),
    (e: unknown) => e,
  );
  return error instanceof FarshoreError ? error.code : String(error);
}

describe("manifest", () => {
  let node: FakeNode;
  const verify = () => verifyManifest(node.chain().client, fakeManifest);
  beforeEach(() => {
    node = new FakeNode();
  });

  it("refuses a chain with another id", async () => {
    node.chainId = 1338;
    expect(await codeOf(verify())).to.equal("chain/wrong-chain-id");
  });

  it("refuses Ethereum's main network, and a manifest that names it", async () => {
    node.chainId = 1;
    expect(await codeOf(verify())).to.equal("chain/main-network");
    expect(() => parseManifest(JSON.stringify({ ...fakeManifest, chainId: 1 }), "m")).to.throw(/main network/);
  });

  it("refuses a chain that began with another block", async () => {
    node.genesisHash = `0x${"f".repeat(64)}`;
    expect(await codeOf(verify())).to.equal("chain/wrong-genesis");
  });

  it("refuses a chain whose blocks count nanoseconds", async () => {
    node.timestamp = 100_000_000_000_001;
    expect(await codeOf(verify())).to.equal("chain/raft-clock");
    node.timestamp = 100_000_000_000_000;
    expect(await codeOf(verify())).to.equal("it should have failed".replace(/^/, "Error: "));
  });

  it("refuses an address without code and one with other code", async () => {
    node.code = "0x";
    expect(await codeOf(verify())).to.equal("chain/stale-manifest");
    node.code = "0x6002";
    expect(await codeOf(verify())).to.equal("chain/stale-manifest");
  });

  it("says that a node does not answer", async () => {
    node.faults.set("eth_chainId", () => {
      throw new HttpRequestError({ url: "http://node.example", status: 502 });
    });
    expect(await codeOf(verify())).to.equal("chain/unreachable");
  });

  it("names a file that is absent, is no JSON, or has an unknown field", async () => {
    const folder = mkdtempSync(join(tmpdir(), "farshore-manifest-"));
    try {
      const path = join(folder, "network.json");
      expect(await codeOf(readManifest(path))).to.equal("chain/no-manifest");
      writeFileSync(path, "{");
      expect(await codeOf(readManifest(path))).to.equal("chain/bad-manifest");
      writeFileSync(path, JSON.stringify({ ...fakeManifest, extra: 1 }));
      expect(await codeOf(readManifest(path))).to.equal("chain/bad-manifest");
      writeFileSync(path, JSON.stringify(fakeManifest));
      expect(await readManifest(path)).to.deep.equal(fakeManifest);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("shows a URL without user, password, query and path", () => {
    expect(shownUrl("https://user:secret@node.example:8545/v3/key?token=secret")).to.equal(
      "https://node.example:8545/…",
    );
    expect(shownUrl("http://127.0.0.1:8545")).to.equal("http://127.0.0.1:8545");
  });
});
