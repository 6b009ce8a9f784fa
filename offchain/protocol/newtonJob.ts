import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { sha256Hex } from "../core/hash.ts";
import type { Design } from "../learning/design.ts";
import { dequantise, quantise } from "../learning/fixedPoint.ts";
import { logisticLength, logisticSums } from "../learning/logistic.ts";
import {
  applyTransform,
  baseRateState,
  momentLength,
  momentSums,
  type Transform,
  transformFromMoments,
} from "../learning/moments.ts";
import { newtonStep } from "../learning/newton.ts";
import type { Expected } from "./aggregation.ts";
import { decodeFloats, encodeFloats } from "./integers.ts";
import type { JobSpec } from "./jobSpec.ts";

/**
 * Federated logistic regression by Newton steps, as a job. Round 0 sums the moments and gives the transform and the
 * base-rate model; round r >= 1 sums rows, loss, gradient and Hessian at theta_r and gives theta_{r+1}.
 */
export interface ModelState {
  /** Intercept first, then one coefficient per feature, in units of the transformed features. */
  readonly theta: Float64Array;
  /** Known after round 0. */
  readonly transform: Transform | null;
  /** Summed training loss at the previous state; NaN-free: 0 before it is known. */
  readonly loss: number;
}

/** Columns of one party's own rows, in the order of the specification's features. */
export interface LocalRows {
  readonly columns: readonly Float64Array[];
  readonly labels: Uint8Array;
}

// Moments of columns mapped to [-1, 1]: one rounding at the end of a local sum, so 24 bits cost nothing (24 + 20 bits for
// a million rows). Newton sums take 16: projected scores need the room above (protocol, section 1).
const momentScaleBits = 24;
const newtonScaleBits = 16;
// A dealer refuses |x| > (2^60 - 1) / n_max.
const contributorsMax = 64;
const bound = (2n ** 60n - 1n) / BigInt(contributorsMax);

/** Parameters of the model: the intercept and one coefficient a feature. */
export function parametersOf(spec: Pick<JobSpec, "features">): number {
  return spec.features.length + 1;
}

/** theta_0: nothing is known. */
export function initialState(spec: JobSpec): ModelState {
  return { theta: new Float64Array(parametersOf(spec)), transform: null, loss: 0 };
}

/** Shape of the update of one round. */
export function expectedUpdate(spec: JobSpec, round: number): Expected {
  const d = spec.features.length;
  return { length: round === 0 ? momentLength(d) : logisticLength(d), bound };
}

/** A contributor's integers for one round, from its own rows only. */
export function localUpdate(spec: JobSpec, round: number, state: ModelState, rows: LocalRows): BigInt64Array {
  const sums =
    round === 0
      ? momentSums(rows.columns, rows.labels, spec.features)
      : logisticSums(designOf(state, rows), state.theta);
  return quantise(sums, scaleBits(round), Number(bound) / 2 ** scaleBits(round), contributorsMax);
}

/** Rows in the units of the model; requires round 0 to be over. */
export function designOf(state: ModelState, rows: LocalRows): Design {
  if (state.transform === null) throw new Error("no transform before round 0");
  return applyTransform(rows.columns, rows.labels, state.transform);
}

/** The sums as floats, from the integers. */
export function sumsOf(round: number, integers: BigInt64Array): Float64Array {
  return dequantise(integers, scaleBits(round));
}

/** theta_{round + 1} from the sum over the certified set: deterministic, so that every oracle and auditor agrees. */
export function nextState(spec: JobSpec, round: number, state: ModelState, sum: BigInt64Array): ModelState {
  const sums = sumsOf(round, sum);
  if (round === 0) {
    const transform = transformFromMoments(sums, spec.features, spec.transform);
    return { theta: baseRateState(transform), transform, loss: 0 };
  }
  return {
    theta: newtonStep(state.theta, sums, spec.algorithm.ridge),
    transform: state.transform,
    loss: lossOf(sums),
  };
}

// Layout of logisticSums: rows, loss, gradient, upper triangle of the Hessian.
const gradientAt = 2;

/** Where the gradient of the log-likelihood stands in the update of a round >= 1: from <= index < to. */
export function gradientSlice(spec: Pick<JobSpec, "features">): { readonly from: number; readonly to: number } {
  return { from: gradientAt, to: gradientAt + parametersOf(spec) };
}

/** The same state; throws `learning/not-finite` where a number of it is none: no further round could use it. */
export function expectFinite(state: ModelState): ModelState {
  const { theta, transform, loss } = state;
  const numbers = [...theta, loss, ...(transform?.offset ?? []), ...(transform?.scale ?? [])];
  if (numbers.every(Number.isFinite)) return state;
  throw new FarshoreError({
    code: "learning/not-finite",
    message: "a state with a number that is not finite follows from the sums",
    remedy: "some contributor's sums are none of honest rows: nobody can say whose",
  });
}

/** Largest magnitude of a sum over all contributors of a job: each dealer's bound, as often as there are dealers. */
export function sumBound(spec: Pick<JobSpec, "assets">): bigint {
  return bound * BigInt(spec.assets.length);
}

function lossOf(sums: Float64Array): number {
  return sums[1] as number;
}

/** True when training may stop after `round`: the summed loss improved by less than the agreed fraction. */
export function reachedPlateau(spec: JobSpec, round: number, before: ModelState, after: ModelState): boolean {
  const { plateau } = spec.algorithm;
  if (plateau === 0 || round < 2 || before.loss <= 0) return false;
  return before.loss - after.loss < plateau * before.loss;
}

function scaleBits(round: number): number {
  return round === 0 ? momentScaleBits : newtonScaleBits;
}

/** Bytes of a state: theta, offsets, scales, label rate, rows, loss as float64 little endian. */
export function encodeState(state: ModelState): Uint8Array {
  const d = state.theta.length - 1;
  const { offset, scale, labelRate, rows } = state.transform ?? emptyTransform(d);
  return encodeFloats(Float64Array.from([...state.theta, ...offset, ...scale, labelRate, rows, state.loss]));
}

function emptyTransform(d: number): Transform {
  return { offset: new Array(d).fill(0), scale: new Array(d).fill(0), labelRate: 0, rows: 0 };
}

/** Reverse of `encodeState` for the specification's number of features. */
export function decodeState(spec: JobSpec, bytes: Uint8Array): ModelState {
  const d = spec.features.length;
  const values = decodeFloats(bytes, 3 * d + 4);
  const transform: Transform = {
    offset: [...values.subarray(d + 1, 2 * d + 1)],
    scale: [...values.subarray(2 * d + 1, 3 * d + 1)],
    labelRate: values[3 * d + 1] as number,
    rows: values[3 * d + 2] as number,
  };
  return {
    theta: values.slice(0, d + 1),
    transform: transform.rows === 0 ? null : transform,
    loss: values[3 * d + 3] as number,
  };
}

/** SHA-256 of the state's bytes. */
export function stateHash(state: ModelState): Hex {
  return sha256Hex(encodeState(state));
}
