import { expect } from "chai";
import { exitCodes } from "../../../../offchain/cli/exitCodes.ts";
import { type Marketplace, writeRequest } from "../marketplace.ts";
import { patient, refused, suspended } from "./refusals.ts";

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
