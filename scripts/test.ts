import { spawn } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Check, outcomeLines, runChecks } from "./checks/check.ts";
import { builtChecks, contractsCompile, sourceChecks } from "./checks/list.ts";
import { noteBuilt } from "./contracts.ts";

// Everything that must hold, in order; ends with one line "N passed, N failed, N skipped".

const root = join(import.meta.dirname, "..");
const results = join(root, "test-results");
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const bin = (name: string) => join(root, "node_modules", ".bin", name);
const ci = process.env.FARSHORE_CI === "1";

/** `excused`: of those skipped, the ones that may be: they need the shared data, and it is not here. */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  excused?: number;
}
const total = { passed: 0, failed: 0, skipped: 0, excused: 0 };
const sharedData = process.env.FARSHORE_DATA ?? join(root, "..", "shared", "data");
const dataIsHere = existsSync(sharedData);

function add(name: string, counts: Counts): void {
  process.stdout.write(`== ${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  total.excused += counts.excused ?? 0;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const stdio = ["ignore", "pipe", "pipe"] as const;
    const child = spawn(command, [...args], { cwd: root, env: { ...process.env, ...env }, stdio: [...stdio] });
    let [stdout, stderr] = ["", ""];
    child.stdout?.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, stderr }));
  });
}

/** The checks of scripts/check.ts; each passes or fails as a whole. */
async function ground(checks: readonly Check[]): Promise<void> {
  for (const outcome of await runChecks(checks, root)) {
    const holds = outcome.problems.length === 0;
    if (!holds) process.stdout.write(`${outcomeLines(outcome).join("\n")}\n`);
    add(outcome.name, { passed: holds ? 1 : 0, failed: holds ? 0 : 1, skipped: 0 });
  }
}

/** Mocha over patterns, whose files come in their order; counts come from its JSON report. Patterns without tests are a failure. */
async function mocha(
  name: string,
  patterns: readonly string[],
  timeout: number,
  more: readonly string[] = [],
): Promise<void> {
  const files = new Set(patterns.flatMap((pattern) => globSync(pattern, { cwd: root }).sort()));
  const report = join(results, `${name.replace(/[^a-z]/g, "-")}.json`);
  const args = [
    bin("mocha"),
    "--timeout",
    String(timeout),
    "--reporter",
    "json",
    "--reporter-option",
    `output=${report}`,
    "--exit",
    ...more,
    ...files,
  ];
  const { status, stderr, stdout } = await run(process.execPath, args);
  const found = countsOf(report);
  if (found === undefined || found.passed + found.failed === 0) {
    process.stdout.write(`${stdout.slice(-4000)}${stderr.slice(-4000)}\n${name}: no test ran (exit ${status})\n`);
    add(name, { passed: 0, failed: 1, skipped: 0 });
    return;
  }
  if (status !== 0 && found.failed === 0) {
    process.stdout.write(`${stderr.slice(-4000)}\n${name}: mocha ended with ${status}\n`);
    found.failed = 1;
  }
  add(name, found);
}

interface Report {
  stats: { passes: number; failures: number; pending: number };
  failures: { fullTitle: string; err: { message?: string; stack?: string } }[];
  pending: { fullTitle: string; file: string }[];
}

function countsOf(path: string): Counts | undefined {
  try {
    const { stats, failures, pending } = JSON.parse(readFileSync(path, "utf8")) as Report;
    for (const { fullTitle, err } of failures)
      process.stdout.write(`FAILED ${fullTitle}\n  ${err.stack ?? err.message}\n`);
    const excused = dataIsHere ? [] : pending.filter(({ file }) => needsSharedData(file));
    for (const test of pending) {
      process.stdout.write(`skipped ${test.fullTitle}${excused.includes(test) ? `: needs ${sharedData}` : ""}\n`);
    }
    return { passed: stats.passes, failed: stats.failures, skipped: stats.pending, excused: excused.length };
  } catch {
    return undefined;
  }
}

/** True for a test file that reads the shared data, itself or by what it imports from beside it. */
function needsSharedData(file: string): boolean {
  return /FARSHORE_DATA|realData|defaultCredit/.test(readFileSync(file, "utf8"));
}

/** Hardhat's own runner, which prints its counts. */
async function hardhat(name: string, args: readonly string[], network: string): Promise<void> {
  const { status, stdout, stderr } = await run(process.execPath, [bin("hardhat"), ...args], {
    FARSHORE_TEST_NETWORK: network,
  });
  const number = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(stdout)?.[1] ?? 0);
  const counts = {
    passed: number("passing"),
    failed: number("failing"),
    skipped: number("pending") + number("skipped"),
  };
  if (status !== 0 || counts.passed === 0) {
    process.stdout.write(`${stdout}${stderr}\n`);
    if (counts.failed === 0) counts.failed = 1;
  }
  add(name, counts);
}

/** The house's invariants, and that their runs reached every entry point. */
async function invariants(): Promise<void> {
  const { status, stdout, stderr } = await run(process.execPath, [
    join(root, "scripts", "invariants.ts"),
    "--no-compile",
  ]);
  process.stdout.write(status === 0 ? stdout.split("\n").slice(-4).join("\n") : `${stdout}${stderr}\n`);
  add("contracts' invariants", { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 });
}

/** What scripts/invariants.ts runs. */
const withoutLongRuns = ["--no-compile", "--grep-exclude", "invariant_(all|apart)"];

const contracts = (network: string) => hardhat(`contracts on ${network}`, ["test", "mocha", "--no-compile"], network);
// Each file has a federation or a marketplace of its own, in a process of its own.
const atOnce = (files: number) => ["--parallel", "--jobs", String(files)];

async function compileAll(): Promise<void> {
  await ground([contractsCompile]);
  // The demo asks whether there is something to compile, while other tests start from what stands there.
  if (total.failed === 0) noteBuilt();
  await ground(builtChecks);
}

// The longest first, or one of them would be left to run alone.
const long = (folder: string, names: readonly string[]) => names.map((name) => `test/${folder}/${name}.test.ts`);
const simulations = [...long("simulation", ["killedForGood", "killMatrix"]), "test/simulation/**/*.test.ts"];

// Two at a time, as many as the smallest machine has cores. The compiler takes both where it can; beside it runs what
// needs no contracts.
const compiled = compileAll();
const lanes = [
  async () => {
    await compiled;
    await contracts("berlin");
    await invariants();
  },
  async () => {
    await ground(sourceChecks);
    await mocha("off-chain", ["test/offchain/**/*.test.ts"], 60_000);
    await mocha("attacks", ["test/attacks/**/*.test.ts"], 60_000);
    await compiled;
    await mocha("checks and build", ["test/{checks,scripts}/**/*.test.ts"], 120_000);
    await contracts("latest");
    await hardhat("contracts' fuzz", ["--network", "berlin", "test", "solidity", ...withoutLongRuns], "berlin");
    // A federation waits a fifth of its time, for its chain and for what other threads seal: a third one has it. The first ones run
    // beside the invariants: their clock is their own.
    await mocha("simulation", simulations, 60_000, atOnce(3));
  },
];
await Promise.all(lanes.map((lane) => lane()));
const marketplaces = ["cli/commands", "demo/demo", "job/evidence", "job/crash", "job/crashHung", "job/wrongInput"];
await mocha("integration", [...long("integration", marketplaces), "test/integration/**/*.test.ts"], 120_000, atOnce(2));

const unexcused = ci && total.skipped > total.excused;
if (unexcused) process.stdout.write("CI fails on a skipped test that needs nothing but what CI installs\n");
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed > 0 || unexcused ? 1 : 0);
