import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { FarshoreError } from "../../offchain/core/errors.ts";
import { readTable } from "../../offchain/data/connector.ts";
import { type DatasetSchema, featuresOf, readSchema } from "../../offchain/data/schema.ts";
import type { Table } from "../../offchain/data/table.ts";
import { fitLogistic } from "../../offchain/learning/fit.ts";
import { auc, ks } from "../../offchain/learning/metrics.ts";
import { applyTransform, momentSums, type Transform, transformFromMoments } from "../../offchain/learning/moments.ts";
import { predictMargins } from "../../offchain/learning/predict.ts";
import { defaultCreditSchema } from "../portfolio/defaultCredit.ts";
import { writePortfolio } from "../portfolio/generate.ts";

/** Files of the demo: one per bank, the buyer's validation rows, a test set that nobody trains on. */
export interface DemoData {
  readonly schemaPath: string;
  readonly schema: DatasetSchema;
  readonly banks: readonly { readonly name: string; readonly path: string }[];
  readonly validation: string;
  readonly test: string;
}

/** Generates the portfolio, or finds the files of a folder. */
export async function demoData(
  folder: string,
  dir: string | undefined,
  seed: number,
  writeFile: (path: string, text: string) => void,
): Promise<DemoData> {
  if (dir === undefined) return generated(folder, seed);
  const from = resolve(dir);
  const all = filesOf(from);
  const names = all.filter((name) => name.endsWith(".csv"));
  const homo = names.filter((name) => name.includes("homo"));
  const files = homo.length > 0 ? homo : names;
  const test = files.find((name) => name.includes("test"));
  const validation = files.find((name) => name.includes("validation")) ?? test;
  const banks = files.filter((name) => name !== test && name !== validation);
  if (test === undefined || validation === undefined || banks.length < 3) {
    throw badData(from, `no three bank files and one whose name says test among ${names.join(", ") || "its files"}`);
  }
  const schemaPath = join(folder, "schema.json");
  const own = all.includes("schema.json");
  const schema = own ? readSchema(join(from, "schema.json")) : defaultCreditSchema();
  writeFile(schemaPath, JSON.stringify(schema, null, 2));
  const bank = (name: string) => ({
    name: name.replace(/\.csv$/, "").replace(/[^a-z0-9]+/gi, "-"),
    path: join(from, name),
  });
  return { schemaPath, schema, banks: banks.map(bank), validation: join(from, validation), test: join(from, test) };
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw badData(folder, "no folder that can be read", cause);
  }
}

function badData(folder: string, why: string, cause?: unknown): FarshoreError {
  return new FarshoreError({
    code: "demo/bad-data",
    message: `--data ${folder}: ${why}`,
    remedy: "name a folder with CSV files: at least three of banks, one whose name says test, and schema.json",
    cause,
  });
}

async function generated(folder: string, seed: number): Promise<DemoData> {
  const dir = join(folder, "portfolio");
  const written = await writePortfolio(dir, { seed });
  return {
    schemaPath: join(dir, "schema.json"),
    schema: readSchema(join(dir, "schema.json")),
    banks: written.banks.map((name: string) => ({ name: name.replace(/_/g, "-"), path: join(dir, `${name}.csv`) })),
    validation: join(dir, "validation.csv"),
    test: join(dir, "test.csv"),
  };
}

/** AUC and KS on the test set. */
export interface Quality {
  readonly auc: number;
  readonly ks: number;
}

/** What each bank alone, and all rows pooled, would reach: for the demo's eyes only, no party has these rows together. */
export async function references(data: DemoData, ridge: number) {
  const tables = await Promise.all(data.banks.map(({ path }) => readTable(path, data.schema)));
  const test = await readTable(data.test, data.schema);
  const pooled = poolOf(tables);
  const alone = tables.map((table) => qualityOf(fitted(data.schema, table, ridge), test));
  const whole = fitted(data.schema, pooled, ridge);
  return { alone, pooled: qualityOf(whole, test), coefficients: whole.theta, test };
}

interface Fitted {
  readonly theta: Float64Array;
  readonly transform: Transform;
}

function fitted(schema: DatasetSchema, table: Table, ridge: number): Fitted {
  const ranges = featuresOf(schema).map(({ min, max }) => ({ min: min as number, max: max as number }));
  const transform = transformFromMoments(momentSums(table.columns, table.labels, ranges), ranges, "standardise");
  return { theta: fitLogistic(applyTransform(table.columns, table.labels, transform), ridge), transform };
}

function poolOf(tables: readonly Table[]): Table {
  const first = tables[0] as Table;
  const rows = tables.reduce((sum, t) => sum + t.rows, 0);
  const columns = first.columns.map((_, j) =>
    Float64Array.from(tables.flatMap((t) => [...(t.columns[j] as Float64Array)])),
  );
  return { rows, ids: null, columns, labels: Uint8Array.from(tables.flatMap((t) => [...t.labels])) };
}

/** Quality of a model on a test set. */
export function qualityOf({ theta, transform }: Fitted, test: Table): Quality {
  const margins = predictMargins(theta, applyTransform(test.columns, test.labels, transform));
  return { auc: auc(margins, test.labels), ks: ks(margins, test.labels) };
}
