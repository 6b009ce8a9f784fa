import { nameOf, numberOf } from "./lookup.ts";

/** Algorithms by the name that a job specification uses. */
export const algorithms = {
  "logistic-newton": { number: 1, title: "Logistic regression, Newton steps on summed gradients and Hessians" },
  "logistic-fedavg": { number: 2, title: "Logistic regression, federated averaging" },
  statistics: { number: 3, title: "Summed statistics" },
  scorecard: { number: 4, title: "Logistic scorecard on weight-of-evidence bins" },
  "mlp-fedavg": { number: 5, title: "Multi-layer perceptron, federated averaging" },
  boosting: { number: 6, title: "Gradient boosting on summed histograms" },
  regional: { number: 7, title: "Global model with a deviation per region" },
  "vertical-logistic": { number: 8, title: "Logistic regression over columns of several institutions" },
  "vertical-boosting": { number: 9, title: "Gradient boosting over columns of several institutions" },
  psi: { number: 10, title: "Private set intersection" },
} as const;

export type Algorithm = keyof typeof algorithms;

/** Number of a algorithm; throws `core/unknown-name`. */
export function algorithmNumber(name: string): number {
  return numberOf(algorithms, "algorithm", name);
}

/** Name of a algorithm's number; throws `core/unknown-number`. */
export function algorithmName(number: number): Algorithm {
  return nameOf(algorithms, "algorithm", number);
}
