import { z } from "zod/v4";
import { bytesToHex, type Hex, hexToBytes } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonicalJson.ts";
import { FarshoreError } from "../core/errors.ts";
import { sha256 } from "../core/hash.ts";
import { merkleRoot } from "../crypto/merkle.ts";
import { resultKinds } from "./chainStructs.ts";
import { dealingLeaf } from "./dealingsRoot.ts";
import type { JobSpec } from "./jobSpec.ts";
import type { Model } from "./model.ts";

/** What stands for a part that a reader does not get: the hash under which the root covers it. */
export interface Omitted {
  readonly omitted: string;
}

/** One certified round: the state it started from and the signed envelope of every dealer, in their order. */
export interface RoundEvidence {
  readonly round: number;
  /** Hex of the state's bytes. */
  readonly state: string;
  /**
   * Hex of each dealer's exact signed envelope: in `clear` its content is the update, and another bank's is left out for a
   * contributor; in `shares` it is the proof of dealing, which tells nothing of the update. In round 0 the last one is that of the
   * encrypted validation rows, always left out: the rows themselves are in `validation`.
   */
  readonly updates: readonly (string | Omitted)[];
  /** Hex of the summed integers (int64, little endian) that the seats' shares opened to; null in `clear`, where the updates say it. */
  readonly sum: string | null;
}

/** Integers in 1e-9 nat (`ridgeTerm`: 2^-58 nat) as decimal strings; the fields of `JobResult` beside what they follow from. */
export interface ValuationEvidence {
  readonly kind: (typeof resultKinds)[number];
  readonly utilities: readonly string[];
  readonly scored: number;
  /** Exact: V(S) of every coalition; empty otherwise. */
  readonly table: readonly string[];
  readonly scoreTotal: string;
  readonly removed: string;
  readonly ridgeTerm: string;
}

/** Training and validation figures that were delivered beside the model. */
export interface Report {
  readonly version: 1;
  readonly rounds: number;
  readonly finishReason: string;
  /** Null where the validation rows were not those that the terms commit to. */
  readonly validation: { rows: number; auc: number; ks: number; logLoss: number; accuracy: number } | null;
}

/** Everything that `JobResult.evidenceRoot` covers, section by section. */
export interface EvidenceSections {
  readonly spec: JobSpec;
  readonly rounds: readonly RoundEvidence[];
  /** Hex of the last state's bytes. */
  readonly finalState: string;
  /** Hex of the validation rows with their salt; personal data of the evaluator, left out for contributors. */
  readonly validation: string | Omitted;
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
  /** Hex of the signed envelopes in which seats released their share of each round's sum; empty in `clear`. */
  readonly sums: readonly string[];
  /**
   * Hex of each seat's words for the projected scores, in seat order; null for a seat whose words the market did not take, and
   * for one that this copy does not hold.
   */
  readonly words: readonly (string | null)[];
}

/** Leaf of one section: SHA-256(SHA-256(name), SHA-256(canonical JSON)). */
export function sectionLeaf(name: string, value: unknown): Uint8Array {
  const text = new TextEncoder();
  return sha256(sha256(text.encode(name)), sha256(text.encode(canonicalJson(value))));
}

// Order is part of the root.
const order = ["spec", "rounds", "finalState", "validation", "valuation", "model", "report"] as const;

/** `JobResult.evidenceRoot`: Merkle root over the sections' leaves; the same for every copy of the evidence. */
export function evidenceRoot(sections: EvidenceSections): Hex {
  const leaves = order.map((name) => {
    const value = sections[name];
    if (name === "validation" && isOmitted(sections.validation)) return hexToBytes(sections.validation.omitted as Hex);
    return sectionLeaf(name, name === "rounds" ? committed(sections.rounds) : value);
  });
  return bytesToHex(merkleRoot(leaves));
}

// The root covers each update by its dealing leaf, the hash that `RoundSet.dealingsRoot` is made of. It hides the update:
// the envelope that is hashed holds its signature, which nobody but the signer can guess.
function committed(rounds: readonly RoundEvidence[]): unknown {
  return rounds.map((round) => ({ ...round, updates: round.updates.map(updateLeaf) }));
}

/** Leaf of an update (see `dealingLeaf`), whether the update is in the file or only its leaf. */
export function updateLeaf(update: string | Omitted): Hex {
  return isOmitted(update) ? (update.omitted as Hex) : dealingLeaf(hexToBytes(update as Hex));
}

/** True for a part that is left out of this copy. */
export function isOmitted(part: string | Omitted): part is Omitted {
  return typeof part !== "string";
}

/**
 * A contributor's part of the evidence (protocol, section 9): everything but the validation rows and, in `clear`, the updates of
 * others. What is left out stands as its hash; the root stays.
 * @param own indices of the contributor's assets in the job, which are the places of its updates in each round
 */
export function partOf(sections: EvidenceSections, own: ReadonlySet<number>): EvidenceSections {
  const { validation } = sections;
  const rounds = sections.rounds.map((round) => ({
    ...round,
    updates: round.updates.map((update, i) =>
      round.sum !== null || own.has(i) ? update : { omitted: updateLeaf(update) },
    ),
  }));
  const rows = isOmitted(validation) ? validation : { omitted: bytesToHex(sectionLeaf("validation", validation)) };
  return { ...sections, rounds, validation: rows };
}

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/);
const omitted = z.strictObject({ omitted: z.string().regex(/^0x[0-9a-f]{64}$/) });
const integer = z.string().regex(/^-?[0-9]{1,20}$/);
const finite = z.number();
const fileSchema = z.strictObject({
  version: z.literal(1),
  chainId: z.int().min(2),
  market: z.string().regex(/^0x[0-9a-f]{40}$/),
  jobId: z.string().regex(/^0x[0-9a-f]{64}$/),
  sections: z.strictObject({
    spec: z.unknown(),
    rounds: z.array(
      z.strictObject({
        round: z.int().min(0),
        state: hex,
        updates: z.array(z.union([hex, omitted])),
        sum: hex.nullable(),
      }),
    ),
    finalState: hex,
    validation: z.union([hex, omitted]),
    valuation: z.strictObject({
      kind: z.enum(resultKinds),
      utilities: z.array(integer),
      scored: z.int().min(0),
      table: z.array(integer),
      ...{ scoreTotal: integer, removed: integer, ridgeTerm: integer },
    }),
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
      validation: z
        .strictObject({ rows: z.int(), auc: finite, ks: finite, logLoss: finite, accuracy: finite })
        .nullable(),
    }),
  }),
  states: z.array(z.unknown()),
  sums: z.array(hex),
  words: z.array(hex.nullable()),
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
