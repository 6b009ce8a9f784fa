import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleProgram } from "./bundle.ts";
import { installed, repository } from "./checks/program.ts";

// Builds what the repository delivers: the contracts, and the package's JavaScript (Node strips no types inside
// node_modules). Options: --out DIR for the JavaScript, dist by default; --package leaves the contracts as they are;
// --unchecked leaves the types to the check of types, which takes half the time and writes the same files.

const { values } = parseArgs({
  options: {
    out: { type: "string", default: join(repository, "dist") },
    package: { type: "boolean", default: false },
    unchecked: { type: "boolean", default: false },
  },
});

/** Runs an installed program here; what it says goes to the terminal. Ends this process where it fails. */
function run(name: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, [installed(name), ...args], { cwd: repository, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

if (!values.package) run("hardhat", "build");
// A file that has gone from the sources must not stay in the package.
rmSync(values.out, { recursive: true, force: true });
run("tsc", "--project", "tsconfig.build.json", "--outDir", values.out, ...(values.unchecked ? ["--noCheck"] : []));
// The command line is nobody's to import: it ships as the bundle that starts quickest.
const commandLine = join(values.out, "offchain", "cli");
rmSync(commandLine, { recursive: true, force: true });
await bundleProgram(commandLine);
