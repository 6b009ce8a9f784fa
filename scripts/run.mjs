// Runs one of the project's TypeScript programs under a Node that can: this one, the one that came as a dependency, or one
// from the registry. `node scripts/run.mjs demo --json`
import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundledNode, runsTypeScript, underNode24 } from "./node24.mjs";
// Where installation scripts are switched off, npm runs no `pre` script either: the set-up is asked for here too.
import "./setup.mjs";

const here = dirname(fileURLToPath(import.meta.url));

function nodeToUse() {
  if (runsTypeScript(process.versions.node)) return [process.execPath];
  const bundled = bundledNode();
  return bundled === undefined ? [...underNode24(), "node"] : [bundled];
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
