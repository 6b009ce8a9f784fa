import { bytesToHex } from "../../core/bytes.ts";
import { canonicalJson } from "../../core/canonicalJson.ts";
import type { EvidenceSections, RoundEvidence } from "../../protocol/evidence.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { type DeliveryItem, modelBytes, modelOf } from "../../protocol/model.ts";
import { encodeState, type ModelState } from "../../protocol/newtonJob.ts";
import { reportOf } from "../../protocol/report.ts";
import { exactValuation, type RoundRecord, type Valuation } from "../../protocol/valuation.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { stateAt } from "./advance.ts";
import { type Dealing, fullSet } from "./dealings.ts";
import { validationPayload, validationRows } from "./validation.ts";

// Evidence of this many jobs stays in memory; of an older one it is computed again when somebody asks.
const keptJobs = 16;

/**
 * Evidence of a finished job, the same bytes on every honest seat, or null while this seat lacks a round. Computed once
 * and kept in memory for the latest jobs; everything it is made of is in the store.
 */
export function evidenceOf(ctx: NodeContext, job: JobView, spec: JobSpec): EvidenceSections | null {
  const known = ctx.evidence.get(job.jobId);
  if (known !== undefined) return known;
  const built = build(ctx, job, spec);
  if (built !== null) ctx.evidence.set(job.jobId, built);
  const [oldest] = ctx.evidence.keys();
  if (oldest !== undefined && ctx.evidence.size > keptJobs) ctx.evidence.delete(oldest);
  return built;
}

function build(ctx: NodeContext, job: JobView, spec: JobSpec): EvidenceSections | null {
  const { finished } = job;
  if (finished === null) return null;
  const { completed } = finished;
  const last = stateAt(ctx, job, spec, completed);
  const rows = validationRows(ctx, job, spec);
  const payload = validationPayload(ctx, job);
  const rounds = Array.from({ length: completed }, (_, round) => ({
    round,
    state: stateAt(ctx, job, spec, round),
    dealings: fullSet(ctx, job, spec, round),
  }));
  if (last === null || rows === null || payload === undefined) return null;
  if (rounds.some(({ state, dealings }) => state === null || dealings === null)) return null;
  const full = rounds as { round: number; state: ModelState; dealings: Dealing[] }[];
  const records: RoundRecord[] = full.slice(1).map(({ round, state, dealings }) => ({
    ...{ round, state },
    updates: dealings.map((d) => d.accepted.values),
  }));
  const valuation = exactValuation(spec, records, last, rows);
  return {
    spec,
    rounds: full.map(roundEvidence),
    finalState: bytesToHex(encodeState(last)),
    validation: bytesToHex(payload),
    valuation: asText(valuation),
    model: modelOf(spec, job.jobId, job.terms.specHash, last),
    report: reportOf(finished, last, rows, valuation.utilities.at(-1) as bigint),
  };
}

function roundEvidence({
  round,
  state,
  dealings,
}: {
  round: number;
  state: ModelState;
  dealings: Dealing[];
}): RoundEvidence {
  return { round, state: bytesToHex(encodeState(state)), updates: dealings.map(({ bytes }) => bytesToHex(bytes)) };
}

function asText({ utilities, scored, table }: Valuation): EvidenceSections["valuation"] {
  return { utilities: utilities.map(String), scored, table: table.map(String) };
}

/** Files that the buyer gets. */
export function deliveryOf(sections: EvidenceSections): DeliveryItem[] {
  return [
    { name: "model.json", bytes: modelBytes(sections.model) },
    { name: "report.json", bytes: new TextEncoder().encode(canonicalJson(sections.report)) },
  ];
}
