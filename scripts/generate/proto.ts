import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { parseArgs, promisify } from "node:util";

// Writes offchain/transport/generated/*.ts from offchain/transport/proto; with --check it only compares (exit 1, stale files
// named). Needs no network: the plugin is the installed one.

const root = join(import.meta.dirname, "..", "..");

/** Runs buf on all .proto files of `source`; the generated files lie flat in `out`. */
async function runBuf(source: string, out: string): Promise<void> {
  const bin = join(root, "node_modules", ".bin");
  const template = {
    version: "v2",
    inputs: [{ directory: source }],
    // Node runs the output by stripping its types, so imports keep their .ts.
    plugins: [{ local: "protoc-gen-es", out, opt: ["target=ts", "import_extension=ts"] }],
  };
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
  await promisify(execFile)(join(bin, "buf"), ["generate", "--template", JSON.stringify(template)], { cwd: root, env });
}

/** Names in which the folder `generated` differs from `fresh`, superfluous files included. */
async function staleFiles(fresh: string, generated: string): Promise<string[]> {
  const expected = await readdir(fresh);
  const present = existsSync(generated) ? await readdir(generated) : [];
  const same = (name: string) =>
    present.includes(name) && readFileSync(join(fresh, name)).equals(readFileSync(join(generated, name)));
  return [...expected.filter((name) => !same(name)), ...present.filter((name) => !expected.includes(name))];
}

async function write(stale: readonly string[], fresh: string, generated: string): Promise<void> {
  await mkdir(generated, { recursive: true });
  for (const name of stale) {
    if (existsSync(join(fresh, name))) await copyFile(join(fresh, name), join(generated, name));
    else await rm(join(generated, name));
  }
}

const { values } = parseArgs({
  options: { check: { type: "boolean", default: false }, proto: { type: "string" }, out: { type: "string" } },
});
const generated = values.out ?? join(root, "offchain", "transport", "generated");
const fresh = await mkdtemp(join(tmpdir(), "farshore-proto-"));
try {
  await runBuf(values.proto ?? join(root, "offchain", "transport", "proto"), fresh);
  const stale = await staleFiles(fresh, generated);
  if (values.check) {
    for (const name of stale) {
      console.error(`stale: ${relative(root, join(generated, name))} — run \`node scripts/generate/proto.ts\``);
    }
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    await write(stale, fresh, generated);
    console.log(`${(await readdir(fresh)).length} generated, ${stale.length} written`);
  }
} finally {
  await rm(fresh, { recursive: true, force: true });
}
