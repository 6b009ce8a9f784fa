import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { exitCodes } from "../../../../offchain/cli/exitCodes.ts";
import { type Marketplace, writeRequest } from "../marketplace.ts";
import { patient, refused, suspended } from "./refusals.ts";

/** Path of validation rows that are fewer than the market's deployment asks. */
function fewRows(m: Marketplace): string {
  const lines = readFileSync(join(m.folder, "data", "validation.csv"), "utf8").split("\n");
  const path = join(m.folder, "few.csv");
  writeFileSync(path, `${lines.slice(0, 500).join("\n")}\n`);
  return path;
}

/** Requests of a buyer that become no job. */
export function refusesRequests(m: () => Marketplace): void {
  describe("in a request", () => {
    const post = (path: string, exit: number) => refused(m(), "buyer", ["job", "post", path], exit);

    it("an unknown field is refused by its name", async function () {
      this.timeout(patient);
      const top = await post(writeRequest(m(), "unknown", { colour: "red" }), exitCodes.badInput);
      expect([top.code, top.facts.field]).to.deep.equal(["job/bad-request", "colour"]);
      const algorithm = { name: "logistic-newton", momentum: 0.9 };
      const inner = await post(writeRequest(m(), "unknown-inner", { algorithm }), exitCodes.badInput);
      expect([inner.code, inner.facts.field]).to.deep.equal(["job/bad-request", "algorithm.momentum"]);
    });

    it("what no market takes or this release cannot run is refused by its field, in quote and post alike", async function () {
      // Two processes a case.
      this.timeout(3 * patient);
      const cases: readonly [string, string, object][] = [
        ["job/not-in-this-release", "aggregation", { aggregation: "encrypted" }],
        ["job/bad-request", "validation", { evaluator: `0x${"22".repeat(20)}` }],
        ["job/bad-terms", "noiseMilli", { assets: m().assets.slice(0, 2) }],
        ["job/bad-terms", "k, t, m, f", { committee: { k: 5, t: 4, m: 5, f: 0 } }],
        ["job/bad-terms", "utilityTarget", { utilityTarget: "0.5" }],
        ["job/bad-terms", "rulesVersion", { rulesVersion: 0 }],
        ["job/bad-terms", "validationRows", { validation: fewRows(m()) }],
      ];
      for (const [code, field, change] of cases) {
        const path = writeRequest(m(), "not-taken", change);
        const quoted = await refused(m(), "buyer", ["job", "quote", path], exitCodes.badInput);
        const posted = await post(path, exitCodes.badInput);
        for (const error of [quoted, posted]) {
          expect([error.code, error.facts.field], field).to.deep.equal([code, field]);
          expect(error.facts.expected, field).to.match(/\w/);
        }
      }
    });

    it("more than the balance is refused with what is missing", async function () {
      this.timeout(patient);
      const payments = { base: "99000", performance: "5000", oracleFee: "250" };
      const error = await post(writeRequest(m(), "dear", { payments }), exitCodes.refused);
      expect(error.code).to.equal("job/balance-too-small");
      expect(error.facts).to.include({ had: "100000000000", needed: "104560000000" });
      expect(error.remedy).to.contain("farshore deposit 4560");
    });

    it("of a suspended buyer is refused by the contract", async function () {
      this.timeout(patient);
      await suspended(m(), "buyer", async () => {
        const error = await post(writeRequest(m(), "suspended"), exitCodes.refused);
        expect(error.code).to.equal("chain/revert");
        expect(error.facts).to.include({ error: "JobMarket_NotActive" });
      });
    });
  });
}
