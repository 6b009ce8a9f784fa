import { accuracy, auc, ks } from "../learning/metrics.ts";
import { predictMargins } from "../learning/predict.ts";
import { finishReasons } from "./chainStructs.ts";
import type { Report } from "./evidence.ts";
import { designOf, type LocalRows, type ModelState } from "./newtonJob.ts";

/**
 * The report that is delivered beside the model: deterministic, so that every oracle and auditor agrees.
 * @param finished rounds completed and the number of the reason, as `finish` certified them
 * @param rows the validation rows; null where they were not the committed ones
 * @param utilityLast U of the last state, 1e-9 nat
 */
export function reportOf(
  finished: { readonly completed: number; readonly reason: number },
  last: ModelState,
  rows: LocalRows | null,
  utilityLast: bigint,
): Report {
  return {
    version: 1,
    rounds: finished.completed,
    finishReason: finishReasons[finished.reason] ?? "complete",
    validation: rows === null ? null : validated(last, rows, utilityLast),
  };
}

function validated(last: ModelState, rows: LocalRows, utilityLast: bigint): Report["validation"] {
  const margins = predictMargins(last.theta, designOf(last, rows));
  return {
    rows: rows.labels.length,
    auc: auc(margins, rows.labels),
    ks: ks(margins, rows.labels),
    logLoss: -Number(utilityLast) / 1e9,
    accuracy: accuracy(margins, rows.labels),
  };
}
