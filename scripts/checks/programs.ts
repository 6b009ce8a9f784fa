import { join } from "node:path";
import { complaintsOf, installed, repository } from "./program.ts";

/** Files under `folder` that Biome would format otherwise or complains of; warnings count. */
export function formatProblems(folder: string): Promise<readonly string[]> {
  return complaintsOf(installed("biome"), ["check", "--error-on-warnings", "--colors=off", "."], folder);
}

/** What solhint says of the contracts under `folder`/contracts by this repository's rules; warnings count. */
export function solidityLintProblems(folder: string): Promise<readonly string[]> {
  // --disc: no look for a newer version over the network.
  const options = ["--config", join(repository, ".solhint.json"), "--max-warnings", "0", "--disc", "--noPoster"];
  return complaintsOf(installed("solhint"), [...options, "contracts/**/*.sol"], folder);
}

/** Type errors of the project whose tsconfig.json lies in `folder`. What did not change since the last run is not read again. */
export function typeProblems(folder: string): Promise<readonly string[]> {
  const record = join("cache", "types.tsbuildinfo");
  return complaintsOf(installed("tsc"), ["--noEmit", "--incremental", "--tsBuildInfoFile", record], folder);
}

/** Errors of the Solidity compiler; builds what changed. */
export function buildProblems(folder: string): Promise<readonly string[]> {
  return complaintsOf(installed("hardhat"), ["build"], folder);
}
