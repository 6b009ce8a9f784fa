// Set-up for `npm run demo` and `npm test`. Plain JavaScript without dependencies, for any Node from 18 on: it runs
// before anything is installed. Unless its marker fits, it runs `npm ci` (under Node 24 where the system's is too old:
// there npm would silently leave out native packages that ask for a newer Node).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const marker = join(root, "node_modules", ".farshore-setup.json");
const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const wanted = JSON.stringify({ lock, node: process.versions.node, platform: `${process.platform}-${process.arch}` });

/** True for Node 22.18 and newer, which run TypeScript directly. */
function recentEnough() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18);
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

if (!existsSync(marker) || readFileSync(marker, "utf8") !== wanted) {
  process.stderr.write("installing dependencies (once; about a minute)\n");
  if (recentEnough()) run("npm", ["ci", "--no-audit", "--no-fund"]);
  else run("npx", ["-y", "-p", "node@24", "-c", "npm ci --no-audit --no-fund"]);
  // Written last and whole: an installation that broke off is never taken for done.
  writeFileSync(`${marker}.part`, wanted);
  renameSync(`${marker}.part`, marker);
}
