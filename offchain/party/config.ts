import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { z } from "zod/v4";
import { FarshoreError } from "../core/errors.ts";

const listing = z.strictObject({
  assetId: z.string().regex(/^[0-9]+$/, "expected a decimal asset id"),
  /** CSV or Parquet file and its schema, relative to the node's folder. */
  data: z.string().min(1),
  schema: z.string().min(1),
});

/** A node's configuration file, `farshore.json` in its folder; FARSHORE_* variables override it. */
export const nodeConfigSchema = z.strictObject({
  version: z.literal(1),
  name: z.string().min(1).max(64),
  rpcUrl: z.url({ protocol: /^https?$/, error: "expected http:// or https:// and a host" }),
  manifest: z.string().min(1),
  roles: z.array(z.enum(["data", "oracle"])).default([]),
  /** Only oracles listen. Port 0 takes a free one. */
  listen: z
    .strictObject({ host: z.string(), port: z.int().min(0).max(65_535) })
    .default({ host: "127.0.0.1", port: 0 }),
  assets: z.array(listing).default([]),
  policy: z.string().optional(),
  /** Milliseconds between looks at the chain. */
  pollMs: z.int().min(20).max(60_000).default(1000),
  /** Milliseconds that an oracle of the next rank waits before it calls the contract in another's place. */
  rankDelayMs: z.int().min(100).max(600_000).default(5000),
});
export type NodeConfig = z.infer<typeof nodeConfigSchema> & { readonly home: string };

/** Where the configuration of a folder stands. */
export function configPath(home: string): string {
  return join(home, "farshore.json");
}

/**
 * Reads and checks `farshore.json` of a folder; environment variables FARSHORE_RPC_URL, FARSHORE_MANIFEST and
 * FARSHORE_POLL_MS take precedence. Throws `config/missing` or `config/malformed` with the field.
 */
export function readConfig(home: string, env: NodeJS.ProcessEnv = process.env): NodeConfig {
  const parsed = nodeConfigSchema.safeParse({ ...readJson(configPath(home)), ...fromEnvironment(env) });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = [...(issue?.path ?? []), ...(issue?.code === "unrecognized_keys" ? issue.keys : [])]
      .map(String)
      .join(".");
    throw new FarshoreError({
      code: "config/malformed",
      message: `${configPath(home)}: ${field}: ${issue?.message ?? "malformed"}`,
      facts: { field },
      remedy: "correct the field",
    });
  }
  return { ...parsed.data, home };
}

/** A path of the configuration, relative to the node's folder. */
export function inHome(config: { readonly home: string }, path: string): string {
  return isAbsolute(path) ? path : join(config.home, path);
}

function readJson(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new FarshoreError({
      code: "config/missing",
      message: `no configuration at ${path}`,
      remedy: "run farshore init in this folder, or name another with --home",
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FarshoreError({
      code: "config/malformed",
      message: `${path} is not JSON`,
      remedy: "correct the file",
      cause,
    });
  }
}

function fromEnvironment(env: NodeJS.ProcessEnv): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  if (env.FARSHORE_RPC_URL !== undefined) out.rpcUrl = env.FARSHORE_RPC_URL;
  if (env.FARSHORE_MANIFEST !== undefined) out.manifest = env.FARSHORE_MANIFEST;
  if (env.FARSHORE_POLL_MS !== undefined) out.pollMs = Number(env.FARSHORE_POLL_MS);
  return out;
}
