import type { Hex } from "../core/bytes.ts";
import type { RandomBytes } from "../core/rng.ts";
import type { FieldVector } from "../crypto/field61.ts";

/** What a dealing is bound to: it is accepted for this chain, job, round, kind and dealer only. */
export interface DealingScope {
  readonly chainId: number;
  readonly jobId: Hex;
  readonly round: number;
  /** "update" or "validation-key". */
  readonly kind: string;
  /** Place of the asset in the job; `validatorIndex` for whoever delivers the validation rows. */
  readonly dealer: number;
}

/** Dealer of the validation key. A job has at most 64 assets. */
export const validatorIndex = 255;

/** k seats; up to t may read together and learn nothing; up to f may lie or vanish. */
export interface CommitteeShape {
  readonly k: number;
  readonly t: number;
  readonly m: number;
  readonly f: number;
}

/** What a dealer makes of its values: `common` goes to every seat under the dealer's signature, `parts` to one seat each. */
export interface Dealt {
  readonly common: Uint8Array;
  readonly parts: readonly Uint8Array[];
}

/** What one seat got. */
export interface Received {
  readonly common: Uint8Array;
  readonly part: Uint8Array;
  readonly seat: number;
}

/** What one seat holds of a dealing: in `clear` the update itself; else its share, and its share of the norm's mask where one is dealt. */
export interface Held {
  readonly integers: BigInt64Array | null;
  readonly share: FieldVector | null;
  readonly mask: FieldVector | null;
}

/** How contributors' integers reach the committee. `encrypted` will implement the same two steps. */
export interface Aggregation {
  readonly name: "clear" | "shares" | "encrypted";

  /** Called once a round: the caller stores what comes out before it sends any of it, and resends the same bytes. */
  deal(scope: DealingScope, values: BigInt64Array, committee: CommitteeShape, random: RandomBytes): Dealt;

  /** Checks what one seat got; throws a FarshoreError that says what was wrong, without any value. */
  open(scope: DealingScope, received: Received, committee: CommitteeShape, expected: Expected): Held;
}

/** Public shape of an update: number of values and the bound on each. */
export interface Expected {
  readonly length: number;
  readonly bound: bigint;
}
