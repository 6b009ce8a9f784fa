import { z } from "zod/v4";
import type { Hex } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonicalJson.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccakHex } from "../core/hash.ts";

const hex32 = z.string().regex(/^0x[0-9a-f]{64}$/, "expected 0x and 64 lower-case hex digits");
const address = z.string().regex(/^0x[0-9a-f]{40}$/, "expected 0x and 40 lower-case hex digits");
const amount = z
  .string()
  .regex(/^(0|[1-9][0-9]*)(\.[0-9]{1,6})?$/, "expected a decimal amount with at most 6 decimals");
const nat = z.string().regex(/^-?(0|[1-9][0-9]*)(\.[0-9]{1,9})?$/, "expected nats with at most 9 decimals");
const seconds = z.int().min(1).max(31_536_000);

const feature = z
  .strictObject({ name: z.string().min(1).max(64), min: z.number(), max: z.number() })
  .refine((f) => f.min < f.max, "expected min < max");

const asset = z.strictObject({
  assetId: z.string().regex(/^(0|[1-9][0-9]{0,77})$/, "expected a decimal asset id"),
  version: z.int().min(1),
  weightPpb: z.int().min(1).max(1_000_000_000),
  rhoNano: z.string().regex(/^(0|[1-9][0-9]{0,18})$/, "expected nano-rho as a whole number"),
  price: amount,
});

/**
 * The job specification: canonical JSON on the boards, bound to the chain by `JobTerms.specHash`. Unknown fields are
 * errors, so that nobody signs what a later release would read differently.
 */
export const jobSpecSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).max(120),
  algorithm: z.strictObject({
    name: z.literal("logistic-newton"),
    /** L2 penalty on the coefficients (not the intercept) in units of the transformed features; 1 = scikit-learn's C = 1. */
    ridge: z.number().min(0).max(1e9),
    /** Round 0 (moments) included. */
    rounds: z.int().min(2).max(256),
    /** Training stops when the summed training loss improves by less than this fraction; 0 = never. */
    plateau: z.number().min(0).max(0.5),
  }),
  features: z.array(feature).min(1).max(512),
  label: z.string().min(1).max(64),
  transform: z.enum(["standardise", "none"]),
  aggregation: z.enum(["clear", "shares", "encrypted"]),
  noiseMilli: z.int().min(0).max(4_000_000_000),
  committee: z.strictObject({ k: z.int(), t: z.int(), m: z.int(), f: z.int() }),
  purpose: z.string(),
  legalBasis: z.string(),
  codeHash: hex32,
  rulesVersion: z.int().min(0),
  tier: z.enum(["lite", "member", "core"]),
  assets: z.array(asset).min(2).max(64),
  payments: z.strictObject({ base: amount, performance: amount, oracleFee: amount }),
  /** Nats of mean log-loss, negative: the utility at which performance is paid in full. */
  utilityTarget: nat,
  deadlines: z.strictObject({
    startSeconds: seconds,
    roundSeconds: seconds,
    proposeSeconds: seconds,
    challengeSeconds: seconds,
  }),
  retentionDays: z.int().min(0).max(36_500),
  validation: z.strictObject({ root: hex32, rows: z.int().min(1).max(10_000_000), evaluator: address.nullable() }),
});

export type JobSpec = z.infer<typeof jobSpecSchema>;

/** Parses and checks a specification; throws `job/bad-spec` that names the first field at fault. */
export function parseJobSpec(value: unknown): JobSpec {
  const parsed = jobSpecSchema.safeParse(value);
  if (parsed.success) return checkSpec(parsed.data);
  const issue = parsed.error.issues[0];
  const field = issue === undefined ? "" : fieldOf(issue.path, issue);
  throw badSpec(field, issue?.message ?? "not a job specification");
}

function fieldOf(path: readonly PropertyKey[], issue: z.core.$ZodIssue): string {
  const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
  return [...path, ...keys].map(String).join(".");
}

function checkSpec(spec: JobSpec): JobSpec {
  const names = spec.features.map((f) => f.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw badSpec("features", `column ${twice} stands twice`);
  if (names.includes(spec.label)) throw badSpec("label", `column ${spec.label} is also a feature`);
  const total = spec.assets.reduce((sum, a) => sum + a.weightPpb, 0);
  if (total !== 1_000_000_000) throw badSpec("assets", `weights add up to ${total}, expected 1000000000`);
  const ids = spec.assets.map((a) => a.assetId);
  if (new Set(ids).size !== ids.length) throw badSpec("assets", "an asset stands twice");
  return spec;
}

function badSpec(field: string, reason: string): FarshoreError {
  return new FarshoreError({
    code: "job/bad-spec",
    message: `job specification: ${field === "" ? "" : `${field}: `}${reason}`,
    facts: { field, expected: reason },
    remedy: "correct the field in the request; fields that a specification does not have are refused",
  });
}

/** The bytes that boards serve and `specHash` covers. */
export function specBytes(spec: JobSpec): Uint8Array {
  return new TextEncoder().encode(canonicalJson(spec));
}

/** keccak256 of the canonical JSON. */
export function specHash(spec: JobSpec): Hex {
  return keccakHex(specBytes(spec));
}

/** Parses served bytes and checks them against the hash on the chain; throws `job/spec-mismatch` or `job/bad-spec`. */
export function openSpec(bytes: Uint8Array, expected: Hex): JobSpec {
  const had = keccakHex(bytes);
  if (had !== expected) {
    throw new FarshoreError({
      code: "job/spec-mismatch",
      message: "the served specification is not the one that the chain names",
      facts: { had, needed: expected },
      remedy: "ask another board",
    });
  }
  const spec = parseJobSpec(parseJson(bytes));
  if (keccakHex(specBytes(spec)) !== expected) throw badSpec("", "the JSON is not in canonical form (RFC 8785)");
  return spec;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new FarshoreError({ code: "job/bad-spec", message: "job specification: not JSON", cause });
  }
}
