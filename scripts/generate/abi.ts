import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { manifestContracts } from "../../offchain/chain/manifest.ts";
import { abiModule, pickAbis } from "./abiModule.ts";

// Writes offchain/chain/abi/generated/*.ts from the compiled contracts; with --check it only compares (exit 1, stale files named).

const root = join(import.meta.dirname, "..", "..");
const artifacts = join(root, "artifacts");

/** All artifacts as {name, abi, concrete}. `folder` is the artifacts' folder. */
async function readArtifacts(folder: string) {
  if (!existsSync(folder)) throw new Error(`no artifacts in ${folder}: run \`npm run build\` first`);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((e) => e.isFile() && e.name.endsWith(".json") && !e.parentPath.endsWith("build-info"))
    .map((e) => join(e.parentPath, e.name));
  const parsed = await Promise.all(files.map(async (file) => JSON.parse(await readFile(file, "utf8"))));
  return parsed.map((a) => ({ name: a.contractName, abi: a.abi, concrete: a.bytecode !== "0x" }));
}

/** File contents by path: what `generated` must hold. */
async function expectedFiles(folder: string, generated: string): Promise<Map<string, string>> {
  const abis = pickAbis(manifestContracts, await readArtifacts(folder));
  return new Map(
    abis.map(({ name, abi }) => [join(generated, `${lowerFirst(name)}.ts`), abiModule(lowerFirst(name), abi)]),
  );
}

/** Paths in which `generated` differs from what the artifacts say, superfluous files included. */
async function staleFiles(expected: Map<string, string>, generated: string): Promise<string[]> {
  const present = existsSync(generated) ? (await readdir(generated)).map((f) => join(generated, f)) : [];
  const superfluous = present.filter((file) => !expected.has(file));
  const changed = [...expected].filter(([file, text]) => !existsSync(file) || readFileSync(file, "utf8") !== text);
  return [...changed.map(([file]) => file), ...superfluous];
}

async function write(expected: Map<string, string>, stale: string[], generated: string): Promise<void> {
  await mkdir(generated, { recursive: true });
  for (const file of stale) {
    const text = expected.get(file);
    if (text === undefined) await rm(file);
    else await writeFile(file, text);
  }
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

const { values } = parseArgs({
  options: { check: { type: "boolean", default: false }, artifacts: { type: "string" }, out: { type: "string" } },
});
const generated = values.out ?? join(root, "offchain", "chain", "abi", "generated");
const expected = await expectedFiles(values.artifacts ?? artifacts, generated);
const stale = await staleFiles(expected, generated);
if (values.check) {
  for (const file of stale) console.error(`stale: ${relative(root, file)} — run \`node scripts/generate/abi.ts\``);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  await write(expected, stale, generated);
  console.log(`${expected.size} ABIs, ${stale.length} written`);
}
