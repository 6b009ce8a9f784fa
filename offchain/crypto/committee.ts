/** Sizes of a committee: k seats; up to t may read together and learn nothing; m sign; up to f may lie or vanish. */
export interface CommitteeSizes {
  readonly k: number;
  readonly t: number;
  readonly m: number;
  readonly f: number;
}

/** The committees that a job may name (protocol, section 5): m <= k - f, 2m - k > f, m - f >= t + 1. */
export const allowedCommittees: readonly CommitteeSizes[] = [
  { k: 4, t: 1, m: 3, f: 1 },
  { k: 5, t: 2, m: 4, f: 1 },
  { k: 5, t: 1, m: 4, f: 1 },
  { k: 7, t: 2, m: 5, f: 2 },
  { k: 9, t: 2, m: 7, f: 2 },
  { k: 10, t: 3, m: 7, f: 3 },
];

/** True for a committee of the table. */
export function isAllowedCommittee({ k, t, m, f }: CommitteeSizes): boolean {
  return allowedCommittees.some((one) => one.k === k && one.t === t && one.m === m && one.f === f);
}

/**
 * True where norms can be opened: k >= 2t + 1 + 2f. The shares of a squared norm lie on a polynomial of degree 2t, and f liars among k
 * of them are corrected by 2f more than the 2t + 1 that it needs.
 */
export function normBoundAllowed({ k, t, f }: Pick<CommitteeSizes, "k" | "t" | "f">): boolean {
  return k >= 2 * t + 1 + 2 * f;
}
