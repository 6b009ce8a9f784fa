import type { Design } from "../../offchain/learning/design.ts";

/** Rows as one array each, the way a first version is written. */
export interface PlainRows {
  /** 1, then the features. */
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
}

/** The same rows as arrays of numbers. */
export function plainRows({ rows, features, x, y }: Design): PlainRows {
  return {
    x: Array.from({ length: rows }, (_, i) => [1, ...x.subarray(i * features, (i + 1) * features)]),
    y: [...y],
  };
}

/**
 * The baseline of a Newton round: one step of ridge logistic regression on arrays of arrays, the whole Hessian, solved by
 * Gaussian elimination. Correct and unhurried; no ridge at the intercept.
 */
export function plainNewtonStep(banks: readonly PlainRows[], theta: readonly number[], ridge: number): number[] {
  const penalty = theta.map((_, j) => (j === 0 ? 0 : ridge));
  const gradient = theta.map((value, j) => -(penalty[j] as number) * value);
  const hessian = theta.map((_, a) => theta.map((_, b) => (a === b ? (penalty[a] as number) : 0)));
  for (const { x, y } of banks) {
    x.forEach((row, i) => {
      const margin = row.reduce((sum, value, j) => sum + value * (theta[j] as number), 0);
      const probability = 1 / (1 + Math.exp(-margin));
      addRow(row, (y[i] as number) - probability, probability * (1 - probability), gradient, hessian);
    });
  }
  const step = solved(hessian, gradient);
  return theta.map((value, j) => value + (step[j] as number));
}

function addRow(
  row: readonly number[],
  residual: number,
  weight: number,
  gradient: number[],
  hessian: readonly number[][],
): void {
  row.forEach((value, a) => {
    gradient[a] = (gradient[a] as number) + residual * value;
    const line = hessian[a] as number[];
    row.forEach((other, b) => {
      line[b] = (line[b] as number) + weight * value * other;
    });
  });
}

/** Gauss without pivoting: the matrix is positive definite. */
function solved(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((line, a) => [...line, right[a] as number]);
  rows.forEach((pivot, a) => {
    for (const line of rows) {
      if (line === pivot) continue;
      const factor = (line[a] as number) / (pivot[a] as number);
      for (let b = a; b < line.length; b++) line[b] = (line[b] as number) - factor * (pivot[b] as number);
    }
  });
  return rows.map((line, a) => (line.at(-1) as number) / (line[a] as number));
}
