import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { exitCodes } from "../../../../offchain/cli/exitCodes.ts";
import { startEmbeddedChain } from "../../../../scripts/chain/embedded.ts";
import type { Marketplace } from "../marketplace.ts";
import { patient, refused } from "./refusals.ts";

/** Chains that are not the manifest's, and a node that is not there. */
export function refusesOtherChains(m: () => Marketplace): void {
  describe("about the chain", () => {
    const manifestWith = (name: string, change: (manifest: Record<string, unknown>) => object): string => {
      const path = join(m().folder, `${name}.json`);
      writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(m().manifest, "utf8")))));
      return path;
    };
    const balance = (env: Readonly<Record<string, string>>, exit: number) =>
      refused(m(), "buyer", ["balance"], exit, env);

    it("a wrong chain id in the manifest is refused with both ids", async function () {
      this.timeout(patient);
      const path = manifestWith("wrong-chain", (manifest) => ({ ...manifest, chainId: 4242 }));
      const error = await balance({ FARSHORE_MANIFEST: path }, exitCodes.badInput);
      expect(error.code).to.equal("chain/wrong-chain-id");
      expect(error.facts).to.include({ needed: 4242 });
    });

    it("a stale manifest is refused with the contract whose code differs", async function () {
      this.timeout(patient);
      const path = manifestWith("stale", (manifest) => ({
        ...manifest,
        codeHashes: { ...(manifest.codeHashes as object), JobMarket: `0x${"12".repeat(32)}` },
      }));
      const error = await balance({ FARSHORE_MANIFEST: path }, exitCodes.badInput);
      expect(error.code).to.equal("chain/stale-manifest");
      expect(error.facts).to.include({ contract: "JobMarket" });
    });

    it("a chain that was started anew is not the manifest's", async function () {
      this.timeout(patient);
      const other = await startEmbeddedChain();
      try {
        const error = await balance({ FARSHORE_RPC_URL: other.rpcUrl }, exitCodes.badInput);
        expect(error.code).to.be.oneOf(["chain/wrong-genesis", "chain/stale-manifest"]);
      } finally {
        await other.stop();
      }
    });

    it("a node that runs in a party's folder refuses the same", async function () {
      this.timeout(patient);
      const run = async (env: Readonly<Record<string, string>>, exit: number) =>
        (await refused(m(), "regulator", ["node", "run"], exit, env)).code;
      const stale = { FARSHORE_MANIFEST: join(m().folder, "wrong-chain.json") };
      expect(await run(stale, exitCodes.badInput)).to.equal("chain/wrong-chain-id");
      const nowhere = { FARSHORE_RPC_URL: "http://127.0.0.1:9" };
      expect(await run(nowhere, exitCodes.unreachable)).to.equal("chain/unreachable");
    });

    it("a node that does not answer can be tried again, and is named", async function () {
      this.timeout(patient);
      const error = await balance({ FARSHORE_RPC_URL: "http://127.0.0.1:9" }, exitCodes.unreachable);
      expect(error.code).to.equal("chain/unreachable");
      expect(error.facts).to.include({ url: "http://127.0.0.1:9" });
    });
  });
}
