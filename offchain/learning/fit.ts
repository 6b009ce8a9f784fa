import type { Design } from "./design.ts";
import { exactLog } from "./exactMath.ts";
import { logisticSums } from "./logistic.ts";
import { newtonStep } from "./newton.ts";

// Newton's method on a convex loss from the base rate converges in well under this many steps, or not at all.
const stepsMost = 50;
const tolerance = 1e-10;

/** Logistic regression on one table to convergence, by the same Newton steps as a federation: the reference for a bank alone, or for pooled rows. */
export function fitLogistic(design: Design, ridge: number): Float64Array {
  const ones = design.y.reduce((sum, label) => sum + label, 0);
  let theta = new Float64Array(design.features + 1);
  theta[0] = exactLog(ones / (design.rows - ones));
  for (let step = 0; step < stepsMost; step++) {
    const next = damped(design, theta, newtonStep(theta, logisticSums(design, theta), ridge), ridge);
    const moved = Math.max(...next.map((value, j) => Math.abs(value - (theta[j] as number))));
    theta = next;
    if (moved < tolerance) break;
  }
  return theta;
}

// A whole Newton step may overshoot far from the optimum; half of it, again and again, always gains in the end.
function damped(design: Design, theta: Float64Array, full: Float64Array, ridge: number): Float64Array<ArrayBuffer> {
  const before = objective(design, theta, ridge);
  let next = Float64Array.from(full);
  for (let halving = 0; halving < 30 && !(objective(design, next, ridge) <= before); halving++) {
    next = Float64Array.from(next, (value, j) => ((theta[j] as number) + value) / 2);
  }
  return next;
}

/** Loss and penalty, what the optimum is the least of. */
function objective(design: Design, theta: Float64Array, ridge: number): number {
  const penalty = theta.reduce((sum, value, j) => sum + (j === 0 ? 0 : value * value), 0);
  return (logisticSums(design, theta)[1] as number) + (ridge / 2) * penalty;
}
