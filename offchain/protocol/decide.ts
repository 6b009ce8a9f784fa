import type { Consent } from "../core/tables/consents.ts";
import { parseStable } from "../core/units.ts";
import { minimumRows } from "./cohort.ts";
import type { JobSpec } from "./jobSpec.ts";
import type { Policy } from "./policy.ts";

/** What the policy is asked about. */
export interface PolicyCase {
  readonly spec: JobSpec;
  readonly buyer: string;
  readonly assetIndex: number;
  /** Hash of the release that this node runs. */
  readonly codeHash: string;
  /** Rows that this institution would contribute. */
  readonly rows: number;
  /** nano-rho committed or reserved on this asset's population in the last 30 days, by this node's own ledger. */
  readonly rhoNanoThisMonth: bigint;
}

/** `rule` is the name of the rule that decided, for the log. */
export interface PolicyDecision {
  readonly verdict: "accept" | "decline" | "person" | "two-persons";
  readonly rule: string;
  readonly reason: string;
}

type Rule = (policy: Policy, c: PolicyCase) => string | undefined;

// Each rule returns why it refuses, or nothing.
const rules: Readonly<Record<string, Rule>> = {
  purposes: (p, { spec }) => (p.purposes.includes(spec.purpose) ? undefined : `purpose ${spec.purpose} is not allowed`),
  buyers: (p, { buyer }) =>
    p.buyers === undefined || p.buyers.some((b) => b.toLowerCase() === buyer.toLowerCase())
      ? undefined
      : `buyer ${buyer} is not on the list`,
  priceFloor: (p, c) => {
    const price = c.spec.assets[c.assetIndex]?.price ?? "0";
    return parseStable(price) >= parseStable(p.priceFloor) ? undefined : `price ${price} is below ${p.priceFloor}`;
  },
  maxRounds: (p, { spec }) =>
    spec.algorithm.rounds <= p.maxRounds ? undefined : `${spec.algorithm.rounds} rounds, at most ${p.maxRounds}`,
  rhoPerJob: (p, c) =>
    rhoOf(c) <= BigInt(p.rhoNanoPerJob) ? undefined : `rho ${rhoOf(c)}, at most ${p.rhoNanoPerJob}`,
  rhoPerMonth: (p, c) =>
    rhoOf(c) + c.rhoNanoThisMonth <= BigInt(p.rhoNanoPerMonth)
      ? undefined
      : `rho ${rhoOf(c)} on top of ${c.rhoNanoThisMonth}, at most ${p.rhoNanoPerMonth} a month`,
  codeHashes: (p, { spec, codeHash }) =>
    (p.codeHashes ?? [codeHash]).includes(spec.codeHash) ? undefined : `code ${spec.codeHash} is not allowed`,
  aggregations: (p, { spec }) =>
    p.aggregations.includes(spec.aggregation) ? undefined : `aggregation ${spec.aggregation} is not allowed`,
};

function rhoOf({ spec, assetIndex }: PolicyCase): bigint {
  return BigInt(spec.assets[assetIndex]?.rhoNano ?? "0");
}

function totalOf({ spec: { payments, assets } }: PolicyCase): bigint {
  const amounts = [payments.base, payments.performance, payments.oracleFee, ...assets.map((a) => a.price)];
  return amounts.reduce((sum, a) => sum + parseStable(a), 0n);
}

const consentReasons: Readonly<Record<Consent, (c: PolicyCase) => string>> = {
  fewRows: (c) => `${c.rows} rows, sums without noise need ${minimumRows(c.spec)}`,
  clear: () => "the committee reads the updates of this job",
  sumsWithoutNoise: () => "sums without noise disclose statistics of the cohort",
};

/** What an institution must agree to beyond the terms before its rows are used so (protocol, sections 3 and 5). */
export function neededConsents(spec: JobSpec, rows: number): Consent[] {
  if (spec.noiseMilli > 0) return [];
  const few: Consent[] = rows < minimumRows(spec) ? ["fewRows"] : [];
  return [...few, ...(spec.aggregation === "clear" ? (["clear"] as const) : []), "sumsWithoutNoise"];
}

/**
 * Decides one job for one asset: the first rule that refuses declines; a manual policy leaves every job to a person, an
 * automatic one those that need a consent which it does not give.
 */
export function decide(policy: Policy, c: PolicyCase): PolicyDecision {
  const second = policy.secondPersonAbove !== undefined && totalOf(c) > parseStable(policy.secondPersonAbove);
  const waits = second ? "two-persons" : "person";
  if (policy.mode === "manual") return { verdict: waits, rule: "mode", reason: "the policy leaves jobs to a person" };
  for (const [rule, refuses] of Object.entries(rules)) {
    const reason = refuses(policy, c);
    if (reason !== undefined) return { verdict: "decline", rule, reason };
  }
  const missing = neededConsents(c.spec, c.rows).find((consent) => !policy.consents.includes(consent));
  if (missing !== undefined) {
    const reason = `${consentReasons[missing](c)}: it needs the consent ${missing}, which the policy does not give`;
    return { verdict: waits, rule: missing, reason };
  }
  if (second) {
    const reason = `more than ${policy.secondPersonAbove} in total`;
    return { verdict: "two-persons", rule: "secondPersonAbove", reason };
  }
  return { verdict: "accept", rule: "all", reason: "inside every limit of the policy" };
}
