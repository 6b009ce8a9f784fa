import type { JobSpec } from "../../protocol/jobSpec.ts";
import { type ProjectedScoring, projectedScoring, type SummedRound } from "../../protocol/projectedScoring.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { stateAt } from "./advance.ts";
import { storedSum } from "./sums.ts";
import { storedRows } from "./validation.ts";

/**
 * The projected scoring of a finished job, from states, sums and validation rows alone: every seat gets the same. Null while
 * one of them is missing, or where the rows are not the committed ones.
 */
export function scoringOf(ctx: NodeContext, job: JobView, spec: JobSpec): ProjectedScoring | null {
  const known = ctx.scorings.get(job.jobId);
  if (known !== undefined) return known;
  const completed = job.finished?.completed ?? 0;
  const last = stateAt(ctx, job, spec, completed);
  const rows = storedRows(ctx, job, spec)?.rows ?? null;
  const rounds = summedRounds(ctx, job, spec, completed);
  if (last === null || rows === null || rounds === null) return null;
  const scoring = projectedScoring(spec, rounds, last, rows);
  ctx.scorings.set(job.jobId, scoring);
  return scoring;
}

function summedRounds(ctx: NodeContext, job: JobView, spec: JobSpec, completed: number): SummedRound[] | null {
  const rounds: SummedRound[] = [];
  for (let round = 1; round < completed; round++) {
    const state = stateAt(ctx, job, spec, round);
    const sum = storedSum(ctx, job, spec, round);
    if (state === null || sum === undefined) return null;
    rounds.push({ round, state, sum });
  }
  return rounds;
}
