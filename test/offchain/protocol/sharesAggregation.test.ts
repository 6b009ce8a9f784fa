import { expect } from "chai";
import fc from "fast-check";
import { systemRandom } from "../../../offchain/core/rng.ts";
import { decodeShares } from "../../../offchain/crypto/decodeShares.ts";
import { addVectors, centred } from "../../../offchain/crypto/field61.ts";
import type { CommitteeShape } from "../../../offchain/protocol/aggregation.ts";
import { sharesAggregation } from "../../../offchain/protocol/sharesAggregation.ts";
import {
  dealValidation,
  keyElements,
  openValidation,
  openValidationShare,
  validationScope,
} from "../../../offchain/protocol/validationDelivery.ts";
import { failure, rejection } from "../failure.ts";

const jobId = `0x${"0c".repeat(32)}` as const;
const committees: CommitteeShape[] = [
  { k: 5, t: 2, m: 4, f: 1 },
  { k: 5, t: 1, m: 4, f: 1 },
  { k: 10, t: 3, m: 7, f: 3 },
];
const bound = (2n ** 60n - 1n) / 64n;

function scopeOf(dealer: number, round = 1) {
  return { chainId: 1337, jobId, round, kind: "update", dealer } as const;
}

describe("shares aggregation", () => {
  for (const committee of committees) {
    it(`opens the sum of updates from sums of shares, in a committee of ${committee.k}, t = ${committee.t}`, () => {
      const value = fc.bigInt({ min: -bound, max: bound });
      fc.assert(
        fc.property(fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 5 }), (updates) => {
          const expected = { length: 3, bound };
          const dealt = updates.map((u, i) =>
            sharesAggregation.deal(scopeOf(i), BigInt64Array.from(u), committee, systemRandom),
          );
          const sums = Array.from({ length: committee.k }, (_, seat) => {
            const held = dealt.map(({ common, parts }, i) => {
              const received = { common, part: parts[seat] as Uint8Array, seat };
              return sharesAggregation.open(scopeOf(i), received, committee, expected).share as BigUint64Array;
            });
            return [seat, addVectors(held)] as const;
          });
          const opened = decodeShares(new Map(sums.slice(1)), committee);
          if ("inconsistent" in opened) throw new Error("inconsistent");
          expect([...centred(opened.secret)]).to.deep.equal(
            [0, 1, 2].map((j) => updates.reduce((s, u) => s + (u[j] as bigint), 0n)),
          );
        }),
        { numRuns: 20 },
      );
    });
  }

  it("refuses a part of another seat, of another round, of another dealer, or cut short", () => {
    const committee = committees[0] as CommitteeShape;
    const { common, parts } = sharesAggregation.deal(scopeOf(0), BigInt64Array.of(5n, -7n), committee, systemRandom);
    const expected = { length: 2, bound };
    const open = (scope: ReturnType<typeof scopeOf>, part: Uint8Array, seat: number) => () =>
      sharesAggregation.open(scope, { common, part, seat }, committee, expected);
    const part = (seat: number) => parts[seat] as Uint8Array;
    expect(open(scopeOf(0), part(3), 3)().share).to.have.length(2);
    for (const attempt of [
      open(scopeOf(0), part(2), 3),
      open(scopeOf(0), part(4), 3),
      open(scopeOf(0, 2), part(3), 3),
      open(scopeOf(1), part(3), 3),
      open(scopeOf(0), part(3).subarray(0, part(3).length - 1), 3),
    ]) {
      expect(failure(attempt).code).to.match(/^(dealing|message)\//);
    }
  });

  it("deals a mask for the norm from round 1 on, where the committee is large enough", () => {
    const [small, large] = [committees[0], committees[1]] as [CommitteeShape, CommitteeShape];
    const maskOf = (committee: CommitteeShape, round: number) => {
      const { common, parts } = sharesAggregation.deal(
        scopeOf(0, round),
        BigInt64Array.of(5n, -7n),
        committee,
        systemRandom,
      );
      const received = { common, part: parts[4] as Uint8Array, seat: 4 };
      return sharesAggregation.open(scopeOf(0, round), received, committee, { length: 2, bound }).mask;
    };
    expect(maskOf(small, 1)).to.equal(null);
    expect(maskOf(large, 0)).to.equal(null);
    expect(maskOf(large, 1)).to.have.length(1);
  });
});

describe("delivery of validation rows", () => {
  const committee = committees[0] as CommitteeShape;
  const scope = validationScope(1337, jobId);
  const payload = systemRandom(1000);

  it("opens with the key that any m seats' shares give, and with no other", async () => {
    const { common, parts } = await dealValidation(scope, payload, committee, systemRandom);
    const shares = new Map(
      [1, 2, 3, 4].map((seat) => {
        const received = { common, part: parts[seat] as Uint8Array, seat };
        return [seat, openValidationShare(scope, received, committee)] as const;
      }),
    );
    const decoded = decodeShares(shares, committee);
    if ("inconsistent" in decoded) throw new Error("inconsistent");
    expect(decoded.secret).to.have.length(keyElements);
    expect(await openValidation(jobId, common, decoded.secret)).to.deep.equal(payload);
    const other = decoded.secret.slice();
    other[0] = (other[0] as bigint) ^ 1n;
    const failure = await rejection(openValidation(jobId, common, other));
    expect(failure.code).to.equal("crypto/cannot-open");
  });
});
