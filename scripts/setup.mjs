// Set-up for every command of the project. Plain JavaScript without dependencies, for any Node from 18 on: it runs before
// anything is installed. Unless its marker fits, it runs `npm ci` (under Node 24 where the system's is too old: there npm
// would silently leave out native packages that ask for a newer Node).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundledNode, runsTypeScript, underNode24, versionOf } from "./node24.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const marker = join(root, "node_modules", ".farshore-setup.json");
const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const platform = `${process.platform}-${process.arch}`;

/** True when what is installed is this lock file's, for this machine, by this Node or by the one that asked before. */
function isInstalled() {
  if (!existsSync(marker)) return false;
  try {
    const done = JSON.parse(readFileSync(marker, "utf8"));
    return done.lock === lock && done.platform === platform && done.nodes.includes(process.versions.node);
  } catch {
    return false;
  }
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  process.stderr.write(
    `\nset-up failed: ${command} ${args.join(" ")} ended with ${status ?? error?.message}.\n` +
      "Check that the npm registry can be reached, then run the same command again; nothing half-done is kept as done.\n",
  );
  process.exit(1);
}

if (!isInstalled()) {
  process.stderr.write("installing dependencies (once; about a minute)\n");
  if (runsTypeScript(process.versions.node)) run("npm", ["ci", "--no-audit", "--no-fund"]);
  else {
    const [command, ...words] = underNode24();
    run(command, [...words, "-c", "npm ci --no-audit --no-fund"]);
  }
  // The first command runs under the system's Node, the next under the one that was just installed: both find this.
  const bundled = bundledNode();
  const nodes = [process.versions.node, ...(bundled === undefined ? [] : [versionOf(bundled)])];
  // Written last and whole: an installation that broke off is never taken for done.
  writeFileSync(`${marker}.part`, JSON.stringify({ lock, platform, nodes }));
  renameSync(`${marker}.part`, marker);
}
