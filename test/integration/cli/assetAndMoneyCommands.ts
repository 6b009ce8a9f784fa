import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { exitCodes } from "../../../offchain/cli/exitCodes.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import type { Marketplace } from "../job/marketplace.ts";
import { answerOf, errorOf, patient } from "./answers.ts";

/** asset, balance, deposit, withdraw, oracle join. Wrong files are tested in job/wrongInput. */
export function assetAndMoneyCommands(m: () => Marketplace): void {
  describe("of an institution", () => {
    const home = () => m().party("bank-1").home;
    const file = () => [
      ...["--data", join(m().folder, "data", "bank_payroll.csv")],
      ...["--schema", join(m().folder, "data", "schema.json")],
    ];
    const offer = ["--population", "former customers", "--price", "12.50", "--purpose", "creditScoring"];
    let assetId: string;

    it("asset check tells columns and that nothing would be refused", async function () {
      this.timeout(patient);
      const report = await answerOf(home(), "asset", "check", ...file());
      expect(report).to.include({ accepted: true, rows: 1200 });
      expect(report.columns).to.be.an("array").with.length.greaterThan(10);
    });

    it("asset list refuses wrong amounts, then lists, and the configuration names the file", async function () {
      this.timeout(patient);
      const words = ["asset", "list", ...file(), ...offer];
      for (const wrong of [
        ["--price", "12,50"],
        ["--purpose", "gossip"],
        ["--max-jobs", "many"],
        ["--max-rounds", "99999999999"],
        ["--minimum-cohort", "-3"],
        ["--rho-per-job", "1.5"],
        ["--population-cap", "all"],
      ]) {
        await errorOf(home(), exitCodes.badInput, ...words, ...wrong);
      }
      const listed = await answerOf(home(), ...words);
      expect(listed).to.include({ rows: 1200 });
      assetId = String(listed.assetId);
      const { assets } = JSON.parse(readFileSync(join(home(), "farshore.json"), "utf8"));
      expect(assets.map((a: { assetId: string }) => a.assetId)).to.include(assetId);
    });

    it("asset show tells one listing or all, and refuses what is none", async function () {
      this.timeout(patient);
      const one = (await answerOf(home(), "asset", "show", assetId)).listings as { listing: { terms: object } }[];
      expect(one.map(({ listing }) => listing.terms)[0]).to.include({ price: "12500000" });
      expect((await answerOf(home(), "asset", "show")).listings).to.have.length(4);
      expect(await errorOf(home(), exitCodes.badInput, "asset", "show", "999")).to.equal("asset/unknown");
      expect(await errorOf(home(), exitCodes.badInput, "asset", "show", "mine")).to.equal("asset/bad-id");
    });

    it("asset list of what was made from others' data is for the lister alone where they allow internal use only", async function () {
      this.timeout(patient);
      const parent = m().assets[1] as string;
      const rows = ["--data", join(m().folder, "data", "validation.csv"), ...file().slice(2)];
      const words = ["asset", "list", ...rows, ...offer, "--parent", parent];
      expect(await errorOf(home(), exitCodes.badInput, ...words, "999")).to.equal("asset/unknown");
      const { assetId: derived } = await answerOf(home(), ...words);
      const { chain } = m().session;
      const id = BigInt(String(derived));
      expect(await chain.call("AssetRegistry", "parentsOf", [id])).to.deep.equal([BigInt(parent)]);
      const { listings } = (await answerOf(home(), "asset", "show", String(derived))) as {
        listings: { listing: { terms: { buyersRoot: string }; version: { populationId: Hex } } }[];
      };
      const [shown] = listings;
      expect(shown?.listing.terms.buyersRoot).to.not.match(/^0x0+$/);
      const { cap } = await chain.call("PrivacyLedger", "budgetOf", [shown?.listing.version.populationId as Hex]);
      expect(cap, "no budget of people whose budget is another bank's").to.equal(0n);
      await answerOf(home(), "asset", "revoke", String(derived));
    });

    it("asset revoke is the owner's, and once more changes nothing", async function () {
      this.timeout(patient);
      const words = ["asset", "revoke", assetId];
      expect(await errorOf(m().party("bank-2").home, exitCodes.refused, ...words)).to.equal("chain/revert");
      for (const _ of ["first", "again"]) {
        expect(await answerOf(home(), ...words)).to.deep.equal({ assetId, revoked: true });
      }
    });
  });

  describe("of money", () => {
    const home = () => m().party("buyer").home;
    const minor = (amount: number) => String(BigInt(amount) * 1_000_000n);
    const stable = async (where: "wallet" | "market") =>
      ((await answerOf(home(), "balance"))[where] as { stable: string }).stable;

    it("deposit and withdraw move what they are told between wallet and market, and refuse more", async function () {
      this.timeout(patient);
      const [wallet, market] = [BigInt(await stable("wallet")), BigInt(await stable("market"))];
      const deposited = await answerOf(home(), "deposit", "100.5");
      expect(deposited.market).to.include({ stable: String(market + 100_500_000n) });
      const withdrawn = await answerOf(home(), "withdraw", "--stable", "100.5");
      expect(withdrawn.wallet).to.include({ stable: String(wallet) });
      expect(await stable("market")).to.equal(String(market));
      const beyond = String(wallet / 1_000_000n + 1n);
      expect(await errorOf(home(), exitCodes.refused, "deposit", beyond)).to.equal("money/wallet-too-small");
      const tooMuch = ["withdraw", "--stable", String(market / 1_000_000n + 1n)];
      expect(await errorOf(home(), exitCodes.refused, ...tooMuch)).to.equal("money/balance-too-small");
      for (const none of [
        ["deposit", "0"],
        ["withdraw", "--stable", "0"],
      ]) {
        expect(await errorOf(home(), exitCodes.badInput, ...none), none.join(" ")).to.equal("core/bad-amount");
      }
      expect(await errorOf(home(), exitCodes.badInput, "balance", "0xabc")).to.equal("cli/bad-address");
      for (const wrong of ["much", "-1", "1.0000001"])
        await errorOf(home(), exitCodes.badInput, "deposit", "--", wrong);
      expect(await stable("wallet")).to.equal(String(wallet));
    });

    it("case open, freeze, transfer, show and close are the regulator's, each act under the case's reason", async function () {
      this.timeout(patient);
      const marketplace = m().session.config.home;
      const [buyer, oracle] = [m().party("buyer").account, m().party("oracle-1").account];
      const evidence = join(m().folder, "order.txt");
      writeFileSync(evidence, "order 17/2026\n");
      const open = ["case", "open", "order 17", "--reason", "courtOrder", "--evidence", evidence];
      expect(await errorOf(home(), exitCodes.refused, ...open)).to.equal("chain/revert");
      expect(await errorOf(marketplace, exitCodes.badInput, ...open, "--reason", "because")).to.equal(
        "core/unknown-name",
      );
      expect(await errorOf(marketplace, exitCodes.badInput, ...open, "--evidence", "nowhere")).to.equal(
        "file/unreadable",
      );
      const opened = await answerOf(marketplace, ...open);
      expect(opened).to.include({ reason: "courtOrder", closed: false });
      expect(await errorOf(marketplace, exitCodes.badInput, "case", "freeze", "order 18", buyer)).to.equal(
        "case/unknown",
      );

      await answerOf(marketplace, "case", "freeze", "order 17", buyer);
      const shown = (await answerOf(home(), "case", "show", buyer)) as { frozen: string; case: object };
      expect(shown.case).to.include({ caseId: opened.caseId, reason: "courtOrder", evidenceHash: opened.evidenceHash });
      expect(await errorOf(home(), exitCodes.refused, "deposit", "1"), "frozen money does not move").to.equal(
        "chain/revert",
      );
      const lifted = await answerOf(marketplace, "case", "freeze", "order 17", buyer, "--amount", "0");
      expect(lifted.frozen).to.equal("0");

      const before = BigInt(await stable("wallet"));
      await answerOf(marketplace, "case", "transfer", "order 17", buyer, oracle, "2.5");
      expect(await stable("wallet")).to.equal(String(before - 2_500_000n));
      await answerOf(marketplace, "case", "transfer", "order 17", oracle, buyer, "2.5");
      const seize = ["case", "transfer", "order 17", m().session.chain.address("JobMarket"), oracle, "1"];
      expect(await errorOf(marketplace, exitCodes.refused, ...seize)).to.equal("chain/revert");
      expect(await answerOf(marketplace, "case", "close", "order 17")).to.include({ closed: true });
      const late = ["case", "transfer", "order 17", buyer, oracle, "1"];
      expect(await errorOf(marketplace, exitCodes.refused, ...late)).to.equal("chain/revert");
    });

    it("oracle join adds to stake and bonds", async function () {
      this.timeout(patient);
      const { home: oracle } = m().party("oracle-1");
      const words = ["oracle", "join", "--stake", "0", "--bond", "1"];
      expect(await errorOf(oracle, exitCodes.refused, ...words)).to.equal("money/wallet-too-small");
      await answerOf(oracle, "withdraw", "--stable", "3");
      expect((await answerOf(oracle, ...words)).balance).to.equal(minor(49_998));
    });
  });
}
