import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DatasetSchema, parseSchema } from "../../offchain/data/schema.ts";
import type { Table } from "../../offchain/data/table.ts";
import { normal, seeded } from "../../scripts/portfolio/random.ts";

/** Columns of every data set of the simulation. */
export const schema: DatasetSchema = parseSchema({
  name: "small credits",
  version: 1,
  columns: [
    { name: "id", type: "identifier", meaning: "customer" },
    { name: "income", type: "number", min: 0, max: 100, meaning: "yearly income in thousands" },
    { name: "debt", type: "number", min: 0, max: 4, meaning: "debt over income" },
    { name: "default", type: "label", meaning: "1 = defaulted" },
  ],
});

/** Rows drawn from one law, some customers better off than others: the same for the same seed. */
export function drawRows(seed: number, rows: number, wealth: number): Table {
  const random = seeded(seed);
  const income = new Float64Array(rows);
  const debt = new Float64Array(rows);
  const labels = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    income[i] = round(Math.min(100, Math.max(0, wealth + 15 * normal(random))));
    debt[i] = round(Math.min(4, Math.max(0, 1.2 + 0.8 * normal(random))));
    const logOdds = -0.6 - 0.05 * ((income[i] as number) - 40) + 1.1 * ((debt[i] as number) - 1.2);
    labels[i] = random() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
  }
  return { rows, ids: Array.from({ length: rows }, (_, i) => `c${seed}-${i}`), columns: [income, debt], labels };
}

// As it stands in the file: what is read back is what was drawn.
function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** Writes rows and schema into a folder: paths of both. */
export function writeRows(folder: string, table: Table): { data: string; schema: string } {
  const [income, debt] = table.columns as [Float64Array, Float64Array];
  const lines = Array.from({ length: table.rows }, (_, i) =>
    [(table.ids as string[])[i], income[i], debt[i], table.labels[i]].join(","),
  );
  const paths = { data: join(folder, "rows.csv"), schema: join(folder, "schema.json") };
  writeFileSync(paths.data, `id,income,debt,default\n${lines.join("\n")}\n`);
  writeFileSync(paths.schema, JSON.stringify(schema));
  return paths;
}
