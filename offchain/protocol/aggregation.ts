/**
 * How contributors' integers reach the committee and become a sum. `clear` is built; `shares` and `encrypted` implement
 * the same steps: deal on the contributor's side, accept on each oracle's, release once per certified round, combine.
 */
export interface Aggregation {
  readonly name: "clear" | "shares" | "encrypted";

  /** One content per seat, in seat order. The caller stores them before it sends any, and resends the same bytes. */
  deal(values: BigInt64Array, seats: number): Uint8Array[];

  /** What seat `r` holds of one contributor after checking it; throws a FarshoreError that says what was wrong. */
  accept(content: Uint8Array, expected: Expected): Accepted;

  /** What this seat releases to the other seats for the certified set; null when sums need no exchange. */
  release(held: readonly Accepted[]): Uint8Array | null;

  /** The sum over the certified set, from what this seat holds and what others released; null while too few arrived. */
  combine(held: readonly Accepted[], released: ReadonlyMap<number, Uint8Array>): BigInt64Array | null;
}

/** Public shape of an update: number of values and the bound on each. */
export interface Expected {
  readonly length: number;
  readonly bound: bigint;
}

/** `values` is the update itself in `clear`, a share of it otherwise. */
export interface Accepted {
  readonly values: BigInt64Array;
}
