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
    const next = newtonStep(theta, logisticSums(design, theta), ridge);
    const moved = Math.max(...next.map((value, j) => Math.abs(value - (theta[j] as number))));
    theta = Float64Array.from(next);
    if (moved < tolerance) break;
  }
  return theta;
}
