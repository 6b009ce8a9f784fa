import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Answer, type Detected, triageProblems } from "./slither/findings.ts";

// Slither over all contracts: every high or medium finding is answered in scripts/slither/triage.json, at its place. It lives in a
// virtual environment of its own below cache/; where Python or the package registry is missing, it is skipped. `npm run slither`.

const version = "0.11.6";
const root = join(import.meta.dirname, "..");
const home = join(root, "cache", "slither");
const binaries = join(home, process.platform === "win32" ? "Scripts" : "bin");
const report = join(root, "cache", "slither.json");

if (!installed()) {
  process.stdout.write(
    "slither: skipped, for it takes Python 3.9 or newer with venv, and a registry of its packages\n",
  );
  process.exit(0);
}
rmSync(report, { force: true });
const options = ["--solc-standard-json", "--filter-paths", "node_modules", "--exclude-informational", "--exclude-low"];
const compiler = ["--solc", join(root, "scripts", "slither", "solc.mjs"), "--json", report];
const { stderr } = run(join(binaries, "slither"), ["contracts", ...compiler, ...options, "--exclude-optimization"]);
if (!existsSync(report)) {
  process.stdout.write(`${stderr.slice(-4000)}\nslither ended without a report\n`);
  process.exit(1);
}
const { results } = JSON.parse(readFileSync(report, "utf8")) as { results: { detectors?: Detected[] } };
const answers = JSON.parse(readFileSync(join(root, "scripts", "slither", "triage.json"), "utf8")) as Answer[];
const problems = triageProblems(results.detectors ?? [], answers);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`slither: ${results.detectors?.length ?? 0} findings, ${problems.length} problems\n`);
process.exit(problems.length === 0 ? 0 : 1);

/** True when this version is there, now or from a run before. */
function installed(): boolean {
  const slither = join(binaries, "slither");
  if (existsSync(slither) && run(slither, ["--version"]).stdout.trim() === version) return true;
  mkdirSync(join(root, "cache"), { recursive: true });
  if (run(process.platform === "win32" ? "python" : "python3", ["-m", "venv", home]).status !== 0) return false;
  return (
    run(join(binaries, "python"), ["-m", "pip", "install", "--quiet", `slither-analyzer==${version}`]).status === 0
  );
}

function run(command: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, [...args], { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28 });
  return { status, stdout: stdout ?? "", stderr: stderr ?? "" };
}
