import type { Design } from "../../../offchain/learning/design.ts";
import { normal, seeded, type Uniform } from "../../../scripts/portfolio/random.ts";

/** Rows of standard normal features whose labels follow a logistic law; every call with one seed gives the same. */
export function randomDesign(seed: number, rows: number, features: number): Design {
  const random = seeded(seed);
  const law = Float64Array.from({ length: features + 1 }, (_, j) => (j === 0 ? -0.7 : normal(random) / 2));
  const x = Float64Array.from({ length: rows * features }, () => normal(random));
  const y = Uint8Array.from({ length: rows }, (_, i) => drawLabel(random, law, x.subarray(i * features)));
  return { rows, features, x, y };
}

function drawLabel(random: Uniform, law: Float64Array, row: Float64Array): number {
  const margin = law.reduce((sum, value, j) => sum + (j === 0 ? value : value * (row[j - 1] as number)), 0);
  return random() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
}

/** A vector of normal numbers with standard deviation 0.3. */
export function randomTheta(seed: number, features: number): Float64Array {
  const random = seeded(seed);
  return Float64Array.from({ length: features + 1 }, () => 0.3 * normal(random));
}
