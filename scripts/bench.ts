import { parseArgs } from "node:util";

/** One figure of a benchmark. `ratio` = value / baseline where a baseline ran in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number | null;
  readonly baseline: number | null;
  readonly ratio: number | null;
}

const benches: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  gas: async () => (await import("./bench/gas.ts")).gasFigures(),
  job: async () => (await import("./bench/job.ts")).jobFigures(),
  learning: async () => (await import("./bench/learning.ts")).learningFigures(),
  data: async () => (await import("./bench/data.ts")).dataFigures(),
  shares: async () => (await import("./bench/shares.ts")).sharesFigures(),
  beacon: async () => (await import("./bench/beacon.ts")).beaconFigures(),
  attacks: async () => (await import("./bench/attacks.ts")).attackFigures(),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } },
});
const name = positionals[0] ?? "";
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (bench === undefined) {
  process.stderr.write(`npm run bench -- NAME [--json], with NAME one of ${Object.keys(benches).join(", ")}\n`);
  process.exit(2);
}
const figures = await bench();
for (const figure of figures) process.stdout.write(`${values.json ? JSON.stringify(figure) : line(figure)}\n`);
process.exit(0);

function line({ name: what, value, unit, bar, baseline, ratio }: Figure): string {
  const verdict = bar === null ? "" : value <= bar ? `bar ${bar} met` : `bar ${bar} MISSED`;
  const beside = baseline === null ? "" : `baseline ${baseline} ${unit}, ratio ${ratio?.toFixed(3)}`;
  return [what.padEnd(44), `${value} ${unit}`.padStart(18), verdict.padEnd(20), beside].join("  ").trimEnd();
}
