import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { commitDataset } from "../../offchain/data/commitment.ts";
import { readTable } from "../../offchain/data/connector.ts";
import { withOpenFile } from "../../offchain/data/duckdb.ts";
import { type DatasetSchema, parseSchema } from "../../offchain/data/schema.ts";
import { locateSource } from "../../offchain/data/source.ts";
import type { Table } from "../../offchain/data/table.ts";
import type { Figure } from "../bench.ts";
import { figure as figureOf } from "./measure.ts";

const committedRows = 100_000;
const readRows = 30_000;
/** 25 columns in the file: identifier, label and 23 features, as the default-of-credit data has. */
const features = 23;
const repetitions = 7;

/** Speed of the data room: commitment of 100 000 rows, CSV and Parquet of 30 000 x 25 into typed columns. */
export async function dataFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "farshore-bench-"));
  try {
    const [csv, parquet] = [join(folder, "rows.csv"), join(folder, "rows.parquet")];
    await writeRows(csv, parquet);
    const schema = benchSchema();
    const table = syntheticTable(committedRows);
    const rowObjects = await median(() => readRowObjects(parquet));
    const columns = await inOpenFile(parquet);
    return [
      // A peer is not installed: @openzeppelin/merkle-tree took 6.1 s for roots of the same size.
      figure(
        "commit 100 000 rows",
        await median(async () => void commitDataset(table, schema, new Uint8Array(32))),
        1000,
      ),
      figure("Parquet 30 000 x 25 into typed columns", columns, 30, rowObjects),
      figure(
        "readTable, Parquet 30 000 x 25, engine start and all checks included",
        await median(() => readTable(parquet, schema)),
        null,
      ),
      figure(
        "readTable, CSV 30 000 x 25, engine start and all checks included",
        await median(() => readTable(csv, schema)),
        null,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function figure(name: string, ms: number, bar: number | null, baseline: number | null = null): Figure {
  return figureOf(name, ms, "ms", bar, baseline);
}

async function median(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[repetitions >> 1] as number;
}

/** Reading alone, as the bar was set: the engine has started and the file is open. */
async function inOpenFile(path: string): Promise<number> {
  return withOpenFile(locateSource(path), (file) => median(() => file.read({ numbers: file.header.map((_, i) => i) })));
}

/** What reading would take with one object per row: the baseline of the columns. */
async function readRowObjects(path: string): Promise<unknown> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll("SELECT * FROM read_parquet($1)", [path])).getRowObjectsJS();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

async function writeRows(csv: string, parquet: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const columns = Array.from({ length: features }, (_, i) => `round(sin(i * ${i + 1}) * 50, 6) AS x${i}`);
  const select = `SELECT i AS id, ((i * 7) % 9 < 2)::INTEGER AS y, ${columns.join(", ")} FROM range(${readRows}) t(i)`;
  await connection.run(`COPY (${select}) TO '${csv.replaceAll("'", "''")}' (FORMAT csv, HEADER)`);
  await connection.run(`COPY (${select}) TO '${parquet.replaceAll("'", "''")}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

function benchSchema(): DatasetSchema {
  const numbers = Array.from({ length: features }, (_, i) => ({
    name: `x${i}`,
    type: "number",
    meaning: "synthetic",
    min: -50,
    max: 50,
  }));
  return parseSchema({
    name: "bench",
    version: 1,
    columns: [
      { name: "id", type: "identifier", meaning: "row" },
      { name: "y", type: "label", meaning: "synthetic" },
      ...numbers,
    ],
  });
}

function syntheticTable(rows: number): Table {
  return {
    rows,
    ids: Array.from({ length: rows }, (_, i) => String(i)),
    columns: Array.from({ length: features }, (_, c) =>
      Float64Array.from({ length: rows }, (_, i) => Math.sin(i * (c + 1))),
    ),
    labels: Uint8Array.from({ length: rows }, (_, i) => (i % 9 < 2 ? 1 : 0)),
  };
}
