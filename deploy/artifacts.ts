import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Artifact, ArtifactResolver, BuildInfo } from "@nomicfoundation/ignition-core";
import { FarshoreError } from "../offchain/core/errors.ts";

const folder = join(import.meta.dirname, "..", "artifacts");

/** Finds compiled contracts by name for Ignition; throws `deploy/not-built` for one that was not compiled. */
export function builtArtifacts(): ArtifactResolver {
  const files = globSync("**/*.json", { cwd: folder, exclude: (name) => name === "build-info" });
  const paths = new Map(files.map((file) => [basename(file, ".json"), join(folder, file)]));
  const load = async (name: string): Promise<Artifact> => {
    const path = paths.get(name);
    if (path === undefined) throw notBuilt(name);
    return JSON.parse(await readFile(path, "utf8"));
  };
  return {
    loadArtifact: load,
    getBuildInfo: async (name) => {
      const { buildInfoId } = await load(name);
      const path = join(folder, "build-info", `${buildInfoId}.json`);
      return existsSync(path) ? (JSON.parse(await readFile(path, "utf8")) as BuildInfo) : undefined;
    },
  };
}

function notBuilt(name: string): FarshoreError {
  return new FarshoreError({
    code: "deploy/not-built",
    message: `the contract ${name} is not compiled`,
    facts: { contract: name },
    remedy: "run `npm run build` first",
  });
}
