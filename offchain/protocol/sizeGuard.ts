import type { JobSpec } from "./jobSpec.ts";
import { gradientSlice } from "./newtonJob.ts";

// Scale of Newton sums.
const sumScale = 2 ** 16;

/** Index of H[0,0] in the update of a round >= 1: the Hessian's upper triangle follows the gradient. */
export function sizeIndex(spec: Pick<JobSpec, "features">): number {
  return gradientSlice(spec).to;
}

/**
 * H_i[0,0] of a contributor with `rows` rows at theta_1, in units of 2^-16: the base-rate state gives every row the
 * probability r, so each adds r (1 - r) whatever its features and its label are.
 */
export function expectedSize(rows: number, labelRate: number): bigint {
  return BigInt(Math.round(rows * labelRate * (1 - labelRate) * sumScale));
}

/**
 * True when an opened H_i[0,0] of round 1 is that of the committed rows: who trained on copies of its rows or scaled its whole
 * update is told by it. A scaled gradient beside the right Hessian is not.
 * @param opened in units of 2^-16; @param labelRate r, the share of ones over the whole cohort, of the certified round 0
 */
export function sizeIsHonest(opened: bigint, rows: number, labelRate: number): boolean {
  const off = opened - expectedSize(rows, labelRate);
  return (off < 0n ? -off : off) <= toleranceOf(rows);
}

/**
 * Two roundings to integers, one unit together; and a local sum of n terms of at most 1/4 is off by at most n 2^-53 of itself
 * (n^2 2^-39 units) from additions and by 8 of those 2^-53 a term from Math.exp, the margin and the division. One row is r (1 - r) 2^16 units:
 * 11 000 at a rate of 22%, 648 at 1%, so a row more or less shows up to a million rows and more.
 */
function toleranceOf(rows: number): bigint {
  const terms = rows + 8;
  return 1n + BigInt(Math.ceil((rows * terms) / 2 ** 39));
}
