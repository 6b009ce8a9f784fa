import { bytesToHex } from "../../core/bytes.ts";
import { canonicalJson } from "../../core/canonicalJson.ts";
import { validatorIndex } from "../../protocol/aggregation.ts";
import type { EvidenceSections, RoundEvidence, ValuationEvidence } from "../../protocol/evidence.ts";
import { encodeIntegers } from "../../protocol/integers.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { type DeliveryItem, modelBytes, modelOf } from "../../protocol/model.ts";
import { encodeState, type ModelState } from "../../protocol/newtonJob.ts";
import { reportOf } from "../../protocol/report.ts";
import { exactValuation } from "../../protocol/valuation.ts";
import { byWeight, exactEvidence, projectedEvidence } from "../../protocol/valuationEvidence.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { recorded } from "../steps.ts";
import { stateAt } from "./advance.ts";
import { certifiedSet, contributions } from "./certifiedSet.ts";
import type { Dealing } from "./dealings.ts";
import { scoringOf } from "./scoring.ts";
import { storedSum } from "./sums.ts";
import { type OpenedValidation, openRows } from "./validation.ts";

// Evidence of this many jobs stays in memory; that of an older one is read again when somebody asks.
const keptJobs = 16;

/**
 * Evidence of a finished job, the same bytes on every honest seat, or null while this seat lacks something of it. Kept in the
 * store once it is made: shares are erased when the job is closed, and it must be served long after.
 */
export async function evidenceOf(ctx: NodeContext, job: JobView, spec: JobSpec): Promise<EvidenceSections | null> {
  const known = ctx.evidence.get(job.jobId) ?? storedEvidence(ctx, job);
  if (known !== undefined) return remember(ctx, job, known);
  const validation = await openRows(ctx, job, spec);
  const built = validation === null ? null : build(ctx, job, spec, validation);
  if (built === null) return null;
  const bytes = new TextEncoder().encode(canonicalJson(built));
  await recorded(ctx, "oracle.keepEvidence", () => ctx.store.putEvidence(job.jobId, bytes));
  return remember(ctx, job, built);
}

function storedEvidence(ctx: NodeContext, job: JobView): EvidenceSections | undefined {
  const bytes = ctx.store.evidence(job.jobId);
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as EvidenceSections);
}

function remember(ctx: NodeContext, job: JobView, sections: EvidenceSections): EvidenceSections {
  ctx.evidence.set(job.jobId, sections);
  const [oldest] = ctx.evidence.keys();
  if (oldest !== undefined && ctx.evidence.size > keptJobs) ctx.evidence.delete(oldest);
  return sections;
}

/** One completed round as this seat holds it. */
interface HeldRound {
  readonly round: number;
  readonly state: ModelState;
  readonly dealings: readonly Dealing[];
  readonly sum: BigInt64Array;
}

function build(ctx: NodeContext, job: JobView, spec: JobSpec, validation: OpenedValidation): EvidenceSections | null {
  const { finished } = job;
  const last = finished === null ? null : stateAt(ctx, job, spec, finished.completed);
  const rounds = finished === null ? null : heldRounds(ctx, job, spec, finished.completed);
  if (finished === null || last === null || rounds === null) return null;
  const valuation = valuationOf(ctx, job, spec, rounds, last, validation);
  if (valuation === null) return null;
  return {
    spec,
    rounds: rounds.map((r) => roundEvidence(spec, r)),
    finalState: bytesToHex(encodeState(last)),
    validation: bytesToHex(validation.payload),
    valuation,
    model: modelOf(spec, job.jobId, job.terms.specHash, last),
    report: reportOf(finished, last, validation.rows, BigInt(valuation.utilities.at(-1) ?? 0)),
  };
}

function heldRounds(ctx: NodeContext, job: JobView, spec: JobSpec, completed: number): HeldRound[] | null {
  const rounds: HeldRound[] = [];
  for (const { set } of job.sets.slice(0, completed)) {
    const { round } = set;
    const state = stateAt(ctx, job, spec, round);
    const dealings = certifiedSet(ctx, job, spec, round, set.dealingsRoot);
    const sum = storedSum(ctx, job, spec, round);
    if (state === null || dealings === null || sum === undefined) return null;
    rounds.push({ round, state, dealings, sum });
  }
  return rounds;
}

function roundEvidence({ aggregation }: JobSpec, { round, state, dealings, sum }: HeldRound): RoundEvidence {
  return {
    round,
    state: bytesToHex(encodeState(state)),
    updates: dealings.map(({ index, bytes, leaf }) =>
      index === validatorIndex ? { omitted: leaf } : bytesToHex(bytes),
    ),
    sum: aggregation === "clear" ? null : bytesToHex(encodeIntegers(sum)),
  };
}

function valuationOf(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  rounds: readonly HeldRound[],
  last: ModelState,
  { rows }: OpenedValidation,
): ValuationEvidence | null {
  if (rows === null) return byWeight;
  if (spec.aggregation !== "clear") {
    const scoring = scoringOf(ctx, job, spec);
    return scoring === null ? null : projectedEvidence(scoring);
  }
  const records = rounds.slice(1).map(({ round, state, dealings }) => ({
    ...{ round, state },
    updates: contributions(dealings).map(({ held }) => held.integers as BigInt64Array),
  }));
  return exactEvidence(exactValuation(spec, records, last, rows));
}

/** Files that the buyer gets. */
export function deliveryOf(sections: EvidenceSections): DeliveryItem[] {
  return [
    { name: "model.json", bytes: modelBytes(sections.model) },
    { name: "report.json", bytes: new TextEncoder().encode(canonicalJson(sections.report)) },
  ];
}
