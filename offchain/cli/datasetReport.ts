import type { DatasetReport } from "../data/check.ts";
import { tableLines } from "./output.ts";

/** A data set's profile and what would be refused, as people read it. */
export function reportLines(report: DatasetReport): string[] {
  const number = (value: number | null) => (value === null ? "-" : String(Number(value.toPrecision(6))));
  const rows = report.columns.map((c) => [
    c.name,
    number(c.min),
    number(c.max),
    number(c.mean),
    String(c.distinct),
    String(c.missing),
    String(c.notNumbers),
    String(c.outOfRange),
  ]);
  const head = ["column", "min", "max", "mean", "distinct", "missing", "not numbers", "out of range"];
  const warnings = report.warnings.map((w) => `warning  ${w.code}: ${w.message}`);
  const refusals = report.refusals.flatMap((r) => [
    `refused  ${r.code}: ${r.message}`,
    `         what to do: ${r.remedy}`,
  ]);
  const verdict = report.accepted ? "nothing would be refused" : `${report.refusals.length} kinds of refusal`;
  return [...tableLines([head, ...rows]), ...warnings, ...refusals, verdict];
}
