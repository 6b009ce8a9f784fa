import type { JobSpec } from "../../../offchain/protocol/jobSpec.ts";

/** A specification with values that tell fields apart. */
export function specFixture(change: Partial<JobSpec> = {}): JobSpec {
  return {
    version: 1,
    name: "credit score",
    algorithm: { name: "logistic-newton", ridge: 1, rounds: 9, plateau: 1e-7 },
    features: [
      { name: "income", min: 0, max: 500_000 },
      { name: "age", min: 18, max: 100 },
    ],
    label: "default",
    transform: "standardise",
    aggregation: "clear",
    noiseMilli: 0,
    committee: { k: 5, t: 2, m: 4, f: 1 },
    purpose: "creditScoring",
    legalBasis: "gdprLegitimateInterests",
    codeHash: `0x${"ab".repeat(32)}`,
    rulesVersion: 3,
    tier: "member",
    assets: [
      { assetId: "7", version: 1, weightPpb: 400_000_000, rhoNano: "0", price: "100" },
      { assetId: "9", version: 2, weightPpb: 350_000_000, rhoNano: "0", price: "120.5" },
      { assetId: "12", version: 1, weightPpb: 250_000_000, rhoNano: "0", price: "90" },
    ],
    payments: { base: "1000", performance: "5000", oracleFee: "250" },
    utilityTarget: "-0.35",
    deadlines: { startSeconds: 300, roundSeconds: 120, proposeSeconds: 110, challengeSeconds: 3600 },
    retentionDays: 365,
    validation: { root: `0x${"cd".repeat(32)}`, rows: 2000, evaluator: null },
    ...change,
  };
}
