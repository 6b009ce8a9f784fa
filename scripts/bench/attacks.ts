import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { LocalRows } from "../../offchain/protocol/newtonJob.ts";
import type { Figure } from "../bench.ts";
import { type Contributor, honest } from "./attacks/federation.ts";
import { earnings, type Guard, guardNames, longestNorm } from "./attacks/guards.ts";
import { type AttackRows, generatedRows, slice } from "./attacks/rows.ts";
import { eightBanks, runScenario, type Scenario, scenariosOn } from "./attacks/scenarios.ts";
import { figure } from "./measure.ts";

/** Guards of the default committee; norms are opened by (5,1,4,1) and (9,2,7,2) alone. */
const usual = guardNames.filter((guard) => guard !== "norm");

/** What the attacker earns, in % of the performance pot. */
interface Outcome {
  readonly scenario: Scenario;
  readonly honestly: number;
  /** Paid by committed rows, without scores. */
  readonly byRows: number;
  readonly unguarded: number;
  readonly each: readonly number[];
  readonly guarded: number;
  readonly withNorms: number;
}

/**
 * What every attack earns without guards, with each of them alone and with all: the table goes to stderr, the figures
 * (all guards of the default committee, beside no guard) to stdout. On default_credit where it is, else on generated rows.
 */
export async function attackFigures(): Promise<Figure[]> {
  const real = defaultCreditRows();
  const rows = real ?? generatedRows(8, 4_000, 3_000);
  process.stderr.write(
    `performance pot, % to the attacker, on ${real === null ? "generated rows" : "default_credit"}\n`,
  );
  process.stderr.write(`${line("attack", ["honest", "by rows", "none", ...guardNames, "all", "+ norm"], "remark")}\n`);
  const figures = scenariosOn(rows).map((scenario) => {
    const outcome = outcomeOf(scenario, rows);
    process.stderr.write(`${rowOf(outcome)}\n`);
    const bar = scenario.stopped ? Number((outcome.honestly + tolerance).toFixed(2)) : null;
    return figure(scenario.name, outcome.guarded, "%", bar, outcome.unguarded === 0 ? null : outcome.unguarded);
  });
  return [...figures, ...normFigures(rows)];
}

function outcomeOf(scenario: Scenario, { features, validation }: AttackRows): Outcome {
  const attacked = runScenario(features, scenario.contributors);
  const honest = runScenario(features, scenario.honestly.contributors);
  const percent = (job: typeof attacked, members: readonly number[], guards: readonly Guard[]) => {
    const earned = earnings(job, validation, guards);
    return members.reduce((sum, i) => sum + (earned[i] as number), 0) / 1e7;
  };
  return {
    scenario,
    honestly: percent(honest, scenario.honestly.attackers, usual),
    byRows: scenario.attackers.reduce((sum, i) => sum + (attacked.spec.assets[i]?.weightPpb ?? 0), 0) / 1e7,
    unguarded: percent(attacked, scenario.attackers, []),
    each: guardNames.map((guard) => percent(attacked, scenario.attackers, [guard])),
    guarded: percent(attacked, scenario.attackers, usual),
    withNorms: percent(attacked, scenario.attackers, guardNames),
  };
}

function rowOf({ scenario, honestly, byRows, unguarded, each, guarded, withNorms }: Outcome): string {
  const cells = [honestly, byRows, unguarded, ...each, guarded, withNorms].map((value) => value.toFixed(1));
  return line(scenario.name, cells, scenario.remark);
}

// Half a point of the pot: what the bars of the valuation let go astray.
const tolerance = 0.5;

/** The bound of protocol section 6 for (5,1,4,1) and (9,2,7,2), on honest banks: above it an honest one is named. */
const normBar = 1.5;

function normFigures(rows: AttackRows): Figure[] {
  const size = (rows.banks[0] as LocalRows).labels.length;
  const unequal = rows.banks.map((own, i) => honest(`bank ${i}`, slice(own, 0, Math.floor(size / 4 ** i))));
  const cohorts: readonly [string, readonly Contributor[]][] = [
    ["three banks of one size", rows.banks.map((own, i) => honest(`bank ${i}`, own))],
    ["eight banks of 150 rows", eightBanks(rows, 150)],
    ["three banks of sizes 16 : 4 : 1", unequal],
  ];
  return cohorts.map(([what, cohort]) => {
    const longest = longestNorm(runScenario(rows.features, cohort));
    return figure(`honest norm over the last median, ${what}`, longest, "x", normBar);
  });
}

function line(name: string, cells: readonly string[], remark: string): string {
  return [name.padEnd(66), ...cells.map((cell) => cell.padStart(8)), ` ${remark}`].join("");
}

/** The z-scored files as they stand: id, y, x0 .. x22. Null where the shared data is absent. */
function defaultCreditRows(): AttackRows | null {
  const shared = process.env.FARSHORE_DATA ?? resolve(import.meta.dirname, "../../../shared/data");
  const files = ["guest", "host_1", "host_2", "test"].map((part) =>
    resolve(shared, "default_credit", `default_credit_homo_${part}.csv`),
  );
  if (!files.every((file) => existsSync(file))) return null;
  const all = files.map(rowsIn);
  const validation = all[3] as LocalRows;
  return { features: validation.columns.length, banks: all.slice(0, 3), validation };
}

function rowsIn(file: string): LocalRows {
  const [, ...lines] = readFileSync(file, "utf8").trim().split("\n");
  const cells = lines.map((text) => text.split(","));
  const features = (cells[0] as string[]).length - 2;
  const columns = Array.from({ length: features }, (_, j) => Float64Array.from(cells, (row) => Number(row[j + 2])));
  return { columns, labels: Uint8Array.from(cells, (row) => Number(row[1])) };
}
