import { apportion } from "../../../offchain/core/apportion.ts";
import { ppb } from "../../../offchain/core/units.ts";
import type { JobSpec } from "../../../offchain/protocol/jobSpec.ts";
import { gradientSlice, type LocalRows, type ModelState } from "../../../offchain/protocol/newtonJob.ts";
import { medianOf, normIsWithin } from "../../../offchain/protocol/normBound.ts";
import type { SummedRound } from "../../../offchain/protocol/projectedScoring.ts";
import { sizeIndex, sizeIsHonest } from "../../../offchain/protocol/sizeGuard.ts";
import type { Federation } from "./federation.ts";
import { rawScores, scoringOf, unguardedScorer } from "./scores.ts";

/** The guards of protocol section 6, one by one. */
export const guardNames = ["replay", "limit", "cap", "group", "size", "norm"] as const;
export type Guard = (typeof guardNames)[number];

/** What each contributor gets of the performance pot, in parts per billion; what is missing to 1e9 goes to the treasury. */
export function earnings(job: Federation, validation: LocalRows, guards: readonly Guard[]): number[] {
  const has = (guard: Guard) => guards.includes(guard);
  const counted = upToVoidRound(job, has("size"), has("norm"));
  const scoring = scoringOf(counted, validation);
  const scores = rawScores(counted, has("replay") ? scoring : unguardedScorer(counted, scoring, validation));
  const limit = has("limit") ? 2n * scoring.scoreTotal * 2n ** 58n : null;
  const groups = has("group") ? job.contributors.map((c) => c.group) : job.contributors.map((_, i) => String(i));
  const parts = apportion(BigInt(ppb), guardedScores(scores, limit, groups));
  return job.spec.assets.map(({ weightPpb }, i) => {
    const cap = Math.floor((7 * weightPpb) / 2);
    return has("cap") ? Math.min(Number(parts[i]), cap) : Number(parts[i]);
  });
}

/**
 * Scores that are paid for: none below 0, none above the limit; the members of a group together no more than what all of
 * them score, losses and exploded scores included.
 */
function guardedScores(scores: readonly bigint[], limit: bigint | null, groups: readonly string[]): bigint[] {
  const single = scores.map((score) => (score > 0n && (limit === null || score <= limit) ? score : 0n));
  const of = (values: readonly bigint[], group: string) =>
    values.reduce((sum, value, i) => (groups[i] === group ? sum + value : sum), 0n);
  return single.map((score, i) => {
    const group = groups[i] as string;
    const [net, kept] = [of(scores, group), of(single, group)];
    if (kept <= net || kept === 0n) return score;
    return net <= 0n ? 0n : (score * net) / kept;
  });
}

/** The job as it ends when oracles open sizes (round 1) or norms (from round 2 on): before the first round in which one is wrong. */
function upToVoidRound(job: Federation, size: boolean, norm: boolean): Federation {
  const wrong = job.rounds.find(
    ({ round }) => (size && round === 1 && !sizesHold(job)) || (norm && round > 1 && !normsHold(job, round)),
  );
  if (wrong === undefined) return job;
  return { ...job, rounds: job.rounds.filter(({ round }) => round < wrong.round), last: wrong.state };
}

function sizesHold({ spec, contributors, updates, rounds }: Federation): boolean {
  const { transform } = (rounds[0] as SummedRound).state;
  const { labelRate } = transform as NonNullable<ModelState["transform"]>;
  return contributors.every(({ rows }, i) => {
    return sizeIsHonest(updates[1]?.[i]?.[sizeIndex(spec)] as bigint, rows, labelRate);
  });
}

function normsHold({ spec, updates, contributors }: Federation, round: number): boolean {
  const previous = squaredNorms(spec, updates[round - 1] as readonly BigInt64Array[]);
  const median = medianOf(previous);
  const norms = squaredNorms(spec, updates[round] as readonly BigInt64Array[]);
  const medianRows = Number(medianOf(contributors.map(({ rows }) => BigInt(rows))));
  return norms.every((value, i) => {
    const before = { squaredMedian: median, squaredOwn: previous[i] as bigint };
    return normIsWithin(value, before, contributors[i]?.rows ?? 0, medianRows);
  });
}

function squaredNorms(spec: JobSpec, updates: readonly BigInt64Array[]): bigint[] {
  const { from, to } = gradientSlice(spec);
  return updates.map((update) => update.slice(from, to).reduce((sum, g) => sum + g * g, 0n));
}

/**
 * The longest gradient of rounds 2 .. R over the median length of the round before, by rows where a bank has more than the median
 * one: the norm bound names whom is above 1.5.
 */
export function longestNorm({ spec, updates, contributors }: Federation): number {
  const medianRows = Number(medianOf(contributors.map(({ rows }) => BigInt(rows))));
  const size = (i: number) => Math.max(1, (contributors[i]?.rows ?? 0) / medianRows);
  const lengths = updates.slice(1).map((round) => squaredNorms(spec, round));
  const ratios = lengths.slice(1).flatMap((norms, t) => {
    const median = Number(medianOf(lengths[t] as bigint[]));
    return norms.map((norm, i) => Math.sqrt(Number(norm) / median) / size(i));
  });
  return Math.max(...ratios);
}
