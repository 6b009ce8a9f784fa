import type { JobRecord } from "../chain/jobRecord.ts";
import { formatIncentive, formatStable } from "../core/units.ts";
import { finishReasons } from "../protocol/chainStructs.ts";
import { tableLines } from "./output.ts";

/** A job as scripts read it. Amounts as decimal strings of whole tokens. */
export function jobSummary(job: JobRecord) {
  const { jobId, state, deadline, terms, rounds, closing, proposal } = job;
  return {
    job: jobId,
    state,
    deadline,
    buyer: job.buyer,
    rounds: { certified: rounds?.certified ?? 0, completed: rounds?.completed ?? 0, planned: terms.rounds },
    ended: rounds !== null && rounds.lastState !== `0x${"00".repeat(32)}` ? finishReasons[rounds.reason] : null,
    contributors: (job.parties?.contributors ?? []).map((c, i) => ({
      account: c.account,
      assetId: String(terms.assets[i]?.assetId),
      sharePpb: proposal?.shares[i] ?? null,
      stable: closing === null ? null : formatStable(closing.credits[i] ?? 0n),
      incentive: closing === null ? null : formatIncentive(closing.incentives[i] ?? 0n),
    })),
    refunded: closing === null ? null : formatStable(closing.refunded),
    steps: job.steps,
  };
}

/** A job as people read it. */
export function jobLines(job: JobRecord): string[] {
  const summary = jobSummary(job);
  const { certified, completed, planned } = summary.rounds;
  const head = [
    `job      ${summary.job}`,
    `state    ${summary.state}${summary.ended === null ? "" : ` (training ended: ${summary.ended})`}`,
    `rounds   ${certified} certified, ${completed} completed, ${planned} planned`,
  ];
  if (summary.contributors.length === 0) return head;
  const rows = summary.contributors.map((c) => [
    ...[c.assetId, c.account, c.sharePpb === null ? "-" : `${(c.sharePpb / 1e7).toFixed(2)} %`],
    ...[c.stable ?? "-", c.incentive ?? "-"],
  ]);
  return [...head, ...tableLines([["asset", "contributor", "share", "stable", "incentive"], ...rows])];
}
