// Runs one of the project's TypeScript programs under a Node that can: this one, or the one that came as a dependency
// (its binary is missing where installation scripts are switched off). `node scripts/run.mjs demo --json`
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const bundled = join(here, "..", "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** True for a version that runs TypeScript directly. */
function runsTypeScript(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

function nodeToUse() {
  if (runsTypeScript(process.versions.node)) return [process.execPath];
  if (existsSync(bundled)) return [bundled];
  // Banks switch installation scripts off: then the dependency has no binary, and npx brings one.
  return ["npx", "-y", "-p", "node@24", "node"];
}

const [name, ...args] = process.argv.slice(2);
const [command, ...first] = nodeToUse();
const bin = command === "npx" ? process.env.PATH : `${dirname(command)}${delimiter}${process.env.PATH}`;
const { status, error } = spawnSync(command, [...first, join(here, `${name}.ts`), ...args], {
  stdio: "inherit",
  env: { ...process.env, PATH: bin, NODE_NO_WARNINGS: "1" },
});
if (error) process.stderr.write(`cannot start ${command}: ${error.message}. Install Node 24 LTS and try again.\n`);
process.exit(status ?? 1);
