import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readTable } from "../../../offchain/data/connector.ts";
import { Folder, loanCsv, loanSchema, refusalOf } from "./files.ts";

describe("reading a table", () => {
  const folder = new Folder();
  after(() => folder.remove());

  const csv = (text: string) => folder.write("loans.csv", text);
  const read = (text: string) => () => readTable(csv(text), loanSchema);
  const head = "id,income,delays,bad\n";

  describe("refuses a CSV", () => {
    const cases: [string, string, string, string | null, number | null][] = [
      ["with a missing column", "id,income,bad\nc9,2.5,1\na1,3,0\n", "data/missing-column", "delays", null],
      [
        "whose column differs by case only",
        "id,Income,delays,bad\nc9,2.5,3,1\na1,1,1,0\n",
        "data/missing-column",
        "income",
        null,
      ],
      [
        "with a column twice",
        "id,income,delays,bad,income\nc9,2.5,3,1,4\na1,1,1,0,5\n",
        "data/duplicate-column",
        "income",
        null,
      ],
      ["without a label", "id,income,delays\nc9,2.5,3\na1,1,1\n", "data/no-label", "bad", null],
      ["with 0 rows", head, "data/no-rows", null, null],
      ["with text in a number", `${head}c9,2.5,3,1\na1,much,4,0\n`, "data/not-a-number", "income", 2],
      ["with a decimal comma", `${head}c9,2.5,3,1\na1,"1,5",4,0\n`, "data/not-a-number", "income", 2],
      ["with digits grouped by underscores", `${head}c9,2.5,3,1\na1,1_0,4,0\n`, "data/not-a-number", "income", 2],
      ["with NaN", `${head}c9,NaN,3,1\na1,1,4,0\n`, "data/not-a-number", "income", 1],
      ["with a hexadecimal number", `${head}c9,0x1F,3,1\na1,1,4,0\n`, "data/not-a-number", "income", 1],
      ["with an infinite number", `${head}c9,inf,3,1\na1,1,4,0\n`, "data/out-of-range", "income", 1],
      ["with a missing value", `${head}c9,2.5,3,1\na1,1,4,0\nb5,,5,1\n`, "data/missing-value", "income", 3],
      ["with a blank value", `${head}c9,2.5,3,1\na1,1,"  ",0\n`, "data/missing-value", "delays", 2],
      ["with a value below its range", `${head}c9,-10.001,3,1\na1,1,4,0\n`, "data/out-of-range", "income", 1],
      ["with a value above its range", `${head}c9,2.5,3,1\na1,1,25,0\n`, "data/out-of-range", "delays", 2],
      [
        "with a fraction where integers are declared",
        `${head}c9,2.5,3.5,1\na1,1,4,0\n`,
        "data/not-an-integer",
        "delays",
        1,
      ],
      [
        "with a label that is neither 0 nor 1",
        `${head}c9,2.5,3,1\na1,1,4,2\nb5,1,4,0\n`,
        "data/out-of-range",
        "bad",
        2,
      ],
      ["with a label between 0 and 1", `${head}c9,2.5,3,1\na1,1,4,0.5\nb5,1,4,0\n`, "data/out-of-range", "bad", 2],
      ["with text as label", `${head}c9,2.5,3,yes\na1,1,4,no\n`, "data/not-a-number", "bad", 1],
      ["without the label of a row", `${head}c9,2.5,3,1\na1,1,4,\nb5,1,4,0\n`, "data/missing-value", "bad", 2],
      ["with one class only", `${head}c9,2.5,3,1\na1,1,4,1\n`, "data/one-class", "bad", null],
      ["without the identifier of a row", `${head}c9,2.5,3,1\n,1,4,0\n`, "data/missing-value", "id", 2],
      ["with an identifier twice", `${head}c9,2.5,3,1\na1,1,4,0\nc9,1,4,0\n`, "data/duplicate-id", "id", 3],
    ];
    for (const [what, text, code, column, row] of cases) {
      it(`${what}: ${code}`, async () => {
        const refused = await refusalOf(read(text));
        expect([refused.code, refused.facts.column, refused.facts.row]).to.deep.equal([code, column, row]);
        expect(refused.facts.file).to.equal("loans.csv");
        expect(refused.facts.expected).to.be.a("string");
        expect(refused.remedy).to.be.a("string");
      });
    }

    it("and says how many other refusals there are", async () => {
      const refused = await refusalOf(read(`${head}c9,x,3,1\na1,y,4,7\n`));
      expect(refused.facts).to.include({ count: 2, others: 2 });
    });

    it("without quoting a value: rows are personal data", async () => {
      const secret = "Ada-Lovelace";
      const texts = [
        `${head}${secret},x,3,1\n${secret},1,4,0\n`,
        `${head}c9,${secret},3,1\na1,1,4,0\n`,
        `${head}c9,${secret}\na1,1,4,0\n`,
        `${head}c9,"${secret},3,1\n`,
      ];
      for (const text of texts) {
        const refused = await refusalOf(read(text));
        expect(
          JSON.stringify([refused.message, refused.facts, String((refused as { cause?: unknown }).cause)]),
        ).not.to.contain(secret);
      }
    });
  });

  describe("refuses a file", () => {
    const cases: [string, () => string, string][] = [
      ["that is absent", () => join(folder.path, "absent.csv"), "data/unreadable"],
      [
        "that is a folder",
        () =>
          mkdirSync(join(folder.path, "folder.csv", "inside"), { recursive: true })?.replace(/.inside$/, "") as string,
        "data/unreadable",
      ],
      ["of another format", () => folder.write("loans.xlsx", "PK"), "data/unsupported-format"],
      ["without an extension", () => folder.write("loans", loanCsv), "data/unsupported-format"],
      ["at an address on the network", () => "https://bank.example/loans.csv", "data/unreadable"],
      ["that is CSV under the name of Parquet", () => folder.write("loans.parquet", loanCsv), "data/unreadable"],
      [
        "that is not UTF-8",
        () => csv2(Buffer.from("id,income,delays,bad\nM\xfcller,1,2,1\n", "latin1")),
        "data/unreadable",
      ],
      ["with a line too short", () => csv(`${head}c9,2.5,3,1\na1,1\n`), "data/unreadable"],
      ["with a line too long", () => csv(`${head}c9,2.5,3,1\na1,1,4,0,9\n`), "data/unreadable"],
      ["with a quote left open", () => csv(`${head}"c9,2.5,3,1\na1,1,4,0\n`), "data/unreadable"],
      ["separated by semicolons", () => csv("id;income;delays;bad\nc9;2;3;1\na1;1;4;0\n"), "data/missing-column"],
      ["of no bytes", () => csv(""), "data/missing-column"],
    ];
    const csv2 = (bytes: Uint8Array) => folder.write("latin.csv", bytes);
    for (const [what, path, code] of cases) {
      it(`${what}: ${code}`, async () => {
        expect((await refusalOf(() => readTable(path(), loanSchema))).code).to.equal(code);
      });
    }

    it("and names the line that has too few fields", async () => {
      expect((await refusalOf(read(`${head}c9,2.5,3,1\na1,1\nb5,1,4,0\n`))).facts.line).to.equal(3);
    });
  });

  describe("refuses a Parquet file", () => {
    const row = "'c9' AS id, 2.5 AS income, 3 AS delays, 1 AS bad";
    const cases: [string, string, string, string, number | null][] = [
      ["with a missing column", "SELECT 'c9' AS id, 2.5 AS income, 1 AS bad", "data/missing-column", "delays", null],
      ["without a label", "SELECT 'c9' AS id, 2.5 AS income, 3 AS delays", "data/no-label", "bad", null],
      ["with a null", `SELECT ${row} UNION ALL SELECT 'a1', NULL, 4, 0`, "data/missing-value", "income", 2],
      ["with NaN", `SELECT ${row} UNION ALL SELECT 'a1', 'NaN'::DOUBLE, 4, 0`, "data/not-a-number", "income", 2],
      [
        "with a column of dates",
        "SELECT 'c9' AS id, DATE '2024-01-01' AS income, 3 AS delays, 1 AS bad",
        "data/not-a-number",
        "income",
        1,
      ],
      [
        "with text in a column of text",
        "SELECT 'c9' AS id, 'x' AS income, 3 AS delays, 1 AS bad",
        "data/not-a-number",
        "income",
        1,
      ],
      ["with one class only", `SELECT ${row}`, "data/one-class", "bad", null],
      ["with an identifier twice", `SELECT ${row} UNION ALL SELECT 'c9', 1, 4, 0`, "data/duplicate-id", "id", 2],
    ];
    for (const [what, select, code, column, rowNumber] of cases) {
      it(`${what}: ${code}`, async () => {
        const file = await folder.parquet("loans.parquet", select);
        const refused = await refusalOf(() => readTable(file, loanSchema));
        expect([refused.code, refused.facts.column, refused.facts.row]).to.deep.equal([code, column, rowNumber]);
      });
    }

    it("with 0 rows: data/no-rows", async () => {
      const file = await folder.parquet("loans.parquet", `SELECT ${row} LIMIT 0`);
      expect((await refusalOf(() => readTable(file, loanSchema))).code).to.equal("data/no-rows");
    });
  });

  describe("of a good file", () => {
    const expected = {
      rows: 3,
      ids: ["c9", "a1", "b5"],
      columns: [Float64Array.of(2.5, -7.25, 99.125), Float64Array.of(3, 12, 4)],
      labels: Uint8Array.of(1, 0, 1),
    };

    it("gives typed columns in the order of the schema and rows in the order of the file", async () => {
      expect(await readTable(csv(loanCsv), loanSchema)).to.deep.equal(expected);
    });

    it("gives the same table from CSV and from Parquet of several types", async () => {
      const select = `SELECT unnest(['c9', 'a1', 'b5']) AS id, unnest([1, 0, 1])::BOOLEAN AS bad,
        unnest([3, 12, 4])::UTINYINT AS delays, unnest(['2.5', '-7.25', '99.125']) AS income`;
      expect(await readTable(await folder.parquet("loans.parquet", select), loanSchema)).to.deep.equal(expected);
    });

    it("takes columns in any order, further columns, quotes, CRLF, a byte order mark and no last line end", async () => {
      const text =
        '\ufeffbad,note,"income",id,delays\r\n1,"a, ""b""\nc",2.5,c9,3\r\n0,,-7.25,a1,12\r\n1,"",99.125,"b5",4';
      expect(await readTable(csv(text), loanSchema)).to.deep.equal(expected);
    });

    it("takes values at both ends of their range", async () => {
      const table = await readTable(csv(`${head}c9,-10,0,1\na1,100,24,0\n`), loanSchema);
      expect(table.columns).to.deep.equal([Float64Array.of(-10, 100), Float64Array.of(0, 24)]);
    });

    it("keeps identifiers as they are written: leading zeros, and integers beyond 2^53 in Parquet", async () => {
      const text = await readTable(csv(`${head}007,1,2,1\n7,1,2,0\n`), loanSchema);
      expect(text.ids).to.deep.equal(["007", "7"]);
      const select =
        "SELECT 9007199254740993 AS id, 1 AS income, 2 AS delays, 1 AS bad UNION ALL SELECT 9007199254740992, 1, 2, 0";
      const integers = await readTable(await folder.parquet("loans.parquet", select), loanSchema);
      expect(integers.ids).to.deep.equal(["9007199254740993", "9007199254740992"]);
    });

    it("keeps every bit of a float64", async () => {
      const value = 0.1 + 0.2;
      const table = await readTable(csv(`${head}c9,${value},3,1\na1,1e-320,4,0\n`), loanSchema);
      expect([...(table.columns[0] as Float64Array)]).to.deep.equal([value, 1e-320]);
    });

    it("keeps the order of the file over many chunks and row groups", async () => {
      const rows = 130_000;
      const select = `SELECT (i * 7919) % ${rows} AS id, i % 90 AS income, i % 24 AS delays, i % 2 AS bad FROM range(${rows}) t(i)`;
      const table = await readTable(await folder.parquet("many.parquet", select), loanSchema);
      expect(table.rows).to.equal(rows);
      const outOfOrder = table.ids?.findIndex(
        (id, i) => Number(id) !== (i * 7919) % rows || table.columns[0]?.[i] !== i % 90,
      );
      expect(outOfOrder).to.equal(-1);
    });
  });
});
