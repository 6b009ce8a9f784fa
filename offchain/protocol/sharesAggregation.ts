import { normBoundAllowed } from "../crypto/committee.ts";
import { acceptPart, type DealingProof, deal, decodeProof, encodeProof } from "../crypto/dealing.ts";
import { type FieldVector, toField } from "../crypto/field61.ts";
import { acceptNormMask, dealNormMask } from "../crypto/normOpening.ts";
import type { Aggregation, CommitteeShape, DealingScope, Dealt, Expected, Received } from "./aggregation.ts";
import { decodeFrames, encodeFrames } from "./frames.ts";

const nothing = new Uint8Array();

/**
 * Updates as Shamir shares of degree t over F_p with the proof of dealing (protocol, section 5): up to t seats together
 * learn nothing. Where the committee is large enough for a norm bound, a mask for the opening of the norm is dealt beside
 * (section 6, guards).
 */
export const sharesAggregation: Aggregation = {
  name: "shares",
  deal(scope, values, committee, random) {
    const update = deal(scope, toField(values), committee, random);
    if (!hasNormMask(scope, committee)) return joined(update, null);
    return joined(update, dealNormMask(maskScope(scope), committee, random));
  },
  open(scope, received, committee, expected) {
    const [proof, maskProof] = decodeFrames(received.common, 2) as [Uint8Array, Uint8Array];
    const [part, maskPart] = decodeFrames(received.part, 2) as [Uint8Array, Uint8Array];
    const { seat } = received;
    const share = acceptPart(scope, committee, decodeProof(proof, committee), seat, part, expected.length);
    if (!hasNormMask(scope, committee)) return { integers: null, share, mask: null };
    const mask = acceptNormMask(maskScope(scope), committee, maskProof, seat, maskPart);
    return { integers: null, share, mask };
  },
};

// Round 0 sums moments, whose size the schema's ranges bound already; a key has no norm.
function hasNormMask({ kind, round }: DealingScope, committee: CommitteeShape): boolean {
  return kind === "update" && round > 0 && normBoundAllowed(committee);
}

function maskScope(scope: DealingScope): DealingScope {
  return { ...scope, kind: `${scope.kind}-mask` };
}

interface WithProof {
  readonly proof: DealingProof;
  readonly parts: readonly Uint8Array[];
}

function joined(update: WithProof, mask: WithProof | null): Dealt {
  return {
    common: encodeFrames([encodeProof(update.proof), mask === null ? nothing : encodeProof(mask.proof)]),
    parts: update.parts.map((part, seat) => encodeFrames([part, mask?.parts[seat] ?? nothing])),
  };
}

/** Vectors other than updates (the validation key), dealt the same way. */
export function dealVector(
  scope: DealingScope,
  secret: FieldVector,
  committee: CommitteeShape,
  random: Parameters<typeof deal>[3],
): Dealt {
  return joined(deal(scope, secret, committee, random), null);
}

/** A seat's share of what `dealVector` dealt; throws dealing/*. */
export function openVector(
  scope: DealingScope,
  received: Received,
  committee: CommitteeShape,
  length: number,
): FieldVector {
  const expected: Expected = { length, bound: 0n };
  return sharesAggregation.open(scope, received, committee, expected).share as FieldVector;
}
