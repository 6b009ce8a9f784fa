import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { bundleProgram } from "../bundle.ts";
import { repository } from "../checks/program.ts";

let bundle: Promise<string> | undefined;
const running = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** The program of this checkout, bundled as the package ships it: every party is a process, and each starts three times as fast. */
export function programPath(): Promise<string> {
  bundle ??= bundleProgram(join(repository, "cache", "program"));
  return bundle;
}

/** Runs one command of the installed program in a party's folder; resolves to its JSON answer. */
export function farshore(home: string, ...args: string[]): Promise<Record<string, unknown>> {
  return farshoreTelling(() => undefined, home, ...args);
}

/** The same, telling each line that the command reports while it works. */
export async function farshoreTelling(
  tell: (line: string) => void,
  home: string,
  ...args: string[]
): Promise<Record<string, unknown>> {
  const entry = await programPath();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, "--home", home, "--json", ...args], { cwd: home });
    let out = "";
    let err = "";
    createInterface({ input: child.stderr }).on("line", (line) => {
      err += `${line}\n`;
      if (!line.startsWith("{")) tell(line);
    });
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0 || (args[0] === "audit" && out !== "")) resolve(JSON.parse(out.trim().split("\n").at(-1) ?? "{}"));
      else reject(new Error(`farshore ${args.join(" ")} ended with ${code}:\n${err}${out}`));
    });
  });
}

/** A node of a party, as a process of its own. */
export interface NodeProcess {
  readonly pid: number;
  kill(signal?: NodeJS.Signals): void;
}

/** Starts `farshore node run`; resolves when it says that it runs. Its log goes to `node.log` in its folder. */
export async function startNodeProcess(home: string, logLevel = "info"): Promise<NodeProcess> {
  const entry = await programPath();
  return new Promise((resolve, reject) => {
    const log = openSync(join(home, "node.log"), "a");
    const args = [entry, "--home", home, "--json", "node", "run", "--log-level", logLevel];
    const child = spawn(process.execPath, args, { cwd: home, stdio: ["ignore", "pipe", log] });
    closeSync(log);
    running.add(child);
    child.stdout?.once("data", () => resolve({ pid: child.pid as number, kill: (signal) => void child.kill(signal) }));
    child.once("exit", (code) => {
      running.delete(child);
      reject(new Error(`the node in ${home} ended with ${code}; see node.log there`));
    });
  });
}

/** Lets the nodes outlive this process; returns their process ids. */
export function leaveRunning(): number[] {
  const left = [...running];
  for (const child of left) {
    child.stdout?.destroy();
    child.unref();
  }
  running.clear();
  return left.map((child) => child.pid as number);
}
