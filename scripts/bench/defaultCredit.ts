import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readTable } from "../../offchain/data/connector.ts";
import { featuresOf } from "../../offchain/data/schema.ts";
import type { Table } from "../../offchain/data/table.ts";
import type { Design } from "../../offchain/learning/design.ts";
import { logisticSums } from "../../offchain/learning/logistic.ts";
import { auc } from "../../offchain/learning/metrics.ts";
import { applyTransform, baseRateState, momentSums, transformFromMoments } from "../../offchain/learning/moments.ts";
import { newtonStep } from "../../offchain/learning/newton.ts";
import { predictMargins } from "../../offchain/learning/predict.ts";
import type { Figure } from "../bench.ts";
import { defaultCreditSchema } from "../portfolio/defaultCredit.ts";
import { added, figure } from "./measure.ts";

const ridge = 1;
/** Pooled optimum on the default-of-credit-card data (scikit-learn, C = 1), reached within 1e-4 in at most 8 rounds. */
const optimumAuc = 0.72969;
const aucBar = 1e-4;
const roundsMost = 8;

/** AUC of eight federated rounds on the default-of-credit-card data and its distance from the pooled optimum; empty without the data. */
export async function aucFigures(): Promise<Figure[]> {
  const tables = await defaultCreditTables();
  if (tables === null) return [];
  const { theta, test } = trained(tables.slice(0, 3), tables[3] as Table);
  const reached = auc(predictMargins(theta, test), test.y);
  const off = Math.abs(reached - optimumAuc);
  return [
    { ...figure("AUC after 8 rounds, default_credit", reached, "", null), value: Number(reached.toFixed(6)) },
    { ...figure("its distance from the pooled optimum", off, "", aucBar), value: Number(off.toExponential(2)) },
  ];
}

function trained(banks: readonly Table[], testRows: Table): { theta: Float64Array; test: Design } {
  const ranges = featuresOf(defaultCreditSchema()).map(({ min, max }) => ({ min, max }));
  const moments = added(banks.map(({ columns, labels }) => momentSums(columns, labels, ranges)));
  // The files are z-scored: their columns are the features as they stand.
  const transform = transformFromMoments(moments, ranges, "none");
  const designs = banks.map(({ columns, labels }) => applyTransform(columns, labels, transform));
  let theta: Float64Array = baseRateState(transform);
  for (let round = 0; round < roundsMost; round++) {
    theta = newtonStep(theta, added(designs.map((design) => logisticSums(design, theta))), ridge);
  }
  return { theta, test: applyTransform(testRows.columns, testRows.labels, transform) };
}

async function defaultCreditTables(): Promise<Table[] | null> {
  const shared = process.env.FARSHORE_DATA ?? resolve(import.meta.dirname, "../../../shared/data");
  const files = ["guest", "host_1", "host_2", "test"].map((part) =>
    resolve(shared, "default_credit", `default_credit_homo_${part}.csv`),
  );
  if (files.every((file) => existsSync(file)))
    return Promise.all(files.map((f) => readTable(f, defaultCreditSchema())));
  process.stderr.write("AUC left out: default_credit is not in the shared data (set FARSHORE_DATA)\n");
  return null;
}
