import { z } from "zod/v4";
import { FarshoreError } from "../core/errors.ts";
import { type Consent, consents } from "../core/tables/consents.ts";

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
