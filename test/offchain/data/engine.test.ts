import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { confine } from "../../../offchain/data/duckdb.ts";
import { locateSource } from "../../../offchain/data/source.ts";
import { Folder, loanCsv, refusalOf } from "./files.ts";

describe("a confined engine", () => {
  const folder = new Folder();
  after(() => folder.remove());

  async function engine() {
    const own = folder.write("loans.csv", loanCsv);
    const other = folder.write("salaries.csv", "name,salary\nAda,90\n");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    return { own, other, connection };
  }

  it("reads the one file it was opened for, and no other: without the limit it reads both", async () => {
    const { own, other, connection } = await engine();
    const read = async (path: string) =>
      (await connection.runAndReadAll("SELECT * FROM read_csv($1)", [path])).currentRowCount;
    expect([await read(own), await read(other)]).to.deep.equal([3, 1]);
    await confine(connection, locateSource(own));
    expect(await read(own)).to.equal(3);
    expect((await refusalOf(() => read(other))).message).to.match(/Permission Error/);
  });

  it("writes nothing, loads nothing, attaches nothing, and takes no new settings", async () => {
    const { own, other, connection } = await engine();
    await confine(connection, locateSource(own));
    for (const sql of [
      `COPY (SELECT 1) TO '${folder.path}/stolen.csv'`,
      `ATTACH '${folder.path}/other.db'`,
      "INSTALL httpfs",
      "LOAD httpfs",
      "SET enable_external_access = true",
      `SET allowed_paths = ['${other}']`,
      `SELECT * FROM glob('${folder.path}/*')`,
    ]) {
      expect((await refusalOf(() => connection.run(sql))).message, sql).to.match(
        /Permission|Invalid|disabled|locked|cannot/i,
      );
    }
  });
});
