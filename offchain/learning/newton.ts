import { choleskyFactor, choleskySolve } from "./cholesky.ts";

// Oracle path: + - * / and square roots in a fixed order, so that every oracle and auditor gets the same bits.

/** gradient and Hessian of sums in the layout of logisticSums. */
function parts(sums: Float64Array, p: number): { gradient: Float64Array; hessian: Float64Array } {
  return { gradient: sums.subarray(2, 2 + p), hessian: sums.subarray(2 + p) };
}

/** H + Lambda (row-major, p * p) of sums in the layout of logisticSums; Lambda = ridge * I with 0 at the intercept. */
export function penalisedHessian(sums: Float64Array, p: number, ridge: number): Float64Array {
  return penalised(parts(sums, p).hessian, p, ridge);
}

function penalised(hessian: Float64Array, p: number, ridge: number): Float64Array {
  const matrix = new Float64Array(p * p);
  let at = 0;
  for (let a = 0; a < p; a++) {
    for (let b = a; b < p; b++) {
      const value = (hessian[at++] as number) + (a === b && a > 0 ? ridge : 0);
      matrix[a * p + b] = value;
      matrix[b * p + a] = value;
    }
  }
  return matrix;
}

function factorOf(hessian: Float64Array, p: number, ridge: number): Float64Array {
  return choleskyFactor(penalised(hessian, p, ridge), p);
}

/** Lambda theta: the gradient of the penalty, 0 at the intercept. */
export function ridgeGradient(theta: Float64Array, ridge: number): Float64Array {
  return theta.map((value, j) => (j === 0 ? 0 : ridge * value));
}

/** g - Lambda theta of the sums: the gradient of the penalised log-likelihood, what (H + Lambda)^-1 turns into a step. */
export function penalisedGradient(theta: Float64Array, sums: Float64Array, ridge: number): Float64Array {
  const penalty = ridgeGradient(theta, ridge);
  return parts(sums, theta.length).gradient.map((g, j) => g - (penalty[j] as number));
}

/**
 * theta + (H + Lambda)^-1 (g - Lambda theta) from the sums over the certified set. `ridge` in units of the transformed
 * features: 1 is scikit-learn's C = 1. Throws `learning/not-positive-definite`.
 */
export function newtonStep(theta: Float64Array, sums: Float64Array, ridge: number): Float64Array {
  const { hessian } = parts(sums, theta.length);
  const delta = choleskySolve(factorOf(hessian, theta.length, ridge), penalisedGradient(theta, sums, ridge));
  return theta.map((value, j) => value + (delta[j] as number));
}

/**
 * Each contributor's part of the step, Delta_i = (H + Lambda)^-1 (g_i - p_i Lambda theta) with the summed H: they add up to the
 * step. `weightsPpb` in parts per billion.
 */
export function newtonDeltas(
  theta: Float64Array,
  perContributor: readonly Float64Array[],
  weightsPpb: readonly number[],
  ridge: number,
): Float64Array[] {
  const p = theta.length;
  const total = new Float64Array((p * (p + 1)) / 2);
  for (const sums of perContributor) {
    parts(sums, p).hessian.forEach((value, i) => {
      total[i] = (total[i] as number) + value;
    });
  }
  const factor = factorOf(total, p, ridge);
  const penalty = ridgeGradient(theta, ridge);
  return perContributor.map((sums, i) => {
    const weight = (weightsPpb[i] as number) / 1e9;
    const right = parts(sums, p).gradient.map((g, j) => g - weight * (penalty[j] as number));
    return choleskySolve(factor, right);
  });
}
