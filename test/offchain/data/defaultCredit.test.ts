import { expect } from "chai";
import { checkDataset } from "../../../offchain/data/check.ts";
import { readTable } from "../../../offchain/data/connector.ts";
import { featuresOf } from "../../../offchain/data/schema.ts";
import { defaultCreditFile, defaultCreditSchema } from "./defaultCredit.ts";

describe("the default-of-credit-card data", () => {
  const files: [string, number, number][] = [
    ["default_credit_homo_guest.csv", 8000, 25115],
    ["default_credit_homo_host_1.csv", 8000, 23236],
    ["default_credit_homo_host_2.csv", 8000, 24633],
    ["default_credit_homo_test.csv", 6000, 18663],
  ];

  it("has 23 features x0..x22", () => {
    expect(featuresOf(defaultCreditSchema()).map((c) => c.name)).to.deep.equal(
      Array.from({ length: 23 }, (_, i) => `x${i}`),
    );
  });

  for (const [name, rows, firstId] of files) {
    it(`reads ${name}`, async function () {
      const file = defaultCreditFile(name);
      if (file === null) return this.skip();
      const table = await readTable(file, defaultCreditSchema());
      expect([table.rows, table.columns.length, table.labels.length]).to.deep.equal([rows, 23, rows]);
      expect(table.ids?.[0]).to.equal(String(firstId));
      // 22.1% of all customers default.
      expect(table.labels.reduce((a, b) => a + b, 0) / rows).to.be.within(0.2, 0.24);
    });
  }

  it("gives the first row of the guest as the file has it", async function () {
    const file = defaultCreditFile("default_credit_homo_guest.csv");
    if (file === null) return this.skip();
    const { columns, labels } = await readTable(file, defaultCreditSchema());
    expect([columns[0]?.[0], columns[6]?.[0], columns[22]?.[0], labels[0]]).to.deep.equal([
      -1.486041, -0.6685760000000001, -1.530046, 1,
    ]);
  });

  it("passes the check without refusal or warning", async function () {
    const file = defaultCreditFile("default_credit_homo_test.csv");
    if (file === null) return this.skip();
    const report = await checkDataset(file, defaultCreditSchema());
    expect([report.refusals, report.warnings, report.accepted]).to.deep.equal([[], [], true]);
  });
});
