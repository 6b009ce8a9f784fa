import { z } from "zod/v4";
import { bytesToHex, type Hex } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonicalJson.ts";
import { FarshoreError } from "../core/errors.ts";
import { sha256 } from "../core/hash.ts";
import { merkleRoot } from "../crypto/merkle.ts";
import type { JobSpec } from "./jobSpec.ts";
import type { Model } from "./model.ts";

/** One certified round: the state it started from and the signed envelope of every member, in the contributors' order. */
export interface RoundEvidence {
  readonly round: number;
  /** Hex of the state's bytes. */
  readonly state: string;
  /** Hex of each member's exact signed envelope, whose content is its update. */
  readonly updates: readonly string[];
}

/** Integers in 1e-9 nat as decimal strings. */
export interface ValuationEvidence {
  readonly utilities: readonly string[];
  readonly scored: number;
  readonly table: readonly string[];
}

/** Training and validation figures that were delivered beside the model. */
export interface Report {
  readonly version: 1;
  readonly rounds: number;
  readonly finishReason: string;
  readonly validation: { rows: number; auc: number; ks: number; logLoss: number; accuracy: number };
}

/** Everything that `JobResult.evidenceRoot` covers, section by section. */
export interface EvidenceSections {
  readonly spec: JobSpec;
  readonly rounds: readonly RoundEvidence[];
  /** Hex of the last state's bytes. */
  readonly finalState: string;
  /** Hex of the validation rows with their salt; personal data of the evaluator: only for regulator and buyer. */
  readonly validation: string | { readonly omitted: string };
  readonly valuation: ValuationEvidence;
  readonly model: Model;
  readonly report: Report;
}

/** The file that a party exports: sections under the root, and signatures that travel beside it. */
export interface EvidenceFile {
  readonly version: 1;
  readonly chainId: number;
  readonly market: string;
  readonly jobId: string;
  readonly sections: EvidenceSections;
  /** JSON of State attestations (see attestations.ts); RoundSet, Finish and JobResult signatures are on the chain. */
  readonly states: readonly unknown[];
}

/** Leaf of one section: SHA-256(SHA-256(name), SHA-256(canonical JSON)); an omitted section brings its leaf. */
export function sectionLeaf(name: string, value: unknown): Uint8Array {
  const text = new TextEncoder();
  return sha256(sha256(text.encode(name)), sha256(text.encode(canonicalJson(value))));
}

// Order is part of the root.
const order = ["spec", "rounds", "finalState", "validation", "valuation", "model", "report"] as const;

/** `JobResult.evidenceRoot`: Merkle root over the sections' leaves. */
export function evidenceRoot(sections: EvidenceSections): Hex {
  const leaves = order.map((name) => {
    const value = sections[name];
    if (name === "validation" && typeof value === "object" && "omitted" in value) {
      return new Uint8Array(Buffer.from(value.omitted.replace("0x", ""), "hex"));
    }
    return sectionLeaf(name, value);
  });
  return bytesToHex(merkleRoot(leaves));
}

/** The same evidence without the validation rows: for contributors. The root stays. */
export function withoutValidation(sections: EvidenceSections): EvidenceSections {
  if (typeof sections.validation !== "string") return sections;
  return { ...sections, validation: { omitted: bytesToHex(sectionLeaf("validation", sections.validation)) } };
}

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/);
const integer = z.string().regex(/^-?[0-9]{1,20}$/);
const finite = z.number();
const fileSchema = z.strictObject({
  version: z.literal(1),
  chainId: z.int().min(2),
  market: z.string().regex(/^0x[0-9a-f]{40}$/),
  jobId: z.string().regex(/^0x[0-9a-f]{64}$/),
  sections: z.strictObject({
    spec: z.unknown(),
    rounds: z.array(z.strictObject({ round: z.int().min(0), state: hex, updates: z.array(hex) })),
    finalState: hex,
    validation: z.union([hex, z.strictObject({ omitted: z.string().regex(/^0x[0-9a-f]{64}$/) })]),
    valuation: z.strictObject({ utilities: z.array(integer), scored: z.int().min(0), table: z.array(integer) }),
    model: z.strictObject({
      version: z.literal(1),
      kind: z.literal("logistic"),
      jobId: z.string(),
      specHash: z.string(),
      label: z.string(),
      features: z.array(z.strictObject({ name: z.string(), offset: finite, scale: finite, coefficient: finite })),
      intercept: finite,
      rows: finite,
      labelRate: finite,
    }),
    report: z.strictObject({
      version: z.literal(1),
      rounds: z.int(),
      finishReason: z.string(),
      validation: z.strictObject({ rows: z.int(), auc: finite, ks: finite, logLoss: finite, accuracy: finite }),
    }),
  }),
  states: z.array(z.unknown()),
});

/** Parses an evidence file; throws `evidence/malformed` that names the field. `sections.spec` is checked by `parseJobSpec`. */
export function parseEvidence(value: unknown): EvidenceFile {
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return parsed.data as unknown as EvidenceFile;
  const issue = parsed.error.issues[0];
  throw new FarshoreError({
    code: "evidence/malformed",
    message: `evidence file: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "malformed"}`,
    facts: { field: issue?.path.join(".") ?? "" },
    remedy: "export the evidence again from an oracle of the job's committee",
  });
}
