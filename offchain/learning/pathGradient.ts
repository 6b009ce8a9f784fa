import type { Design } from "./design.ts";
import { exactExp } from "./exactMath.ts";
import { marginsOf } from "./utility.ts";

// Three-point Gauss-Legendre on [0, 1]: exact for polynomials to degree 5, so the error of one piece falls as its length^7.
const nodes = [0.1127016653792583, 0.5, 0.8872983346207417];
const weights = [5 / 18, 8 / 18, 5 / 18];

/**
 * c = integral over s in [0, 1] of the gradient of U at from + s (to - from): what moving along the public path was worth per
 * unit of each parameter, in nats of mean log-loss on the validation rows (protocol, section 6, Aumann-Shapley). Intercept
 * first. Deterministic.
 * @param pieces parts of equal length of which each gets its own three points
 */
export function pathGradient(from: Float64Array, to: Float64Array, design: Design, pieces: number): Float64Array {
  const start = marginsOf(from, design);
  const step = marginsOf(
    to.map((value, j) => value - (from[j] as number)),
    design,
  );
  const residuals = new Float64Array(design.rows);
  for (let piece = 0; piece < pieces; piece++) {
    nodes.forEach((node, k) => {
      addResiduals(residuals, start, step, design.y, (piece + node) / pieces, (weights[k] as number) / pieces);
    });
  }
  return meanOverRows(residuals, design);
}

/** Adds weight * (y - probability) at the margins start + s * step. */
function addResiduals(
  residuals: Float64Array,
  start: Float64Array,
  step: Float64Array,
  y: Uint8Array,
  s: number,
  weight: number,
): void {
  for (let i = 0; i < residuals.length; i++) {
    const margin = (start[i] as number) + s * (step[i] as number);
    const residual = (y[i] as number) - 1 / (1 + exactExp(-margin));
    residuals[i] = (residuals[i] as number) + weight * residual;
  }
}

/** X^T residuals / rows, the intercept's column of ones first. */
function meanOverRows(residuals: Float64Array, { rows, features, x }: Design): Float64Array {
  const gradient = new Float64Array(features + 1);
  for (let i = 0; i < rows; i++) {
    const residual = residuals[i] as number;
    gradient[0] = (gradient[0] as number) + residual;
    for (let j = 0; j < features; j++) {
      gradient[j + 1] = (gradient[j + 1] as number) + residual * (x[i * features + j] as number);
    }
  }
  return gradient.map((value) => value / rows);
}
