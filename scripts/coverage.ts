import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { added, coverageOf, percent, type Share } from "./forge/lcov.ts";

// Statement and branch coverage of contracts/ by the Solidity tests, measured by forge, which has branches where EDR has none. What
// only the tests in TypeScript run counts as not run. Forge is 80 MB that nobody else needs: it is fetched into cache/. `npm run coverage`

const version = "1.7.1";
/** Per cent: a change that goes below fails. contracts/README.md says what is left out, line by line. */
const bars = { statements: 98, branches: 98 };

const root = join(import.meta.dirname, "..");
const home = join(root, "cache", "forge");
const forge = join(home, "node_modules", ".bin", "forge");
const tracefile = join(home, "lcov.info");

mkdirSync(home, { recursive: true });
if (!existsSync(forge)) run("npm", ["install", "--prefix", home, "--no-save", `@foundry-rs/forge@${version}`]);
const flags = ["--ir-minimum", "--no-match-test", "invariant_apart", "--report", "lcov", "--report-file", tracefile];
run(forge, ["coverage", "--root", ".", ...flags], { FOUNDRY_CONFIG: "scripts/forge/foundry.toml" });

const sourceOf = (file: string) => readFileSync(join(root, file), "utf8");
const covered = coverageOf(readFileSync(tracefile, "utf8"), sourceOf);
const row = (name: string, statements: Share, branches: Share) => {
  const part = (share: Share) =>
    `${percent(share).toFixed(1).padStart(6)}% ${`${share.hit}/${share.all}`.padStart(10)}`;
  process.stdout.write(`${name.padEnd(46)} ${part(statements)}  ${part(branches)}\n`);
};
process.stdout.write(`${"".padEnd(46)} ${"statements".padStart(18)}  ${"branches".padStart(18)}\n`);
for (const { file, statements, branches } of covered) row(file, statements, branches);
const all = {
  statements: added(covered.map(({ statements }) => statements)),
  branches: added(covered.map(({ branches }) => branches)),
};
row("all", all.statements, all.branches);
process.stdout.write("left out: lines of inline assembly, for which code made through the IR has no source map\n");
const missed = (["statements", "branches"] as const).filter((kind) => percent(all[kind]) < bars[kind]);
for (const kind of missed) process.stdout.write(`${kind} are below ${bars[kind]}%\n`);
process.exit(missed.length === 0 ? 0 : 1);

/** Runs a program with its output shown; ends this one where it fails. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}): void {
  const { status, error } = spawnSync(command, [...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  if (status === 0) return;
  process.stdout.write(`${command} ended with ${status ?? error?.message}\n`);
  process.exit(1);
}
