import { expect } from "chai";
import fc from "fast-check";
import { systemRandom } from "../../../offchain/core/rng.ts";
import { clearAggregation, sumIntegers } from "../../../offchain/protocol/clearAggregation.ts";
import { decodeFloats, decodeIntegers, encodeFloats, encodeIntegers } from "../../../offchain/protocol/integers.ts";
import { rankOf } from "../../../offchain/protocol/rank.ts";
import { decodeUpdate, encodeUpdate } from "../../../offchain/protocol/updateContent.ts";

const bound = 2n ** 54n;
const values = fc.array(fc.bigInt({ min: -bound, max: bound }), { minLength: 1, maxLength: 20 });

describe("integers of an update", () => {
  it("refuses another length, and a value beyond the bound without showing it", () => {
    const bytes = encodeIntegers(BigInt64Array.of(1n, bound + 1n));
    expect(() => decodeIntegers(bytes, 3, bound))
      .to.throw()
      .with.property("code", "update/bad-length");
    expect(() => decodeIntegers(bytes, 2, bound))
      .to.throw()
      .that.satisfies(
        (e: { code: string; message: string }) =>
          e.code === "update/out-of-bound" && !e.message.includes(String(bound + 1n)),
      );
  });

  it("come back as they were, with the asset that they are for", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 255 }), (list, asset) => {
        const sent = encodeUpdate(asset, encodeIntegers(BigInt64Array.from(list)));
        const { assetIndex, content } = decodeUpdate(sent);
        expect(assetIndex).to.equal(asset);
        expect([...decodeIntegers(content, list.length, bound)]).to.deep.equal(list);
      }),
    );
  });

  it("floats come back bit by bit", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { maxLength: 20 }), (list) => {
        expect([...decodeFloats(encodeFloats(Float64Array.from(list)), list.length)]).to.deep.equal(list);
      }),
    );
  });
});

const committee = { k: 5, t: 2, m: 4, f: 1 };
const scope = { chainId: 1337, jobId: `0x${"0c".repeat(32)}`, round: 1, kind: "update", dealer: 0 } as const;

describe("clear aggregation", () => {
  it("sums what was dealt, value by value", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.bigInt({ min: -bound, max: bound }), fc.bigInt({ min: -bound, max: bound })), {
          minLength: 1,
          maxLength: 8,
        }),
        (updates) => {
          const held = updates.map((u) => {
            const { common, parts } = clearAggregation.deal(scope, BigInt64Array.from(u), committee, systemRandom);
            const received = { common, part: parts[0] as Uint8Array, seat: 0 };
            return clearAggregation.open(scope, received, committee, { length: 2, bound }).integers as BigInt64Array;
          });
          const sum = sumIntegers(held);
          expect([...sum]).to.deep.equal([0, 1].map((i) => updates.reduce((s, u) => s + (u[i] as bigint), 0n)));
        },
      ),
    );
  });
});

describe("rank of a seat", () => {
  it("gives each seat one turn for a step, and spreads first turns over seats", () => {
    const firsts = new Set<number>();
    for (let round = 0; round < 40; round++) {
      const ranks = [0, 1, 2, 3, 4].map((seat) => rankOf(`0x${"5a".repeat(32)}`, `certify:${round}`, seat, 5));
      expect([...ranks].sort()).to.deep.equal([0, 1, 2, 3, 4]);
      firsts.add(ranks.indexOf(0));
    }
    expect(firsts.size).to.equal(5);
  });
});
