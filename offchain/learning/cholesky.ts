import { FarshoreError } from "../core/errors.ts";

/** Lower factor L of a symmetric positive definite matrix (row-major, n * n), L L^T = matrix. Fixed order of operations. */
export function choleskyFactor(matrix: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = matrix[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (lower[i * n + k] as number) * (lower[j * n + k] as number);
      if (i === j) {
        if (!(sum > 0)) throw notPositiveDefinite(j);
        lower[j * n + j] = Math.sqrt(sum);
      } else {
        lower[i * n + j] = sum / (lower[j * n + j] as number);
      }
    }
  }
  return lower;
}

/** Solves L L^T x = right. */
export function choleskySolve(lower: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const x = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    let sum = x[i] as number;
    for (let k = 0; k < i; k++) sum -= (lower[i * n + k] as number) * (x[k] as number);
    x[i] = sum / (lower[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i] as number;
    for (let k = i + 1; k < n; k++) sum -= (lower[k * n + i] as number) * (x[k] as number);
    x[i] = sum / (lower[i * n + i] as number);
  }
  return x;
}

function notPositiveDefinite(index: number): FarshoreError {
  return new FarshoreError({
    code: "learning/not-positive-definite",
    message: `the summed Hessian is not positive definite (pivot ${index})`,
    facts: { pivot: index },
    remedy: "raise the ridge, or leave out columns that are constant or copies of others",
  });
}
