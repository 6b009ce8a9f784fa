import { z } from "zod/v4";
import { FarshoreError } from "../core/errors.ts";
import { type Consent, consents } from "../core/tables/consents.ts";
import { parseStable } from "../core/units.ts";
import { minimumRows } from "./cohort.ts";
import type { JobSpec } from "./jobSpec.ts";

const amount = z.string().regex(/^(0|[1-9][0-9]*)(\.[0-9]{1,6})?$/, "expected a decimal amount");
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "expected an address");

const consentNames = Object.keys(consents) as [Consent, ...Consent[]];

/** Who may decide on a job, and the address of the key that signs this person's verdicts. */
const person = z.strictObject({ name: z.string().min(1).max(64), key: address });

/** An institution's policy file. What it does not allow is left to a person; what it forbids is declined. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  /** "manual": a person decides every job. "automatic": jobs inside all limits are accepted. */
  mode: z.enum(["manual", "automatic"]).default("manual"),
  purposes: z.array(z.string()).min(1),
  /** Accounts of buyers; absent = any admitted buyer. */
  buyers: z.array(address).optional(),
  /** Stable token: price of the asset at least. */
  priceFloor: amount.default("0"),
  maxRounds: z.int().min(1).default(256),
  rhoNanoPerJob: z
    .string()
    .regex(/^[0-9]+$/)
    .default("0"),
  rhoNanoPerMonth: z
    .string()
    .regex(/^[0-9]+$/)
    .default("0"),
  /** Code hashes; absent = the hash of the release that the node runs. */
  codeHashes: z.array(z.string().regex(/^0x[0-9a-f]{64}$/)).optional(),
  aggregations: z.array(z.enum(["clear", "shares", "encrypted"])).default(["shares", "encrypted"]),
  /** What the institution agrees to beyond the terms of a job: bits of its signed acceptances. */
  consents: z.array(z.enum(consentNames)).default([]),
  /** Persons who may decide, each with a key of its own; absent = whoever may write to the node's folder, under any name. */
  persons: z.array(person).min(1).optional(),
  /** A job that pays more than this in total needs a second person: two of `persons`, by their keys. */
  secondPersonAbove: amount.optional(),
  /** An acceptance that this policy signs expires after so many seconds. */
  acceptanceSeconds: z.int().min(1).max(31_536_000).default(86_400),
});
export type Policy = z.infer<typeof policySchema>;

/** The policy of an institution that wrote none: a person decides. */
export const manualPolicy: Policy = policySchema.parse({ version: 1, purposes: ["none"] });

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

/** Checks a policy file; throws `policy/malformed` with the field. */
export function parsePolicy(value: unknown): Policy {
  const parsed = policySchema.safeParse(value);
  if (parsed.success) return checkPersons(parsed.data);
  const issue = parsed.error.issues[0];
  const keys = issue?.code === "unrecognized_keys" ? issue.keys : [];
  throw malformed([...(issue?.path ?? []), ...keys].map(String).join("."), issue?.message ?? "malformed");
}

function checkPersons(policy: Policy): Policy {
  const { persons = [] } = policy;
  const distinct = (values: string[]) => new Set(values).size === values.length;
  if (!distinct(persons.map((p) => p.name))) throw malformed("persons", "a name stands twice");
  if (!distinct(persons.map((p) => p.key.toLowerCase()))) throw malformed("persons", "two persons have the same key");
  // Names without keys are the caller's word: one person with two names would pass for two.
  if (policy.secondPersonAbove !== undefined && persons.length < 2) {
    throw malformed("persons", "secondPersonAbove needs at least two persons, each with a key of its own");
  }
  return policy;
}

function malformed(field: string, reason: string): FarshoreError {
  return new FarshoreError({
    code: "policy/malformed",
    message: `policy file: ${field === "" ? "" : `${field}: `}${reason}`,
    facts: { field, expected: reason },
    remedy: "correct the field; until then nothing is accepted automatically",
  });
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
