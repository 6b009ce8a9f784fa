import { parseArgs } from "node:util";

/** What `npm run demo` was asked for. */
export interface DemoOptions {
  /** Folder of CSV files in place of the generated portfolio. */
  readonly data: string | undefined;
  readonly json: boolean;
  readonly keep: boolean;
  /** A running chain in place of the embedded one. */
  readonly rpc: string | undefined;
  readonly rounds: number;
  readonly plateau: number;
  readonly seed: number;
  /** One job for each, all at the same time. */
  readonly aggregations: readonly DemoAggregation[];
}

const aggregations = ["shares", "clear"] as const;
/** How a job's updates reach the committee: as secret shares with projected scores, or in the clear with exact ones. */
export type DemoAggregation = (typeof aggregations)[number];

const usage = `npm run demo -- [options]
  --data DIR     read CSV files (bank files, a test file, schema.json) instead of the generated portfolio
  --json         the last line is one JSON object
  --keep         leave chain and nodes running, and the folders in place
  --rpc URL      use a running chain (FARSHORE_DEPLOYER_KEY deploys and administers) instead of the embedded one
  --rounds N     rounds at most, round 0 included (9)
  --plateau X    stop when the summed training loss improves by less than this fraction (1e-7; 0 = never)
  --seed N       seed of the generated portfolio (1)
  --aggregation  shares, clear, or both side by side (both)`;

/** Parses the arguments; prints the usage and ends on a wrong one. */
export function demoOptions(argv: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        data: { type: "string" },
        json: { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
        rpc: { type: "string" },
        rounds: { type: "string", default: "9" },
        plateau: { type: "string", default: "1e-7" },
        seed: { type: "string", default: "1" },
        aggregation: { type: "string", default: "both" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(`${usage}\n`);
      process.exit(0);
    }
    const { data, json, keep, rpc } = values;
    return {
      ...{ data, json, keep, rpc },
      rounds: within("rounds", values.rounds, Number.isInteger, 2, 64),
      plateau: within("plateau", values.plateau, Number.isFinite, 0, 1),
      seed: within("seed", values.seed, Number.isInteger, 0, 2 ** 32 - 1),
      aggregations: aggregationsOf(values.aggregation),
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
    process.exit(2);
  }
}

function aggregationsOf(text: string): readonly DemoAggregation[] {
  if (text === "both") return aggregations;
  const one = aggregations.find((name) => name === text);
  if (one !== undefined) return [one];
  throw new Error(`--aggregation: expected shares, clear or both, found ${JSON.stringify(text)}`);
}

function within(name: string, text: string, isOne: (value: number) => boolean, least: number, most: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (isOne(value) && value >= least && value <= most) return value;
  throw new Error(`--${name}: expected a number from ${least} to ${most}, found ${JSON.stringify(text)}`);
}
