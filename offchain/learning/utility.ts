import type { Design } from "./design.ts";
import { logLossOf } from "./exactMath.ts";

/** Log-odds of every row: intercept + x theta, added in the order of the features. Deterministic. */
export function marginsOf(theta: Float64Array, { rows, features, x }: Design): Float64Array {
  const margins = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let margin = theta[0] as number;
    for (let j = 0; j < features; j++) margin += (x[i * features + j] as number) * (theta[j + 1] as number);
    margins[i] = margin;
  }
  return margins;
}

/** U in 1e-9 nat: minus the mean log-loss of margins, rounded to the nearest integer. */
function utilityOfMargins(margins: Float64Array, y: Uint8Array): bigint {
  let loss = 0;
  for (let i = 0; i < margins.length; i++) loss += logLossOf(margins[i] as number, y[i] as number);
  return -BigInt(Math.round((loss / margins.length) * 1e9));
}

/** Utility of a model on the validation rows, in 1e-9 nat: minus their mean log-loss. Deterministic. */
export function utility(theta: Float64Array, design: Design): bigint {
  return utilityOfMargins(marginsOf(theta, design), design.y);
}

/**
 * v(S) = U(theta + sum of the members' deltas) - U(theta) for masks 0 .. 2^n - 1 (bit i = contributor i), in 1e-9 nat. The
 * full mask is scored at `next` itself, so that rounds telescope exactly. Margins are linear: each delta is multiplied
 * with the rows once, and a coalition's margins are those of the coalition without its highest member plus that member's.
 */
export function coalitionUtilities(
  theta: Float64Array,
  next: Float64Array,
  deltas: readonly Float64Array[],
  design: Design,
): bigint[] {
  const start = marginsOf(theta, design);
  const base = utilityOfMargins(start, design.y);
  const steps = deltas.map((delta) => marginsOf(delta, design));
  const full = 2 ** deltas.length - 1;
  const values = new Array<bigint>(full + 1).fill(0n);
  const walk = (mask: number, from: number, margins: Float64Array): void => {
    if (mask !== 0 && mask !== full) values[mask] = utilityOfMargins(margins, design.y) - base;
    for (let i = from; i < steps.length; i++) walk(mask | (1 << i), i + 1, added(margins, steps[i] as Float64Array));
  };
  walk(0, 0, start);
  values[full] = utility(next, design) - base;
  return values;
}

function added(a: Float64Array, b: Float64Array): Float64Array {
  const sum = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) sum[i] = (a[i] as number) + (b[i] as number);
  return sum;
}
