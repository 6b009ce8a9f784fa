import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { tableLines } from "../../offchain/cli/output.ts";
import type { Table } from "../../offchain/data/table.ts";
import { type DemoData, type Quality, qualityOf } from "./dataset.ts";
import type { JobGas } from "./gas.ts";
import type { DemoJob } from "./job.ts";
import type { DemoParty } from "./network.ts";

interface Outcome {
  readonly data: DemoData;
  readonly parties: readonly DemoParty[];
  readonly job: DemoJob;
  readonly record: JobRecord;
  readonly gas: JobGas;
  readonly reference: { alone: Quality[]; pooled: Quality; coefficients: Float64Array; test: Table };
  readonly say: (line: string) => void;
  readonly formatStable: (amount: bigint) => string;
  readonly formatIncentive: (amount: bigint) => string;
}

/** Prints what the job gave to whom, and returns the summary that `--json` prints. */
export function report(outcome: Outcome) {
  const { data, job, record, gas, reference, say } = outcome;
  const federation = qualityOf(fittedOf(job), reference.test);
  const alone = data.banks.map(({ name }, i) => qualityCells(`${name} alone`, reference.alone[i] as Quality));
  const together = [qualityCells("federation", federation), qualityCells("pooled rows", reference.pooled)];
  table(say, [["model on the test set", "AUC", "KS"], ...alone, ...together]);
  const contributors = contributorsOf(outcome);
  const earned = contributors.map((c) => [c.name, `${(c.share * 100).toFixed(2)} %`, c.stable, c.incentive]);
  table(say, [["contributor", "share", "stable", "incentive"], ...earned]);
  const first = record.closing?.firstProof ?? 0n;
  const usageProofs = record.terms.assets.map((_, i) => String(first + BigInt(i)));
  const { total, certify, withRounds, ...byStep } = gas;
  const usedBy = Object.entries(byStep).map(([step, used]) => `${step} ${used}`);
  say(`\ngas          ${usedBy.join(", ")}`);
  say(`             ${total} without rounds, ${certify} a certified round, ${withRounds} in all`);
  say(`usage proofs ${usageProofs.join(", ")}`);
  say("\naudit");
  for (const check of job.audit.checks)
    say(`  ${check.passed ? "ok  " : "FAIL"} ${check.name.padEnd(24)} ${check.grade}: ${check.detail}`);
  say(`  ${job.audit.passed} passed, ${job.audit.failed} failed\n`);
  return {
    ...{ job: job.jobId, state: record.state, rounds: record.rounds?.completed ?? 0, seconds: job.seconds },
    auc: { alone: reference.alone.map((q) => q.auc), federation: federation.auc, pooled: reference.pooled.auc },
    ks: { alone: reference.alone.map((q) => q.ks), federation: federation.ks, pooled: reference.pooled.ks },
    coefficientsMaxDiff: Math.max(...fittedOf(job).theta.map((c, i) => Math.abs(c - (reference.coefficients[i] ?? 0)))),
    ...{ contributors, gas, usageProofs },
    audit: { passed: job.audit.passed, failed: job.audit.failed },
  };
}

function qualityCells(name: string, { auc, ks }: Quality): string[] {
  return [name, auc.toFixed(5), ks.toFixed(5)];
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

function contributorsOf({ parties, record, formatStable, formatIncentive }: Outcome) {
  return (record.parties?.contributors ?? []).map(({ account }, i) => ({
    name: parties.find((p) => p.account.toLowerCase() === account.toLowerCase())?.name ?? account,
    share: (record.proposal?.shares[i] ?? 0) / 1e9,
    stable: formatStable(record.closing?.credits[i] ?? 0n),
    incentive: formatIncentive(record.closing?.incentives[i] ?? 0n),
  }));
}
