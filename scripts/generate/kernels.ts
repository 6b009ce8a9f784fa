import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parseArgs, promisify } from "node:util";

// Writes the WASM of kernels/ as TypeScript (pure rooms open no file); with --check it only compares (exit 1, stale files named).

const root = join(import.meta.dirname, "..", "..");

/** One kernel: its AssemblyScript source and the module that holds its bytes. */
interface Kernel {
  readonly name: string;
  readonly source: string;
  readonly module: string;
}

const kernels: readonly Kernel[] = [
  { name: "field61", source: "kernels/field61/field61.ts", module: "offchain/crypto/generated/field61Wasm.ts" },
];

/** Strict SIMD (the relaxed kind differs between machines); no allocator and no start-up code: callers own the memory. */
const options = ["--enable", "simd", "-O3", "--runtime", "stub", "--noAssert", "--initialMemory", "4"];

/** The WASM bytes of one AssemblyScript source. */
async function compile(source: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "farshore-kernel-"));
  try {
    const out = join(folder, "kernel.wasm");
    const compiler = join(root, "node_modules", "assemblyscript", "bin", "asc.js");
    await promisify(execFile)(process.execPath, [compiler, source, ...options, "--outFile", out], { cwd: root });
    return await readFile(out);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The text of a kernel's module. */
function moduleText({ name, source }: Kernel, wasm: Uint8Array): string {
  const lines =
    Buffer.from(wasm)
      .toString("base64")
      .match(/.{1,120}/g) ?? [];
  return [
    `// Generated from ${source} by scripts/generate/kernels.ts; do not edit.`,
    `export const ${name}Sha256 = "0x${createHash("sha256").update(wasm).digest("hex")}";`,
    `export const ${name}Wasm =`,
    `${lines.map((line) => `  "${line}"`).join(" +\n")};`,
    "",
  ].join("\n");
}

const { values } = parseArgs({ options: { check: { type: "boolean", default: false }, out: { type: "string" } } });
let stale = 0;
for (const kernel of kernels) {
  const file = join(values.out ?? root, kernel.module);
  const text = moduleText(kernel, await compile(kernel.source));
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
  stale++;
  if (values.check) {
    console.error(`stale: ${relative(root, file)} — run \`node scripts/generate/kernels.ts\``);
    continue;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
if (values.check) process.exitCode = stale === 0 ? 0 : 1;
else console.log(`${kernels.length} kernels, ${stale} written`);
