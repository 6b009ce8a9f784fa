import { z } from "zod/v4";
import type { Hex } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonicalJson.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccakHex } from "../core/hash.ts";
import { jurisdictions } from "../core/tables/jurisdictions.ts";
import { type LegalBasis, legalBases } from "../core/tables/legalBases.ts";
import { type Purpose, purposes } from "../core/tables/purposes.ts";
import type { JobSpec } from "./jobSpec.ts";

const purposeNames = Object.keys(purposes) as [Purpose, ...Purpose[]];
const basisNames = Object.keys(legalBases) as [LegalBasis, ...LegalBasis[]];
const jurisdiction = z.string().refine((code) => code === "*" || Object.hasOwn(jurisdictions, code), {
  message: "expected an ISO 3166-1 alpha-2 code or *",
});
const basesList = z.array(z.enum(basisNames)).min(1);

/**
 * The compliance rules of the marketplace: canonical JSON on the boards, bound to the chain by its hash in the RuleBook.
 * `text` is what people agreed to, the other fields are what every node checks of each job by itself.
 */
export const rulesSchema = z.strictObject({
  version: z.literal(1),
  title: z.string().min(1).max(120),
  text: z.string().min(1).max(100_000),
  minimumValidationRows: z.int().min(1),
  purposes: z.array(z.enum(purposeNames)).min(1),
  /** Legal bases by the contributor's jurisdiction; `*` holds where a jurisdiction has no entry of its own. */
  legalBases: z.record(jurisdiction, basesList).refine((bases) => bases["*"] !== undefined, "expected an entry for *"),
  /** Least noise multiplier × 1000 by purpose; a purpose without an entry needs none. */
  leastNoiseMilli: z.partialRecord(z.enum(purposeNames), z.int().min(1)),
});
export type Rules = z.infer<typeof rulesSchema>;

/** Parses rules; throws `rules/malformed` with the field. */
export function parseRules(value: unknown): Rules {
  const parsed = rulesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const keys = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const field = [...(issue?.path ?? []), ...keys].map(String).join(".");
  throw malformed(field, issue?.message ?? "malformed");
}

/** The bytes that boards serve and the RuleBook's hash covers. */
export function rulesBytes(rules: Rules): Uint8Array {
  return new TextEncoder().encode(canonicalJson(rules));
}

/** Parses served bytes and checks them against the hash on the chain; throws `rules/mismatch` or `rules/malformed`. */
export function openRules(bytes: Uint8Array, expected: Hex): Rules {
  const had = keccakHex(bytes);
  if (had !== expected) {
    throw new FarshoreError({
      code: "rules/mismatch",
      message: "the served rules are not the ones that the chain names",
      facts: { had, needed: expected },
      remedy: "ask another board",
    });
  }
  return parseRules(parseJson(bytes));
}

/**
 * Why a job breaks rules; undefined when it keeps them. `jurisdiction`: the contributor's, alpha-2: whose law its rows are
 * under.
 */
export function rulesRefusal(rules: Rules, spec: JobSpec, jurisdiction: string): string | undefined {
  const { purpose, legalBasis, validation, noiseMilli } = spec;
  if (!rules.purposes.some((name) => name === purpose)) return `purpose ${purpose} is not allowed`;
  const bases = rules.legalBases[jurisdiction] ?? rules.legalBases["*"] ?? [];
  if (!bases.some((name) => name === legalBasis)) return `legal basis ${legalBasis} does not hold in ${jurisdiction}`;
  if (validation.rows < rules.minimumValidationRows) {
    return `${validation.rows} validation rows, at least ${rules.minimumValidationRows}`;
  }
  const least = rules.leastNoiseMilli[purpose as Purpose] ?? 0;
  return noiseMilli < least ? `noise multiplier ${noiseMilli}/1000, at least ${least}/1000 for ${purpose}` : undefined;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed("", "not JSON", cause);
  }
}

function malformed(field: string, reason: string, cause?: unknown): FarshoreError {
  return new FarshoreError({
    code: "rules/malformed",
    message: `rules document: ${field === "" ? "" : `${field}: `}${reason}`,
    facts: { field, expected: reason },
    remedy: "publish a document with the fields of offchain/protocol/rules.ts; a node obeys no other",
    cause,
  });
}
