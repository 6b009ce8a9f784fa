import { z } from "zod/v4";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { formatStable, parseStable, weightsByRows } from "../core/units.ts";
import { type DatasetSchema, featuresOf } from "../data/schema.ts";
import { type JobSpec, parseJobSpec } from "../protocol/jobSpec.ts";

const amount = z.string().regex(/^(0|[1-9][0-9]*)(\.[0-9]{1,6})?$/, "expected a decimal amount");

/** What a buyer writes; everything else follows from the listings and gets a default. */
export const jobRequestSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).max(120),
  purpose: z.string(),
  legalBasis: z.string(),
  /** Asset ids. */
  assets: z.array(z.string().regex(/^[0-9]+$/)).min(2),
  algorithm: z
    .strictObject({
      name: z.literal("logistic-newton").default("logistic-newton"),
      ridge: z.number().min(0).default(1),
      rounds: z.int().min(2).default(9),
      plateau: z.number().min(0).max(0.5).default(1e-7),
    })
    .default({ name: "logistic-newton", ridge: 1, rounds: 9, plateau: 1e-7 }),
  transform: z.enum(["standardise", "none"]).default("standardise"),
  aggregation: z.enum(["clear", "shares", "encrypted"]).default("shares"),
  committee: z.strictObject({ k: z.int(), t: z.int(), m: z.int(), f: z.int() }).default({ k: 5, t: 2, m: 4, f: 1 }),
  tier: z.enum(["lite", "member", "core"]).default("member"),
  payments: z.strictObject({ base: amount, performance: amount, oracleFee: amount }),
  utilityTarget: z.string(),
  deadlines: z
    .strictObject({ startSeconds: z.int(), roundSeconds: z.int(), proposeSeconds: z.int(), challengeSeconds: z.int() })
    .default({ startSeconds: 604_800, roundSeconds: 3600, proposeSeconds: 3600, challengeSeconds: 86_400 }),
  retentionDays: z.int().default(365),
  rulesVersion: z.int().default(1),
  /**
   * CSV or Parquet of the buyer's own validation rows, with the columns of the listings' schema; with an evaluator, what it
   * committed to (`farshore validation commit`).
   */
  validation: z.union([
    z.string().min(1),
    z.strictObject({
      root: z.string().regex(/^0x[0-9a-f]{64}$/, "expected 0x and 64 lower-case hex digits"),
      rows: z.int().min(1),
    }),
  ]),
  evaluator: z.string().nullable().default(null),
});
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** Checks a request file; throws `job/bad-request` with the field. */
export function parseJobRequest(value: unknown): JobRequest {
  const parsed = jobRequestSchema.safeParse(value);
  if (parsed.success) return expectWhoseRows(parsed.data);
  const issue = parsed.error.issues[0];
  const keys = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const field = [...(issue?.path ?? []), ...keys].map(String).join(".");
  throw new FarshoreError({
    code: "job/bad-request",
    message: `job request: ${field}: ${issue?.message ?? "malformed"}`,
    facts: { field },
    remedy: "correct the field; unknown fields are refused",
  });
}

// Rows that an evaluator committed to never pass through the buyer's hands; without one they are the buyer's own file.
function expectWhoseRows(request: JobRequest): JobRequest {
  if ((request.evaluator === null) === (typeof request.validation === "string")) return request;
  const expected =
    request.evaluator === null
      ? "the path of the buyer's own rows; a root needs an evaluator that committed to it"
      : "{ root, rows } as the evaluator's farshore validation commit printed them";
  throw new FarshoreError({
    code: "job/bad-request",
    message: `job request: validation: expected ${expected}`,
    facts: { field: "validation", expected },
    remedy: "correct validation or evaluator",
  });
}

/** What the marketplace says about one asset of a request. */
export interface ListedAsset {
  readonly assetId: string;
  readonly version: number;
  readonly rows: number;
  /** Stable minor units. */
  readonly price: bigint;
  readonly schema: DatasetSchema;
}

/** The full specification: weights by committed rows, prices as listed, features of the assets' common schema. */
export function specOfRequest(
  request: JobRequest,
  assets: readonly ListedAsset[],
  validation: { root: Hex; rows: number },
  codeHash: Hex,
): JobSpec {
  const weights = weightsByRows(assets.map((a) => a.rows));
  const schema = commonSchema(assets);
  const { version, name, purpose, legalBasis, algorithm, transform, aggregation, committee, tier } = request;
  return parseJobSpec({
    ...{ version, name, purpose, legalBasis, algorithm, transform, aggregation, committee, tier, codeHash },
    features: featuresOf(schema).map(({ name: column, min, max }) => ({ name: column, min, max })),
    label: schema.columns.find((column) => column.type === "label")?.name,
    noiseMilli: 0,
    rulesVersion: request.rulesVersion,
    assets: assets.map((a, i) => ({
      ...{ assetId: a.assetId, version: a.version, weightPpb: weights[i], rhoNano: "0" },
      price: formatStable(a.price),
    })),
    payments: plainPayments(request),
    utilityTarget: request.utilityTarget,
    deadlines: request.deadlines,
    retentionDays: request.retentionDays,
    validation: { ...validation, evaluator: request.evaluator },
  });
}

// One spelling of an amount: "10.50" and "10.5" are the same money and must be the same specification.
function plainPayments({ payments }: JobRequest): JobSpec["payments"] {
  const plain = (text: string) => formatStable(parseStable(text));
  return { base: plain(payments.base), performance: plain(payments.performance), oracleFee: plain(payments.oracleFee) };
}

function commonSchema(assets: readonly ListedAsset[]): DatasetSchema {
  const first = assets[0]?.schema as DatasetSchema;
  const shape = (schema: DatasetSchema) =>
    JSON.stringify(featuresOf(schema).map(({ name, min, max }) => [name, min, max]));
  const other = assets.find((a) => shape(a.schema) !== shape(first));
  if (other === undefined) return first;
  throw new FarshoreError({
    code: "job/schemas-differ",
    message: `asset ${other.assetId} has other columns or ranges than asset ${assets[0]?.assetId}`,
    facts: { assetId: other.assetId },
    remedy:
      "joint training needs the same columns with the same declared ranges; leave the asset out, or ask its owner to list it again with them",
  });
}
