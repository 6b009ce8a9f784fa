import type { Design } from "../learning/design.ts";
import { penalisedGradient } from "../learning/newton.ts";
import { pathGradient } from "../learning/pathGradient.ts";
import { scoredRounds } from "../learning/scoredRounds.ts";
import { utility } from "../learning/utility.ts";
import { dot, minus } from "../learning/vector.ts";
import type { JobSpec } from "./jobSpec.ts";
import { designOf, expectedUpdate, gradientSlice, type LocalRows, type ModelState, sumsOf } from "./newtonJob.ts";
import { guardedMultiplier, type Multiplier, ridgeTermOf, scoresFit, summedScore } from "./scoreMultiplier.ts";

/** One certified round: the state it started from and the sum of the certified set's integers. */
export interface SummedRound {
  readonly round: number;
  readonly state: ModelState;
  readonly sum: BigInt64Array;
}

/** What oracles need to score n contributors from their shares, and what the contract checks; 1e-9 nat but for `ridgeTerm`. */
export interface ProjectedScoring {
  /** U(theta_1), U(theta_2), ... to the last state. */
  readonly utilities: readonly bigint[];
  /** Rounds 1 .. scored count. */
  readonly scored: number;
  /** U(theta_1). */
  readonly utilityStart: bigint;
  /** U of the last scored state. */
  readonly utilityEnd: bigint;
  /** Sum over the scored rounds of <c_t, theta_{t+1} - theta_t>, before guards. */
  readonly scoreTotal: bigint;
  /** scoreTotal less the sum of the scores: what the replay guard took (negative where it gave), and rounding. */
  readonly removed: bigint;
  /** kappa in 2^-58 nat: the sum over the scored rounds of <multiplier_t, Lambda theta_t>. */
  readonly ridgeTerm: bigint;
  /** One for each scored round, as long as the round's update, integers at 2^42. */
  readonly multipliers: readonly { readonly round: number; readonly values: BigInt64Array }[];
}

/**
 * The projected scores of protocol section 6 as multipliers: phi_i = R_i - p_i / 1e9 * ridgeTerm in 2^-58 nat, with
 * R_i = sum over t of <multiplier_t, update_i^t>, an inner product that oracles take of shares. From public numbers alone:
 * every oracle and auditor gets the same integers, and |1e9 (sum of R_i - ridgeTerm) - (scoreTotal - removed) 2^58| <= 2^58.
 *
 * Scoring ends before the round from which on the scores would not add up to the utility gained (after the segment was
 * split into 2 and 4 pieces), or would not fit the field or int64.
 * @param rounds rounds 1 .. R in order; round 0 moves no model; @param last the state after round R
 */
export function projectedScoring(
  spec: JobSpec,
  rounds: readonly SummedRound[],
  last: ModelState,
  validation: LocalRows,
): ProjectedScoring {
  const states = [...rounds.map((r) => r.state), last].map((state) => state.theta);
  const design = designOf(last, validation);
  const utilities = states.map((theta) => utility(theta, design));
  const most = rounds.length === 0 ? 0 : scoredRounds(utilities);
  let scored = nothing;
  for (let at = 0; at < most; at++) {
    const gained = (utilities[at + 1] as bigint) - (utilities[0] as bigint);
    const next = withRound(spec, scored, { at, rounds, states, design, gained });
    if (next === null) break;
    scored = next;
  }
  return resultOf(scored, utilities);
}

/** Rounds scored so far: nats, 2^-58 nat and 2^-58 nat. */
interface Scored {
  readonly total: number;
  readonly summed: bigint;
  readonly ridge: bigint;
  readonly rounds: readonly Multiplier[];
}

const nothing: Scored = { total: 0, summed: 0n, ridge: 0n, rounds: [] };

interface Candidate {
  /** Index into `rounds`; `states` has one more. */
  readonly at: number;
  readonly rounds: readonly SummedRound[];
  readonly states: readonly Float64Array[];
  readonly design: Design;
  /** Utility gained from the start to the end of this round, 1e-9 nat. */
  readonly gained: bigint;
}

// A segment is split twice at most: 1, 2 and 4 pieces.
const splits = [1, 2, 4];

/** The scores with one round more, or null where they fail a check. */
function withRound(spec: JobSpec, before: Scored, candidate: Candidate): Scored | null {
  const { at, states, design, gained } = candidate;
  const [from, to] = [states[at] as Float64Array, states[at + 1] as Float64Array];
  for (const pieces of splits) {
    const gradient = pathGradient(from, to, design, pieces);
    const total = before.total + dot(gradient, minus(to, from));
    if (telescopes(total, gained)) return withGradient(spec, { ...before, total }, candidate, gradient);
  }
  return null;
}

function withGradient(spec: JobSpec, before: Scored, { at, rounds }: Candidate, gradient: Float64Array): Scored | null {
  const { round, sum, state } = rounds[at] as SummedRound;
  const { ridge } = spec.algorithm;
  const guarded = guardedMultiplier(sumsOf(round, sum), gradient, earlierGradients(rounds, at, ridge), ridge);
  if (guarded === null) return null;
  const values = new BigInt64Array(expectedUpdate(spec, round).length);
  values.set(guarded, gradientSlice(spec).from);
  const term = ridgeTermOf(guarded, state.theta, ridge);
  if (term === null) return null;
  const next = { summed: before.summed + summedScore(values, sum), ridge: before.ridge + term };
  if (!scoresFit(next.summed, next.ridge)) return null;
  return { total: before.total, ...next, rounds: [...before.rounds, { round, values }] };
}

// The last two: further back, updates are so much longer than this round's that mixing them in is a guess.
const roundsGuarded = 2;

/**
 * Penalised gradients of the last two rounds, the latest first. Round 0 made no update that could be dealt again: the step to the
 * base rate moves the intercept alone, repeating it at theta_1 costs utility, and projecting it off would send 13% of the
 * money astray where each bank has one kind of customers.
 */
function earlierGradients(rounds: readonly SummedRound[], at: number, ridge: number): Float64Array[] {
  return rounds
    .slice(Math.max(0, at - roundsGuarded), at)
    .map(({ round, state, sum }) => penalisedGradient(state.theta, sumsOf(round, sum), ridge))
    .reverse();
}

// 1% of the gain, or 1e-6 nat: scores that do not add up to the utility gained are no Shapley values of it. The contract
// checks the same.
const leastTolerance = 1000n;

function telescopes(total: number, gained: bigint): boolean {
  if (!Number.isFinite(total)) return false;
  const off = nanoNats(total) - gained;
  const part = (gained < 0n ? -gained : gained) / 100n;
  return (off < 0n ? -off : off) <= (part > leastTolerance ? part : leastTolerance);
}

function nanoNats(nats: number): bigint {
  return BigInt(Math.round(nats * 1e9));
}

function resultOf({ total, summed, ridge, rounds }: Scored, utilities: readonly bigint[]): ProjectedScoring {
  const scoreTotal = nanoNats(total);
  return {
    utilities,
    scored: rounds.length,
    utilityStart: utilities[0] as bigint,
    utilityEnd: utilities[rounds.length] as bigint,
    scoreTotal,
    removed: scoreTotal - roundedQuotient((summed - ridge) * 1_000_000_000n, 2n ** 58n),
    ridgeTerm: ridge,
    multipliers: rounds,
  };
}

/** To the nearest integer, halves up; the divisor is positive. */
function roundedQuotient(value: bigint, divisor: bigint): bigint {
  const doubled = 2n * value + divisor;
  const quotient = doubled / (2n * divisor);
  return doubled < 0n && quotient * 2n * divisor !== doubled ? quotient - 1n : quotient;
}
