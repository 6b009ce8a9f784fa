import { FarshoreError } from "../core/errors.ts";
import type { Design } from "./design.ts";
import { exactLog } from "./exactMath.ts";

/** Declared range of a column; public. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** x' = (x - offset) * scale, per feature; a constant column has scale 0. `labelRate`: share of ones over `rows` rows. */
export interface Transform {
  readonly offset: readonly number[];
  readonly scale: readonly number[];
  readonly labelRate: number;
  readonly rows: number;
}

// A variance below this (of a column mapped to [-1, 1]) is rounding noise: the column is constant.
const constantVariance = 1e-12;

/** Number of sums in round 0: rows, labels, and per feature its sum and its sum of squares. */
export function momentLength(features: number): number {
  return 2 + 2 * features;
}

/**
 * One party's sums: [rows, sum y, sum u_j ..., sum u_j^2 ...] with u the column mapped to [-1, 1] by its declared range. Raw
 * squares would wrap the field. Values outside the range were refused when the file was read.
 */
export function momentSums(
  columns: readonly Float64Array[],
  labels: Uint8Array,
  ranges: readonly Range[],
): Float64Array {
  const sums = new Float64Array(momentLength(columns.length));
  sums[0] = labels.length;
  sums[1] = labels.reduce((total, label) => total + label, 0);
  columns.forEach((column, j) => {
    const { middle, half } = mapping(ranges[j] as Range);
    let sum = 0;
    let squares = 0;
    for (const value of column) {
      const u = (value - middle) / half;
      sum += u;
      squares += u * u;
    }
    sums[2 + j] = sum;
    sums[2 + columns.length + j] = squares;
  });
  return sums;
}

function mapping({ min, max }: Range): { middle: number; half: number } {
  return { middle: (min + max) / 2, half: (max - min) / 2 };
}

/**
 * The transform that the summed moments give: mean 0 and variance 1 over all rows together ("standardise"), or none.
 * Deterministic. Throws `learning/no-rows`, and `learning/one-class` when all labels are equal.
 */
export function transformFromMoments(
  sums: Float64Array,
  ranges: readonly Range[],
  mode: "standardise" | "none",
): Transform {
  const rows = sums[0] as number;
  const ones = sums[1] as number;
  if (!(rows > 0)) throw new FarshoreError({ code: "learning/no-rows", message: "the summed moments count no rows" });
  if (ones <= 0 || ones >= rows) throw oneClass(rows, ones);
  const labelRate = ones / rows;
  const d = ranges.length;
  if (mode === "none") return { offset: new Array(d).fill(0), scale: new Array(d).fill(1), labelRate, rows };
  const offset: number[] = [];
  const scale: number[] = [];
  ranges.forEach((range, j) => {
    const { middle, half } = mapping(range);
    const mean = (sums[2 + j] as number) / rows;
    const variance = (sums[2 + d + j] as number) / rows - mean * mean;
    offset.push(middle + half * mean);
    scale.push(variance > constantVariance ? 1 / (half * Math.sqrt(variance)) : 0);
  });
  return { offset, scale, labelRate, rows };
}

function oneClass(rows: number, ones: number): FarshoreError {
  return new FarshoreError({
    code: "learning/one-class",
    message: "all labels of the cohort are equal: there is nothing to learn",
    facts: { rows, ones },
    remedy: "check the label column of the listings",
  });
}

/** Rows in the units of the model. */
export function applyTransform(columns: readonly Float64Array[], labels: Uint8Array, transform: Transform): Design {
  const d = columns.length;
  const x = new Float64Array(labels.length * d);
  columns.forEach((column, j) => {
    const offset = transform.offset[j] as number;
    const scale = transform.scale[j] as number;
    for (let i = 0; i < column.length; i++) x[i * d + j] = ((column[i] as number) - offset) * scale;
  });
  return { rows: labels.length, features: d, x, y: labels };
}

/** theta_1: predicts the base rate for everybody; intercept first, then zero coefficients. */
export function baseRateState(transform: Transform): Float64Array {
  const theta = new Float64Array(transform.offset.length + 1);
  theta[0] = exactLog(transform.labelRate / (1 - transform.labelRate));
  return theta;
}
