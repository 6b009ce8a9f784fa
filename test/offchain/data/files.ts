import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type DatasetSchema, parseSchema } from "../../../offchain/data/schema.ts";

/** A folder of data files that lives as long as the suite that makes it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), "farshore-data-"));

  write(name: string, content: string | Uint8Array): string {
    const file = join(this.path, name);
    writeFileSync(file, content);
    return file;
  }

  /** Writes the rows of a SELECT as Parquet. */
  async parquet(name: string, select: string): Promise<string> {
    const file = join(this.path, name);
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(`COPY (${select}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

export const loanSchema: DatasetSchema = parseSchema({
  name: "loans",
  version: 1,
  columns: [
    { name: "id", type: "identifier", meaning: "customer" },
    { name: "income", type: "number", meaning: "monthly income", min: -10, max: 100, unit: "thousands" },
    { name: "delays", type: "integer", meaning: "months in arrears", min: 0, max: 24 },
    { name: "bad", type: "label", meaning: "defaulted within a year" },
  ],
});

/** Values that tell columns and rows apart: no two columns share a value, and the file order is not sorted. */
export const loanCsv = "id,income,delays,bad\nc9,2.5,3,1\na1,-7.25,12,0\nb5,99.125,4,1\n";

/** The code that a promise or call is refused with, and its facts. */
export async function refusalOf(
  run: () => unknown,
): Promise<{ code: string; facts: Record<string, unknown>; message: string; remedy?: string }> {
  try {
    await run();
  } catch (error) {
    return error as { code: string; facts: Record<string, unknown>; message: string };
  }
  throw new Error("nothing was refused");
}
