import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Design } from "../../../offchain/learning/design.ts";

const shared = process.env.FARSHORE_DATA ?? resolve(import.meta.dirname, "../../../../shared/data");

/**
 * Rows of CSV files of the shared data (id, y, x0, x1, ...), one design a file, or null (with a message) where they are absent.
 * The columns are z-scored already: they are the model's features as they stand.
 */
export function sharedDesigns(folder: string, names: readonly string[]): Design[] | null {
  const files = names.map((name) => resolve(shared, folder, `${folder}_homo_${name}.csv`));
  const missing = files.find((file) => !existsSync(file));
  if (missing === undefined) return files.map(designIn);
  console.log(`      skipped: ${folder} is not in the shared data (set FARSHORE_DATA)`);
  return null;
}

/** Three banks and the test rows of the default-of-credit-card data. */
export interface DefaultCredit {
  readonly banks: readonly Design[];
  readonly test: Design;
}

/** 3 x 8 000 and 6 000 rows, or null where the shared data is absent. */
export function defaultCredit(): DefaultCredit | null {
  const designs = sharedDesigns("default_credit", ["guest", "host_1", "host_2", "test"]);
  return designs === null ? null : { banks: designs.slice(0, 3), test: designs[3] as Design };
}

// x18 is PAY_0, the delay of the last payment in whole months, z-scored: -1, 0 and 1 months are about -0.875, 0.015, 0.904.
const lastPayment = 18;

/** The same 24 000 rows dealt to three banks by PAY_0: paid duly (<= -1), revolving (0), late (>= 1). */
export function splitByLastPayment(banks: readonly Design[]): Design[] {
  const all = pooled(banks);
  const bank = (i: number) => {
    const z = all.x[i * all.features + lastPayment] as number;
    return z < -0.5 ? 0 : z < 0.5 ? 1 : 2;
  };
  return [0, 1, 2].map((b) => rowsWhere(all, (i) => bank(i) === b));
}

/** All rows in one design, in the order of the banks. */
export function pooled(banks: readonly Design[]): Design {
  const { features } = banks[0] as Design;
  const rows = banks.reduce((sum, { rows }) => sum + rows, 0);
  const [x, y] = [new Float64Array(rows * features), new Uint8Array(rows)];
  let at = 0;
  for (const bank of banks) {
    x.set(bank.x, at * features);
    y.set(bank.y, at);
    at += bank.rows;
  }
  return { rows, features, x, y };
}

/** The rows for which `keep` holds. */
export function rowsWhere({ rows, features, x, y }: Design, keep: (row: number) => boolean): Design {
  const kept = Array.from({ length: rows }, (_, i) => i).filter(keep);
  const values = kept.flatMap((i) => [...x.subarray(i * features, (i + 1) * features)]);
  return { rows: kept.length, features, x: Float64Array.from(values), y: Uint8Array.from(kept, (i) => y[i] as number) };
}

function designIn(file: string): Design {
  const [header, ...lines] = readFileSync(file, "utf8").trim().split("\n") as [string, ...string[]];
  const features = header.split(",").length - 2;
  const [x, y] = [new Float64Array(lines.length * features), new Uint8Array(lines.length)];
  lines.forEach((line, i) => {
    const cells = line.split(",");
    y[i] = Number(cells[1]);
    for (let j = 0; j < features; j++) x[i * features + j] = Number(cells[j + 2]);
  });
  return { rows: lines.length, features, x, y };
}
