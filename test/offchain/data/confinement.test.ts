import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { readTable } from "../../../offchain/data/connector.ts";
import { Folder, loanCsv, loanSchema, refusalOf } from "./files.ts";

/** What a program that pastes the path into SQL, on an engine without limits, would have read. */
async function readPasted(path: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  return (
    await connection.runAndReadAll(`SELECT * FROM read_csv('${path}', all_varchar = true)`)
  ).getRows() as unknown[][];
}

describe("a hostile path", () => {
  const folder = new Folder();
  after(() => folder.remove());
  const head = "id,income,delays,bad\n";

  it("ends a pasted SQL string and reads another file, but not through readTable", async () => {
    const other = folder.write("salaries.csv", "name,salary\nAda,90\n");
    const attack = `${folder.path}/loans.csv') WHERE false UNION ALL SELECT * FROM read_csv('${other}', all_varchar = true) --.csv`;
    folder.write("loans.csv", "id,income\nc9,1\n");
    expect(await readPasted(attack), "the attack works where paths are pasted").to.deep.equal([["Ada", "90"]]);
    expect((await refusalOf(() => readTable(attack, loanSchema))).code).to.equal("data/unreadable");
  });

  it("with quotes and semicolons in a file name reads that file", async () => {
    const file = folder.write(`q'); DROP TABLE x; --".csv`, loanCsv);
    expect((await readTable(file, loanSchema)).ids).to.deep.equal(["c9", "a1", "b5"]);
  });

  for (const [pattern, neighbour] of [
    ["branch*.csv", "branch7.csv"],
    ["office?.csv", "office7.csv"],
    ["team[7].csv", "team7.csv"],
  ] as const) {
    it(`named ${pattern} is read alone and not as a pattern that takes ${neighbour} in`, async () => {
      const own = folder.write(pattern, loanCsv);
      folder.write(neighbour, `${head}z1,1,1,0\nz2,1,1,1\n`);
      const pasted = (await readPasted(own)).map(([id]) => id);
      expect(pasted, "the engine expands patterns").to.include("z1");
      expect((await readTable(own, loanSchema)).ids).to.deep.equal(["c9", "a1", "b5"]);
    });
  }

  it("through a link reads the file that the link names", async () => {
    const link = join(folder.path, "link.csv");
    symlinkSync(folder.write("target.csv", loanCsv), link);
    expect((await readTable(link, loanSchema)).rows).to.equal(3);
  });

  it("in the form of a URL is no address to fetch from", async () => {
    for (const path of ["http://127.0.0.1:9/loans.csv", "s3://bucket/loans.parquet", "file:///etc/passwd.csv"]) {
      expect((await refusalOf(() => readTable(path, loanSchema))).code).to.equal("data/unreadable");
    }
  });

  it("named in a column of a Parquet file stays a name", async () => {
    const other = folder.write("salaries.csv", "name,salary\nAda,90\n");
    const name = `income" FROM read_csv('${other}') --`;
    const schema = structuredClone(loanSchema);
    (schema.columns[1] as { name: string }).name = name;
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const row = (id: string, bad: number) => `SELECT '${id}' AS id, 4.5 AS ${quoted}, 3 AS delays, ${bad} AS bad`;
    const table = await readTable(
      await folder.parquet("hostile.parquet", `${row("c9", 1)} UNION ALL ${row("a1", 0)}`),
      schema,
    );
    expect(table.columns[0]).to.deep.equal(Float64Array.of(4.5, 4.5));
  });
});
