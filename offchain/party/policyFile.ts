import { readFileSync } from "node:fs";
import { FarshoreError } from "../core/errors.ts";
import { manualPolicy, type Policy, parsePolicy } from "../protocol/policy.ts";
import { inHome, type NodeConfig } from "./config.ts";

/**
 * The policy that a party's configuration names; without one a person decides every job. Throws `policy/missing` or
 * `policy/malformed` with path and field.
 */
export function readPolicy(config: Pick<NodeConfig, "home" | "policy">): Policy {
  if (config.policy === undefined) return manualPolicy;
  const path = inHome(config, config.policy);
  try {
    return parsePolicy(readJson(path));
  } catch (error) {
    if (!(error instanceof FarshoreError) || error.code !== "policy/malformed") throw error;
    const { code, message, facts, remedy = "correct the file", cause } = error;
    throw new FarshoreError({ code, message: `${path}: ${message}`, facts: { ...facts, path }, remedy, cause });
  }
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new FarshoreError({
      code: "policy/missing",
      message: `no policy can be read at ${path}`,
      facts: { path, field: "policy" },
      remedy: "put the file there, or correct `policy` in farshore.json; without the field a person decides every job",
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const remedy = "correct the file; until then nothing is accepted automatically";
    throw new FarshoreError({ code: "policy/malformed", message: "not JSON", facts: { field: "" }, remedy, cause });
  }
}
