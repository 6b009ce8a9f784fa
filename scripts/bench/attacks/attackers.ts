import { penalisedHessian } from "../../../offchain/learning/newton.ts";
import { dot, minus } from "../../../offchain/learning/vector.ts";
import { expectedUpdate, gradientSlice, type ModelState, sumsOf } from "../../../offchain/protocol/newtonJob.ts";
import { expectedSize, sizeIndex } from "../../../offchain/protocol/sizeGuard.ts";
import type { Contributor, PublicView } from "./federation.ts";

/** The gradient that a contributor without data makes up in a round >= 1 from what everybody sees, in units of one. */
export type Forged = (round: number, view: PublicView, weight: number) => Float64Array;

const sumScale = 2 ** 16;

/**
 * A contributor that has no rows and says it has `rows`: a label rate from public statistics in round 0, then Hessians that
 * pass for `rows` rows (H[0,0] opens right) and the forged gradient. `curvature`: how many times the usual curvature it claims
 * for every feature in round 1; a large one damps the first step of all.
 */
export function withoutData(
  name: string,
  rows: number,
  labelRate: number,
  curvature: number,
  forged: Forged,
): Contributor {
  const update = (round: number, view: PublicView): BigInt64Array => {
    const made = new BigInt64Array(expectedUpdate(view.spec, round).length);
    if (round === 0) {
      made[0] = BigInt(rows) << 24n;
      made[1] = BigInt(Math.round(rows * labelRate)) << 24n;
      return made;
    }
    const state = view.states[round] as ModelState;
    const weight = rows / (state.transform?.rows ?? rows);
    made.set(claimedSums(round, view, rows, curvature));
    made.set(integers(forged(round, view, weight)), gradientSlice(view.spec).from);
    return made;
  };
  return { name, group: name, rows, update };
}

/** Rows, loss and Hessian as of `rows` usual rows: diagonal at first, then its weight's part of the last sum. */
function claimedSums(round: number, view: PublicView, rows: number, curvature: number): BigInt64Array {
  const state = view.states[round] as ModelState;
  const cohort = state.transform as NonNullable<ModelState["transform"]>;
  if (round > 1) {
    const last = view.sums[round - 1] as BigInt64Array;
    return last.map((value) => (value * BigInt(rows)) / BigInt(cohort.rows));
  }
  const made = new BigInt64Array(expectedUpdate(view.spec, round).length);
  made[0] = BigInt(rows) << 16n;
  const p = state.theta.length;
  for (let a = 0, at = sizeIndex(view.spec); a < p; at += p - a, a++) {
    const usual = expectedSize(rows, cohort.labelRate);
    made[at] = a === 0 ? usual : BigInt(curvature) * usual;
  }
  return made;
}

/** `times` what its weight's part of the last global update looked like: g = times * weight * H_{t-1} (theta_t - theta_{t-1}). */
export function replayOf(times: number): Forged {
  return (round, view, weight) => {
    const theta = (view.states[round] as ModelState).theta;
    if (round < 2) return new Float64Array(theta.length);
    const step = minus(theta, (view.states[round - 1] as ModelState).theta);
    return gradientFor(step, round - 1, view).map((value) => times * weight * value);
  };
}

/** A replay that knows of the guard: each feature by its own curvature alone, so that it is not along the earlier gradient. */
export function replayByFeature(times: number): Forged {
  return (round, view, weight) => {
    const theta = (view.states[round] as ModelState).theta;
    if (round < 2) return new Float64Array(theta.length);
    const p = theta.length;
    const { ridge } = view.spec.algorithm;
    const hessian = penalisedHessian(sumsOf(round - 1, view.sums[round - 1] as BigInt64Array), p, ridge);
    const step = minus(theta, (view.states[round - 1] as ModelState).theta);
    return step.map((value, j) => times * weight * value * (hessian[j * p + j] as number));
  };
}

/** The gradient that would make the step towards a model known from elsewhere: what an earlier job published, or folklore. */
export function towards(known: Float64Array): Forged {
  return (round, view, weight) => {
    const state = view.states[round] as ModelState;
    const step = minus(known, state.theta);
    if (round > 1) return gradientFor(step, round - 1, view).map((value) => weight * value);
    const { rows, labelRate } = state.transform as NonNullable<ModelState["transform"]>;
    return step.map((value) => weight * rows * labelRate * (1 - labelRate) * value);
  };
}

/** (H + Lambda) step by the sums of a round that everybody has seen. */
function gradientFor(step: Float64Array, seen: number, { spec, sums }: PublicView): Float64Array {
  const p = step.length;
  const hessian = penalisedHessian(sumsOf(seen, sums[seen] as BigInt64Array), p, spec.algorithm.ridge);
  return step.map((_, row) => dot(hessian.subarray(row * p, (row + 1) * p), step));
}

function integers(values: Float64Array): BigInt64Array {
  return BigInt64Array.from(values, (value) => BigInt(Math.round(value * sumScale)));
}

/** A contributor whose updates from round 1 on are `times` the honest ones: all of them, or the gradient alone. */
export function scaled(contributor: Contributor, times: bigint, part: "everything" | "gradient"): Contributor {
  return changed(contributor, (update, { spec }) => {
    const { from, to } = part === "gradient" ? gradientSlice(spec) : { from: 0, to: update.length };
    return update.map((value, j) => (j >= from && j < to ? times * value : value));
  });
}

/** Deals D + times * G in place of its own D, with G the gradient part of `bait`'s updates; negative times for the other of a pair. */
export function shifted(contributor: Contributor, bait: Contributor, times: bigint): Contributor {
  return changed(contributor, (update, view, round) => {
    const { from, to } = gradientSlice(view.spec);
    const added = bait.update(round, view);
    return update.map((value, j) => (j >= from && j < to ? value + times * (added[j] as bigint) : value));
  });
}

function changed(
  contributor: Contributor,
  change: (update: BigInt64Array, view: PublicView, round: number) => BigInt64Array,
): Contributor {
  const update = (round: number, view: PublicView) => {
    const honest = contributor.update(round, view);
    return round === 0 ? honest : change(honest, view, round);
  };
  return { ...contributor, update };
}
