import { type ChildProcess, spawn } from "node:child_process";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { programPath } from "../../../scripts/demo/processes.ts";

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program in a folder, whatever comes of it; `env` on top of this process's. */
export async function runFarshore(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const entry = await programPath();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], { cwd, env: { ...process.env, ...env } });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}

/** A job and the buyer's process that posted it. */
export interface Posted {
  readonly jobId: Hex;
  readonly buyer: ChildProcess;
}

/** Posts a request and follows the job; `running` holds the process for as long as it lives. */
export async function postAndFollow(home: string, path: string, running: Set<ChildProcess>): Promise<Posted> {
  const entry = await programPath();
  const buyer = spawn(process.execPath, [entry, "--home", home, "job", "post", path, "--follow"], { cwd: home });
  running.add(buyer);
  let said = "";
  const jobId = await new Promise<string>((resolve, reject) => {
    buyer.stderr?.on("data", (chunk) => {
      said += chunk;
      const found = /posted (0x[0-9a-f]{64})/.exec(said);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    buyer.once("close", () => {
      running.delete(buyer);
      reject(new Error(`the buyer ended before it posted: ${said}`));
    });
  });
  return { jobId: jobId as Hex, buyer };
}

/** True while a process of this machine runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
