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
  ]);
  const refusals = report.refusals.map((r) => `refused  ${r.code}: ${r.message}`);
  const verdict = report.accepted ? "nothing would be refused" : `${report.refusals.length} kinds of refusal`;
  return [...tableLines([["column", "min", "max", "mean", "distinct", "missing"], ...rows]), ...refusals, verdict];
}
