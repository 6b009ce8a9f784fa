// Which Node runs the project, without dependencies and for any Node from 18 on.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const bundled = join(
  ...[dirname(fileURLToPath(import.meta.url)), "..", "node_modules", "node", "bin"],
  process.platform === "win32" ? "node.exe" : "node",
);

/** True for a version ("24.1.0") that runs TypeScript directly. */
export function runsTypeScript(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** Path of the Node that came as a dependency; undefined where installation scripts are switched off, which bring it. */
export function bundledNode() {
  return existsSync(bundled) ? bundled : undefined;
}

/** Version of the Node at a path ("24.1.0"), or undefined where it does not run. */
export function versionOf(path) {
  const { status, stdout } = spawnSync(path, ["-p", "process.versions.node"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** The npm package that is Node 24 for this platform, without a script of its own. */
export function platformPackage() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const prefix = process.platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${platform}-${process.arch}@24`;
}

/** Words that run a command line under Node 24 from the registry, after they were seen to do so; ends the process where not. */
export function underNode24() {
  const words = ["npx", "-y", "-p", platformPackage()];
  const options = { encoding: "utf8", shell: process.platform === "win32" };
  const { stdout } = spawnSync(words[0], [...words.slice(1), "node", "-p", "process.versions.node"], options);
  const version = (stdout ?? "").trim().split("\n").at(-1) ?? "";
  if (runsTypeScript(version)) return words;
  process.stderr.write(
    `This is Node ${process.versions.node}, too old for the project (22.18 or newer), and the registry brought none that is ` +
      "newer. Install Node 24 LTS and run the same command again.\n",
  );
  return process.exit(1);
}
