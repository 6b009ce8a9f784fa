import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { getListings } from "../../../offchain/chain/reads/listing.ts";
import * as market from "../../../offchain/chain/writes/market.ts";
import { approve } from "../../../offchain/chain/writes/tokens.ts";
import { parseStable } from "../../../offchain/core/units.ts";
import { listAsset } from "../../../offchain/sdk/assets.ts";
import { openSession, type Session } from "../../../offchain/sdk/session.ts";
import type { Marketplace } from "../job/marketplace.ts";
import { runFarshore } from "../job/program.ts";
import { answerOf, patient } from "./answers.ts";
import { sendAndDie } from "./killed.ts";

/** asset list, deposit and withdraw after a `kill -9` of the same command between sending and the block. */
export function killedCommands(m: () => Marketplace): void {
  describe("after a command that was killed", () => {
    const seven = parseStable("7");
    const buyer = () => m().party("buyer").home;
    const stable = async (where: "wallet" | "market") =>
      BigInt(((await answerOf(buyer(), "balance"))[where] as { stable: string }).stable);

    it("deposit sees that one to its end and pays nothing more, then pays anew", async function () {
      this.timeout(patient);
      const had = await stable("market");
      const session = await openSession(buyer());
      await session.send("approve:killed", approve(session.chain, "StableToken", "JobMarket", seven));
      await sendAndDie(session, `deposit:${seven}:balance:killed`, market.deposit(session.chain, seven));
      expect((await answerOf(buyer(), "deposit", "7")).moved).to.equal("earlier");
      expect(await stable("market")).to.equal(had + seven);
      const { out } = await runFarshore(buyer(), ["deposit", "7"]);
      expect(out).to.not.contain("earlier");
      expect(await stable("market")).to.equal(had + 2n * seven);
    });

    it("withdraw does the same, and any command sees it to its end", async function () {
      this.timeout(patient);
      const had = await stable("market");
      const session = await openSession(buyer());
      const left = () => sendAndDie(session, `withdraw:${seven}:0:killed`, market.withdraw(session.chain, seven, 0n));
      await left();
      const { out } = await runFarshore(buyer(), ["withdraw", "--stable", "7"]);
      expect(out).to.contain("an earlier withdrawal of the same amounts was still under way and is done now");
      expect(await stable("market")).to.equal(had - seven);
      await sendAndDie(session, "withdraw:another", market.withdraw(session.chain, seven, 0n));
      expect(await stable("market")).to.equal(had - 2n * seven);
    });

    it("asset list goes on where it stopped: one listing, which farshore.json names, and a new one once it is revoked", async function () {
      this.timeout(patient);
      const { home } = m().party("bank-2");
      const [data, schema] = ["bank_payroll.csv", "schema.json"].map((name) => join(m().folder, "data", name));
      const listings = async () => (await getListings(m().session.chain)).length;
      const before = await listings();
      const killed: Session = {
        ...(await openSession(home)),
        send: async (key, call) => {
          await sendAndDie(killed, key, call);
          throw new Error("killed");
        },
      };
      const offer = { population: "customers", price: parseStable("5"), purposes: ["creditScoring"] };
      const limits = { minimumCohort: 3, maxJobs: 0, maxRounds: 0, rhoPerJob: 0n, populationCap: 1_229_714_526n };
      const files = { data: data as string, schema: schema as string };
      const ended = await listAsset(killed, { ...files, ...offer, ...limits }).catch((error: Error) => error.message);
      expect(ended).to.equal("killed");
      const words = ["asset", "list", "--data", files.data, "--schema", files.schema, "--population", "customers"];
      const list = async () => (await answerOf(home, ...words, "--price", "5", "--purpose", "creditScoring")).assetId;
      const assetId = await list();
      expect(await listings()).to.equal(before + 1);
      const { assets } = JSON.parse(readFileSync(join(home, "farshore.json"), "utf8"));
      expect(assets.map((a: { assetId: string }) => a.assetId)).to.include(assetId);
      expect(await list(), "the same command again").to.equal(assetId);
      expect(await listings()).to.equal(before + 1);
      await answerOf(home, "asset", "revoke", String(assetId));
      expect(await list(), "after revoking").to.not.equal(assetId);
      expect(await listings()).to.equal(before + 2);
    });
  });
}
