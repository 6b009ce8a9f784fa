import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { tableLines } from "../../offchain/cli/output.ts";
import type { Table } from "../../offchain/data/table.ts";
import { type DemoData, type Quality, qualityOf } from "./dataset.ts";
import type { JobGas } from "./gas.ts";
import type { DemoJob } from "./job.ts";
import type { DemoParty } from "./network.ts";

/** One job as it ended. */
interface JobOutcome {
  readonly job: DemoJob;
  readonly record: JobRecord;
  readonly gas: JobGas;
}

interface Outcome {
  readonly data: DemoData;
  readonly parties: readonly DemoParty[];
  /** Side by side, in the order in which they are printed. */
  readonly outcomes: readonly JobOutcome[];
  readonly reference: { alone: Quality[]; pooled: Quality; coefficients: Float64Array; test: Table };
  readonly say: (line: string) => void;
  readonly formatStable: (amount: bigint) => string;
  readonly formatIncentive: (amount: bigint) => string;
}

/** Prints what each job gave to whom, and returns the summary that `--json` prints. */
export function report(outcome: Outcome) {
  const { data, outcomes, reference, say } = outcome;
  const jobs = outcomes.map((o) => summaryOf(outcome, o));
  const alone = data.banks.map(({ name }, i) => [`${name} alone`, ...qualityCells(reference.alone[i] as Quality)]);
  const together = jobs.map((j) => [`federation, ${j.aggregation}`, j.auc.toFixed(5), j.ks.toFixed(5), diffCell(j)]);
  const pooled = ["pooled rows", ...qualityCells(reference.pooled), "0"];
  table(say, [["model on the test set", "AUC", "KS", "coefficients off pooled"], ...alone, ...together, pooled]);
  const names = jobs[0]?.contributors.map(({ name }) => name) ?? [];
  const heads = jobs.flatMap((j) => [`${j.aggregation} (${j.valuation})`, "stable", "incentive"]);
  const rows = names.map((name, i) => [name, ...jobs.flatMap((j) => earnedCells(j.contributors[i]))]);
  table(say, [["contributor's share", ...heads], ...rows]);
  for (const j of jobs) {
    sayGas(say, j);
    sayAudit(say, j);
  }
  return {
    jobs,
    auc: { alone: reference.alone.map((q) => q.auc), pooled: reference.pooled.auc },
    ks: { alone: reference.alone.map((q) => q.ks), pooled: reference.pooled.ks },
  };
}

function summaryOf(outcome: Outcome, { job, record, gas }: JobOutcome) {
  const { reference } = outcome;
  const { auc, ks } = qualityOf(fittedOf(job), reference.test);
  const first = record.closing?.firstProof ?? 0n;
  return {
    ...{ job: job.jobId, aggregation: job.aggregation, state: record.state, seconds: job.seconds },
    ...{ valuation: valuations[record.result?.kind ?? 0] ?? "unknown", rounds: record.rounds?.completed ?? 0, auc, ks },
    coefficientsMaxDiff: Math.max(...fittedOf(job).theta.map((c, i) => Math.abs(c - (reference.coefficients[i] ?? 0)))),
    contributors: contributorsOf(outcome, record),
    gas,
    usageProofs: record.terms.assets.map((_, i) => String(first + BigInt(i))),
    audit: job.audit,
  };
}

const valuations = ["exact", "projected", "by weight"];

type JobSummary = ReturnType<typeof summaryOf>;

function sayGas(say: (line: string) => void, { aggregation, gas, usageProofs }: JobSummary): void {
  const { total, certify, withRounds, ...byStep } = gas;
  const usedBy = Object.entries(byStep).map(([step, used]) => `${step} ${used}`);
  say(`\n${aggregation}`);
  say(`gas          ${usedBy.join(", ")}`);
  say(`             ${total} without rounds, ${certify} a certified round, ${withRounds} in all`);
  say(`usage proofs ${usageProofs.join(", ")}`);
}

function sayAudit(say: (line: string) => void, { audit }: JobSummary): void {
  say("audit");
  for (const check of audit.checks)
    say(`  ${check.passed ? "ok  " : "FAIL"} ${check.name.padEnd(24)} ${check.grade}: ${check.detail}`);
  say(`  ${audit.passed} passed, ${audit.failed} failed`);
}

function earnedCells(contributor: JobSummary["contributors"][number] | undefined): string[] {
  if (contributor === undefined) return ["", "", ""];
  return [`${(contributor.share * 100).toFixed(2)} %`, contributor.stable, contributor.incentive];
}

function diffCell({ coefficientsMaxDiff }: JobSummary): string {
  return coefficientsMaxDiff.toExponential(1);
}

function qualityCells({ auc, ks }: Quality): string[] {
  return [auc.toFixed(5), ks.toFixed(5)];
}

function table(say: (line: string) => void, rows: readonly (readonly string[])[]): void {
  say(`\n${tableLines(rows).join("\n")}`);
}

function fittedOf({ model }: DemoJob) {
  const { features, intercept } = model;
  const transform = {
    offset: features.map((f) => f.offset),
    scale: features.map((f) => f.scale),
    labelRate: 0,
    rows: 0,
  };
  return { theta: Float64Array.from([intercept, ...features.map((f) => f.coefficient)]), transform };
}

function contributorsOf({ parties, formatStable, formatIncentive }: Outcome, record: JobRecord) {
  return (record.parties?.contributors ?? []).map(({ account }, i) => ({
    name: parties.find((p) => p.account.toLowerCase() === account.toLowerCase())?.name ?? account,
    share: (record.proposal?.shares[i] ?? 0) / 1e9,
    stable: formatStable(record.closing?.credits[i] ?? 0n),
    incentive: formatIncentive(record.closing?.incentives[i] ?? 0n),
  }));
}
