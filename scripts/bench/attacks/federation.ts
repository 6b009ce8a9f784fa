import { weightsByRows } from "../../../offchain/core/units.ts";
import type { Design } from "../../../offchain/learning/design.ts";
import type { JobSpec } from "../../../offchain/protocol/jobSpec.ts";
import {
  expectedUpdate,
  initialState,
  type LocalRows,
  localUpdate,
  type ModelState,
  nextState,
} from "../../../offchain/protocol/newtonJob.ts";
import type { SummedRound } from "../../../offchain/protocol/projectedScoring.ts";

/** What everybody in a job sees: the sums of the rounds so far and the states that they gave. */
export interface PublicView {
  readonly spec: JobSpec;
  /** theta_0 .. theta_t. */
  readonly states: readonly ModelState[];
  /** Of rounds 0 .. t - 1. */
  readonly sums: readonly BigInt64Array[];
}

/** One seat at the table: the rows that its listing commits to, its group, and what it deals in each round. */
export interface Contributor {
  readonly name: string;
  readonly group: string;
  /** Committed rows: its weight p_i. */
  readonly rows: number;
  readonly update: (round: number, view: PublicView) => BigInt64Array;
}

/** A job without network: every update in the open, as nobody sees them in a real one. */
export interface Federation {
  readonly spec: JobSpec;
  readonly contributors: readonly Contributor[];
  /** Rounds 0 .. R, each with the contributors' updates in their order. */
  readonly updates: readonly (readonly BigInt64Array[])[];
  /** Rounds 1 .. R. */
  readonly rounds: readonly SummedRound[];
  readonly last: ModelState;
}

/** Runs rounds 0 .. `rounds` of the Newton job over the contributors. */
export function runFederation(features: number, contributors: readonly Contributor[], rounds: number): Federation {
  const spec = attackSpec(features, weightsByRows(contributors.map((c) => c.rows)), rounds);
  const states = [initialState(spec)];
  const sums: BigInt64Array[] = [];
  const updates: BigInt64Array[][] = [];
  for (let round = 0; round <= rounds; round++) {
    const view = { spec, states: [...states], sums: [...sums] };
    const sent = contributors.map((contributor) => contributor.update(round, view));
    const sum = summed(sent, expectedUpdate(spec, round).length);
    updates.push(sent);
    sums.push(sum);
    states.push(nextState(spec, round, states[round] as ModelState, sum));
  }
  const summedRounds = sums.map((sum, round) => ({ round, state: states[round] as ModelState, sum })).slice(1);
  return { spec, contributors, updates, rounds: summedRounds, last: states.at(-1) as ModelState };
}

/** A contributor that deals what its rows give. */
export function honest(name: string, rows: LocalRows, change: Partial<Contributor> = {}): Contributor {
  const update = (round: number, { spec, states }: PublicView) =>
    localUpdate(spec, round, states[round] as ModelState, rows);
  return { name, group: name, rows: rows.labels.length, update, ...change };
}

/** Rows of a design, column by column. */
export function rowsOf({ rows, features, x, y }: Design): LocalRows {
  const columns = Array.from({ length: features }, (_, j) =>
    Float64Array.from({ length: rows }, (_, i) => x[i * features + j] as number),
  );
  return { columns, labels: y };
}

/** Elementwise sum of updates. */
export function summed(updates: readonly BigInt64Array[], length: number): BigInt64Array {
  const sum = new BigInt64Array(length);
  for (const update of updates) {
    for (let j = 0; j < length; j++) sum[j] = (sum[j] as bigint) + (update[j] as bigint);
  }
  return sum;
}

/** A specification over columns that are features as they stand; z-scored columns of real data stay within the range. */
function attackSpec(features: number, weights: readonly number[], rounds: number): JobSpec {
  const hash: `0x${string}` = `0x${"ab".repeat(32)}`;
  return {
    version: 1,
    name: "attack",
    algorithm: { name: "logistic-newton", ridge: 1, rounds: Math.max(2, rounds + 1), plateau: 0 },
    features: Array.from({ length: features }, (_, j) => ({ name: `x${j}`, min: -100, max: 100 })),
    label: "y",
    transform: "none",
    aggregation: "shares",
    noiseMilli: 0,
    committee: { k: 5, t: 2, m: 4, f: 1 },
    purpose: "creditScoring",
    legalBasis: "gdprLegitimateInterests",
    codeHash: hash,
    rulesVersion: 1,
    tier: "member",
    assets: weights.map((weightPpb, i) => ({
      assetId: String(i + 1),
      version: 1,
      weightPpb,
      rhoNano: "0",
      price: "0",
    })),
    payments: { base: "0", performance: "1000000", oracleFee: "0" },
    utilityTarget: "-0.3",
    deadlines: { startSeconds: 300, roundSeconds: 120, proposeSeconds: 110, challengeSeconds: 3600 },
    retentionDays: 1,
    validation: { root: hash, rows: 2000, evaluator: null },
  };
}
