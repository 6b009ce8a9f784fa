import type { Design } from "./design.ts";
import { logLossOf } from "./exactMath.ts";
import { marginsOf } from "./utility.ts";

/** Log-odds of every row. */
export function predictMargins(theta: Float64Array, design: Design): Float64Array {
  return marginsOf(theta, design);
}

/** Mean log-loss in nats. */
export function logLoss(margins: Float64Array, labels: Uint8Array): number {
  return margins.reduce((sum, margin, i) => sum + logLossOf(margin, labels[i] as number), 0) / margins.length;
}
