import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Hex } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonicalJson.ts";
import { FarshoreError } from "../core/errors.ts";
import { sha256Hex } from "../core/hash.ts";

const columnName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^\P{Cc}+$/u, "control characters are not allowed");

const described = {
  name: columnName,
  /** What the column says about a record, for the people who decide on a job. */
  meaning: z.string().min(1).max(1000),
  /** Rows with a missing value are refused; the field says so in the file. */
  nullable: z.literal(false).default(false),
};

const identifier = z.strictObject({ ...described, type: z.literal("identifier") });
const label = z.strictObject({ ...described, type: z.literal("label") });

const number = z
  .strictObject({
    ...described,
    type: z.literal("number"),
    /** Public bounds, both included. They map the column to [-1, 1] before anything is summed. */
    min: z.number(),
    max: z.number(),
    unit: z.string().min(1).max(64).optional(),
  })
  .refine((column) => column.min < column.max, { error: "min must be below max", path: ["min"] });

const integer = z
  .strictObject({
    ...described,
    type: z.literal("integer"),
    min: z.int(),
    max: z.int(),
    unit: z.string().min(1).max(64).optional(),
  })
  .refine((column) => column.min < column.max, { error: "min must be below max", path: ["min"] });

const column = z.discriminatedUnion("type", [identifier, number, integer, label]);

/** What a dataset's file must hold: the columns by name, each with its type, its meaning and its public range. */
export const datasetSchema = z
  .strictObject({
    name: z.string().min(1).max(128),
    version: z.literal(1),
    columns: z.array(column).min(2).max(10_000),
  })
  .superRefine((schema, ctx) => {
    const refuse = (message: string) => ctx.addIssue({ code: "custom", message, path: ["columns"] });
    const count = (type: string) => schema.columns.filter((c) => c.type === type).length;
    const seen = new Set<string>();
    for (const { name } of schema.columns) {
      if (seen.has(name)) refuse(`column ${JSON.stringify(name)} is declared twice`);
      seen.add(name);
    }
    if (count("label") !== 1) refuse(`exactly one label column is needed, found ${count("label")}`);
    if (count("identifier") > 1) refuse(`at most one identifier column is allowed, found ${count("identifier")}`);
    if (count("number") + count("integer") === 0) refuse("at least one number or integer column is needed");
  });

export type DatasetSchema = z.output<typeof datasetSchema>;
export type SchemaColumn = DatasetSchema["columns"][number];
export type FeatureColumn = Extract<SchemaColumn, { type: "number" | "integer" }>;

/** The schema in `json` (a parsed value), or `data/bad-schema` with the path of the first wrong field. */
export function parseSchema(json: unknown): DatasetSchema {
  const parsed = datasetSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  const path = first?.path.join(".") ?? "";
  throw badSchema(`${path === "" ? "the schema" : path}: ${first?.message}`, {
    path,
    issues: parsed.error.issues.length,
  });
}

/** The schema in a JSON file; `data/unreadable` or `data/bad-schema` where there is none. */
export function readSchema(path: string): DatasetSchema {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new FarshoreError({
      code: "data/unreadable",
      message: `cannot read the schema ${path}`,
      facts: { file: path },
      remedy: "give the path of a readable schema file",
      cause,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw badSchema(`${path} is not JSON`, { file: path }, cause);
  }
  return parseSchema(json);
}

/** The columns that models are trained on, in schema order: the order of `Table.columns`. */
export function featuresOf(schema: DatasetSchema): FeatureColumn[] {
  return schema.columns.filter((c): c is FeatureColumn => c.type === "number" || c.type === "integer");
}

/** SHA-256 of the schema's canonical JSON: what an asset's version commits to beside its rows. */
export function schemaHash(schema: DatasetSchema): Hex {
  // Parsed first, so that a schema with and without its defaults spelt out has one hash.
  return sha256Hex(new TextEncoder().encode(canonicalJson(parseSchema(schema))));
}

function badSchema(message: string, facts: Record<string, string | number>, cause?: unknown): FarshoreError {
  return new FarshoreError({
    code: "data/bad-schema",
    message,
    facts,
    remedy: "correct the field; unknown fields are refused, and numeric columns need min < max",
    cause,
  });
}
