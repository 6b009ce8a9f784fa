import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FarshoreError } from "../offchain/core/errors.ts";
import { complaintsOf, installed, repository } from "./checks/program.ts";

const marker = join(repository, "cache", "contracts-built.json");

/**
 * Compiles the contracts unless those that are there came from these very sources: asking the compiler takes seconds, the
 * marker none. Calls `before` when there is work; resolves to whether there was. Throws `build/failed` with what the compiler said.
 */
export async function compileContracts(before: () => void): Promise<boolean> {
  const sources = hashOfSources();
  if (existsSync(marker) && readFileSync(marker, "utf8") === state(sources)) return false;
  before();
  await build();
  noteBuilt(sources);
  return true;
}

/** Writes down that what stands there came from the sources as they are: whoever built them another way spares the next a look. */
export function noteBuilt(sources: string = hashOfSources()): void {
  mkdirSync(join(repository, "cache"), { recursive: true });
  writeFileSync(marker, state(sources));
}

/** What the marker says: the sources, and the builds that stand in the folder now (another build leaves another name). */
function state(sources: string): string {
  const folder = join(repository, "artifacts", "build-info");
  return JSON.stringify({ sources, builds: existsSync(folder) ? readdirSync(folder).sort() : [] });
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  const files = globSync("contracts/**/*.sol", { cwd: repository }).sort();
  for (const file of [...files, "hardhat.config.ts", "package-lock.json"]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(repository, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

async function build(): Promise<void> {
  const complaints = await complaintsOf(installed("hardhat"), ["build", "--no-tests"], repository);
  if (complaints.length === 0) return;
  throw new FarshoreError({
    code: "build/failed",
    message: `the contracts do not compile:\n${complaints.join("\n")}`,
    remedy: "run `npm run build` and mend what it names",
  });
}
