import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Figure } from "../bench.ts";

/** The demo's job with 8 Newton rounds and no early stop: post to audited, and gas by receipts. */
export async function jobFigures(): Promise<readonly Figure[]> {
  const begun = performance.now();
  const summary = await demo(["--rounds", "9", "--plateau", "0", "--json"]);
  const wall = (performance.now() - begun) / 1000;
  const figure = (name: string, value: number, unit: string, bar: number | null): Figure => ({
    ...{ name, value: Number(value.toFixed(2)), unit, bar },
    ...{ baseline: null, ratio: null },
  });
  return [
    figure("job, post to audited, 8 Newton rounds", summary.seconds, "s", 10),
    figure("whole demo", wall, "s", 30),
    figure("job without rounds, first", summary.gas.total, "gas", null),
    figure("certify, per round", summary.gas.certify, "gas", 60_000),
  ];
}

interface Summary {
  readonly seconds: number;
  readonly gas: { readonly total: number; readonly certify: number };
}

function demo(args: readonly string[]): Promise<Summary> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "..", "demo.ts"), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(out.trim().split("\n").at(-1) ?? "{}") as Summary);
      else reject(new Error(`the demo ended with ${code}:\n${out}`));
    });
  });
}
