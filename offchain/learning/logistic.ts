import type { Design } from "./design.ts";

/** Number of sums in a Newton round: rows, loss, gradient (d + 1), upper triangle of the Hessian ((d + 1)(d + 2) / 2). */
export function logisticLength(features: number): number {
  const p = features + 1;
  return 2 + p + (p * (p + 1)) / 2;
}

/**
 * One party's sums at theta: [rows, loss, gradient of the log-likelihood, upper triangle of X^T W X row by row]. Intercept
 * first. Local training, so Math.exp is allowed: what leaves is rounded to integers.
 */
export function logisticSums(design: Design, theta: Float64Array): Float64Array {
  const { rows, features, x, y } = design;
  const p = features + 1;
  const sums = new Float64Array(logisticLength(features));
  const gradient = sums.subarray(2, 2 + p);
  const hessian = sums.subarray(2 + p);
  const row = new Float64Array(p);
  row[0] = 1;
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    let margin = theta[0] as number;
    for (let j = 1; j < p; j++) {
      const value = x[i * features + j - 1] as number;
      row[j] = value;
      margin += value * (theta[j] as number);
    }
    const label = y[i] as number;
    const probability = 1 / (1 + Math.exp(-margin));
    loss +=
      margin >= 0
        ? Math.log1p(Math.exp(-margin)) + (label === 1 ? 0 : margin)
        : Math.log1p(Math.exp(margin)) - (label === 1 ? margin : 0);
    addRow(gradient, hessian, row, label - probability, probability * (1 - probability));
  }
  sums[0] = rows;
  sums[1] = loss;
  return sums;
}

function addRow(
  gradient: Float64Array,
  hessian: Float64Array,
  row: Float64Array,
  residual: number,
  weight: number,
): void {
  const p = row.length;
  let at = 0;
  for (let a = 0; a < p; a++) {
    const value = row[a] as number;
    gradient[a] = (gradient[a] as number) + residual * value;
    const weighted = weight * value;
    for (let b = a; b < p; b++) {
      hessian[at] = (hessian[at] as number) + weighted * (row[b] as number);
      at++;
    }
  }
}
