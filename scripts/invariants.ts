import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { entryPoints, reachProblems } from "./checks/entryPoints.ts";

// The contracts' invariants on Hardhat's Solidity tests: 1 000 runs of 100 calls on Berlin; with --deep each invariant by
// itself, longer, and all of them on the newest rules too. Prints what was reached; exit 1 when too little was.

/** Of all calls: with fewer that go through, the runs would mostly see refusals. */
const leastThrough = 0.6;

const root = join(import.meta.dirname, "..");
const lines = join(root, "cache", "invariants.txt");
const { values } = parseArgs({
  options: {
    deep: { type: "boolean", default: false },
    network: { type: "string", default: "berlin" },
    "no-compile": { type: "boolean", default: false },
  },
});

rmSync(lines, { force: true });
mkdirSync(dirname(lines), { recursive: true });
process.env.HARDHAT_NETWORK = values.network;
const { default: hre } = await import("hardhat");
const folder = "test/contracts/invariants";
const problems: string[] = [];

if (values["no-compile"] !== true) await hre.tasks.getTask("build").run({ quiet: true });
await run("All.t.sol");
if (values.deep) await run("Apart.t.sol");
for (const problem of problems) process.stdout.write(`FAILED ${problem}\n`);
process.stdout.write(problems.length === 0 ? "every entry point was reached\n" : `${problems.length} problems\n`);
process.exit(problems.length === 0 ? 0 : 1);

interface Metrics {
  readonly runs: bigint;
  readonly calls: bigint;
  readonly reverts: bigint;
}

interface Ran {
  readonly name: string;
  readonly status: string;
  readonly durationNs: bigint;
  readonly kind: Partial<Metrics>;
}

/** Runs the invariants of one file and judges what they reached. */
async function run(file: string): Promise<void> {
  const test = hre.tasks.getTask(["test", "solidity"]);
  const result = await test.run({ testFiles: [join(root, folder, file)], noCompile: true });
  const { suiteResults } = (result.value ?? result.error) as {
    suiteResults: readonly { testResults: readonly Ran[] }[];
  };
  const ran = suiteResults.flatMap(({ testResults }) => testResults);
  if (ran.length === 0) problems.push(`${file}: no invariant ran`);
  for (const one of ran) judge(one);
  if (file === "All.t.sol") judgeReach(Number(ran[0]?.kind.calls ?? 0n), Number(ran[0]?.kind.reverts ?? 0n));
}

function judge({ name, status, durationNs, kind: { runs = 0n, calls = 0n, reverts = 0n } }: Ran): void {
  const seconds = Number(durationNs / 10n ** 6n) / 1000;
  process.stdout.write(`${name}: ${status}, ${runs} runs, ${calls} calls, ${reverts} reverted, ${seconds} s\n`);
  if (status !== "Success") problems.push(`${name} does not hold`);
}

/** Calls per entry point, and that enough went through; a forbidden move counts as one that did not. */
function judgeReach(calls: number, reverts: number): void {
  const reached = existsSync(lines) ? added(readFileSync(lines, "utf8")) : new Map<string, number>();
  const forbidden = reached.get("forbidden") ?? 0;
  const fork = reached.has("Berlin") ? "berlin" : "latest";
  if (fork !== values.network) problems.push(`ran by the rules of ${fork}, not of ${values.network}`);
  for (const rules of ["Berlin", "London", "forbidden"]) reached.delete(rules);
  const longest = Math.max(0, ...[...reached.keys()].map((name) => name.length));
  for (const [name, count] of [...reached].sort(([a], [b]) => a.localeCompare(b))) {
    process.stdout.write(`  ${name.padEnd(longest)} ${String(count).padStart(8)}\n`);
  }
  const through = (calls - reverts - forbidden) / calls;
  process.stdout.write(
    `${forbidden} forbidden moves were refused; ${(100 * through).toFixed(1)}% of all calls went through\n`,
  );
  if (forbidden === 0) problems.push("no forbidden move was tried");
  if (!(through >= leastThrough)) problems.push(`fewer than ${100 * leastThrough}% of the calls went through`);
  problems.push(...reachProblems(entryPoints(join(root, "artifacts")), new Set(reached.keys())));
}

/** `name:count,…` a line, of all runs together. */
function added(text: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const entry of text.split(/[,\n]/).filter((part) => part.length > 0)) {
    const [name = "", count = "0"] = entry.split(":");
    sums.set(name, (sums.get(name) ?? 0) + Number(count));
  }
  return sums;
}
