import { expect } from "chai";
import { checkDataset } from "../../../offchain/data/check.ts";
import { readTable } from "../../../offchain/data/connector.ts";
import { Folder, loanCsv, loanSchema, refusalOf } from "./files.ts";

describe("checking a dataset", () => {
  const folder = new Folder();
  after(() => folder.remove());
  const check = (text: string) => checkDataset(folder.write("loans.csv", text), loanSchema);
  const head = "id,income,delays,bad\n";

  it("throws where there is nothing to profile", async () => {
    expect((await refusalOf(() => checkDataset(`${folder.path}/absent.csv`, loanSchema))).code).to.equal(
      "data/unreadable",
    );
    expect((await refusalOf(() => checkDataset("loans.txt", loanSchema))).code).to.equal("data/unsupported-format");
  });

  it("collects every refusal, each with its count and its first rows", async () => {
    const rows = ["c9,x,3,1", "c9,101,3.5,1", "b5,,4,7", ",-99,25,"];
    const { refusals, accepted } = await check(`${head}${rows.join("\n")}\n`);
    expect(accepted).to.equal(false);
    expect(refusals.map((r) => [r.code, r.column, r.count, r.rows])).to.deep.equal([
      ["data/missing-value", "id", 1, [4]],
      ["data/duplicate-id", "id", 1, [2]],
      ["data/missing-value", "income", 1, [3]],
      ["data/not-a-number", "income", 1, [1]],
      ["data/out-of-range", "income", 2, [2, 4]],
      ["data/out-of-range", "delays", 1, [4]],
      ["data/not-an-integer", "delays", 1, [2]],
      ["data/missing-value", "bad", 1, [4]],
      ["data/out-of-range", "bad", 1, [3]],
      ["data/one-class", "bad", 0, []],
    ]);
  });

  it("lists five rows of a refusal and counts the others", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `k${i},${i < 33 ? 500 : 1},3,${i % 2}`);
    const { refusals } = await check(`${head}${rows.join("\n")}\n`);
    expect(refusals.map((r) => [r.count, r.rows])).to.deep.equal([[33, [1, 2, 3, 4, 5]]]);
    expect(refusals[0]?.message).to.equal("column income, rows 1, 2, 3, 4, 5 and 28 more: expected -10 to 100");
  });

  it("profiles the columns that are there when others are missing", async () => {
    const report = await check("id,income\nc9,2.5\na1,4.5\n");
    expect(report.refusals.map((r) => [r.code, r.column])).to.deep.equal([
      ["data/missing-column", "delays"],
      ["data/no-label", "bad"],
    ]);
    expect(report.columns.map((c) => [c.name, c.present, c.mean])).to.deep.equal([
      ["id", true, null],
      ["income", true, 3.5],
      ["delays", false, null],
      ["bad", false, null],
    ]);
    expect(report.classes).to.equal(null);
  });

  it("reports an empty file and one without any known column", async () => {
    expect((await check(head)).refusals.map((r) => r.code)).to.deep.equal(["data/no-rows"]);
    const strangers = await check("a,b\n1,2\n");
    expect(strangers.refusals.map((r) => r.code)).to.deep.equal([
      "data/missing-column",
      "data/missing-column",
      "data/missing-column",
      "data/no-label",
    ]);
    expect(strangers.warnings.map((w) => w.column)).to.deep.equal(["a", "b"]);
  });

  it("says the range, mean, distinct values and classes of a good file, and warns of what it does not read", async () => {
    const report = await check(
      "id,income,delays,bad,branch\nc9,2.5,3,1,x\na1,-7.25,3,0,x\nb5,99.25,3,1,x\nd2,2.5,3,1,x\n",
    );
    expect(report).to.deep.include({
      rows: 4,
      accepted: true,
      refusals: [],
      duplicateIds: 0,
      format: "csv",
      file: "loans.csv",
    });
    expect(report.classes).to.deep.equal({ zeros: 1, ones: 3, shareOfOnes: 0.75 });
    expect(report.columns[1]).to.deep.include({
      min: -7.25,
      max: 99.25,
      mean: 24.25,
      distinct: 3,
      declared: { min: -10, max: 100 },
    });
    expect(report.columns[0]).to.deep.include({ distinct: 4, min: null, declared: null });
    expect(report.warnings.map((w) => [w.code, w.column])).to.deep.equal([
      ["data/extra-column", "branch"],
      ["data/constant-column", "delays"],
    ]);
  });

  it("accepts exactly what readTable reads, and names first what readTable refuses", async () => {
    const texts = [loanCsv, head, `${head}c9,x,3,1\na1,1,4,0\n`, `${head}c9,1,3,1\na1,1,4,1\n`, "id,income\nc9,1\n"];
    for (const text of texts) {
      const report = await check(text);
      const read = readTable(folder.write("loans.csv", text), loanSchema);
      if (report.accepted) expect((await read).rows).to.equal(report.rows);
      else expect((await refusalOf(() => read)).code).to.equal(report.refusals[0]?.code);
    }
  });
});
