import { expect } from "chai";
import fc from "fast-check";
import { allowedCommittees, normBoundAllowed } from "../../../offchain/crypto/committee.ts";
import { type DealingContext, deal, encodeProof, expandPart } from "../../../offchain/crypto/dealing.ts";
import { toField } from "../../../offchain/crypto/field61.ts";
import {
  acceptNormMask,
  dealNormMask,
  largestForNorm,
  type NormCommittee,
  normShare,
  openNorm,
} from "../../../offchain/crypto/normOpening.ts";
import { failure } from "../failure.ts";
import { coefficientsThrough, inverse, mod, p, seededRandom, subsetsOf } from "./plainShamir.ts";

const context: DealingContext = { chainId: 1, jobId: `0x${"22".repeat(32)}`, round: 1, kind: "update", dealer: 0 };
const maskContext = { ...context, kind: "update-mask" };
const committees = allowedCommittees.filter(normBoundAllowed);
const [five, nine] = committees as unknown as readonly [NormCommittee, NormCommittee];

/** The values that honest seats give for the norm of `values` (or of a slice), by the whole way of dealing and accepting. */
function normValues(
  values: BigUint64Array,
  sizes: NormCommittee,
  seed: string,
  from = 0,
  to = values.length,
): Map<number, bigint> {
  const random = seededRandom(seed);
  const { parts } = deal(context, values, sizes, random);
  const mask = dealNormMask(maskContext, sizes, random);
  const proof = encodeProof(mask.proof);
  return new Map(
    parts.map((part, seat) => {
      const share = expandPart(part, seat, sizes, values.length);
      const own = acceptNormMask(maskContext, sizes, proof, seat, mask.parts[seat] as Uint8Array);
      return [seat, normShare(share, own, seat, from, to)];
    }),
  );
}

describe("the opening of a norm", () => {
  it("is refused in committees that could not correct f liars", () => {
    for (const sizes of allowedCommittees.filter((one) => !normBoundAllowed(one))) {
      expect(failure(() => dealNormMask(context, sizes, seededRandom("n"))).code).to.equal("norm/not-allowed");
      expect(failure(() => openNorm(new Map(), sizes)).code).to.equal("norm/not-allowed");
    }
  });

  it("is refused for slices that the vector has not", () => {
    const [share, mask] = [new BigUint64Array(5), new BigUint64Array(1)];
    for (const [from, to] of [
      [-1, 2],
      [3, 2],
      [0, 6],
      [0.5, 2],
      [0, Number.NaN],
    ] as const) {
      expect(failure(() => normShare(share, mask, 0, from, to)).code).to.equal("norm/bad-slice");
    }
  });

  it("refuses a mask of another degree, and a mask under the update's own context", () => {
    const { proof, parts } = deal(maskContext, BigUint64Array.of(7n), nine, seededRandom("mask"), 4);
    const accept = (seat: number) =>
      failure(() => acceptNormMask(maskContext, nine, encodeProof(proof), seat, parts[seat] as Uint8Array));
    expect(accept(8).code).to.equal("dealing/malformed");
    const honest = dealNormMask(maskContext, nine, seededRandom("mask"));
    const other = failure(() =>
      acceptNormMask(context, nine, encodeProof(honest.proof), 8, honest.parts[8] as Uint8Array),
    );
    expect(other.code).to.equal("dealing/leaf");
  });

  for (const sizes of committees) {
    it(`at (${sizes.k},${sizes.t}) gives the squared norm of the dealt integers, whole and in slices`, () => {
      const integer = fc.integer({ min: -(2 ** 27), max: 2 ** 27 });
      const property = fc.property(fc.array(integer, { maxLength: 6 }), fc.nat(6), fc.nat(6), (list, a, b) => {
        const [from, to] = [Math.min(a, b, list.length), Math.min(Math.max(a, b), list.length)];
        const values = toField(BigInt64Array.from(list, BigInt));
        const expected = list.slice(from, to).reduce((sum, x) => sum + BigInt(x) ** 2n, 0n);
        const opened = openNorm(normValues(values, sizes, `${list}`, from, to), sizes);
        expect(opened).to.deep.equal({ squared: expected, wrong: [] });
      });
      fc.assert(property, { numRuns: 30 });
    });

    it(`at (${sizes.k},${sizes.t}) names up to ${sizes.f} liars, and does without as many silent seats`, () => {
      const values = toField(BigInt64Array.of(30n, -40n));
      for (const seats of subsetsOf(sizes.k, sizes.f)) {
        const lies = normValues(values, sizes, "lies");
        for (const seat of seats) lies.set(seat, (lies.get(seat) as bigint) + 1n + BigInt(seat));
        expect(openNorm(lies, sizes)).to.deep.equal({ squared: 2500n, wrong: seats });
        for (const seat of seats) lies.delete(seat);
        expect(openNorm(lies, sizes)).to.deep.equal({ squared: 2500n, wrong: [] });
      }
    });
  }

  it("names nobody when one of four at (5,1) lies", () => {
    const values = normValues(toField(BigInt64Array.of(3n)), five, "four");
    values.delete(0);
    values.set(2, (values.get(2) as bigint) + 1n);
    expect(openNorm(values, five)).to.deep.equal({ inconsistent: true });
  });

  it("is not moved by whatever mask a dealer deals", () => {
    const values = toField(BigInt64Array.of(5n, 12n));
    for (const w of [0n, 1n, p - 1n, 2n ** 60n]) {
      const random = seededRandom("chosen");
      const { parts } = deal(context, values, nine, random);
      const mask = deal(maskContext, BigUint64Array.of(w), nine, random, 3);
      const shares = parts.map((part, seat) => {
        const own = acceptNormMask(maskContext, nine, encodeProof(mask.proof), seat, mask.parts[seat] as Uint8Array);
        return [seat, normShare(expandPart(part, seat, nine, 2), own, seat, 0, 2)] as const;
      });
      expect(openNorm(new Map(shares), nine)).to.deep.equal({ squared: 169n, wrong: [] });
    }
  });
});

describe("the values that open a norm", () => {
  /** The update (3, 4) at (5,1): what one seat knows of it beside its own share is what the five values show. */
  const integers = [3n, 4n] as const;
  const random = seededRandom("leak");
  const { parts } = deal(context, toField(BigInt64Array.from(integers)), five, random);
  const shares = parts.map((part, seat) => expandPart(part, seat, five, 2));
  const mask = dealNormMask(maskContext, five, random);
  const masks = mask.parts.map((part, seat) => acceptNormMask(maskContext, five, encodeProof(mask.proof), seat, part));

  /** Small updates of norm 5 that fit seat 0's share u + c and the polynomial ||u||^2 + 2<u,c> x + ||c||^2 x^2 that was opened. */
  function candidates(coefficients: readonly bigint[]): bigint[][] {
    const own = shares[0] as BigUint64Array;
    const small = Array.from({ length: 13 }, (_, i) => BigInt(i - 6));
    const fits = (u: readonly bigint[]) => {
      const c = u.map((value, i) => mod((own[i] as bigint) - value));
      const product = u.reduce((sum, value, i) => sum + value * (c[i] as bigint), 0n);
      return (
        mod(u.reduce((sum, value) => sum + value * value, 0n)) === coefficients[0] &&
        mod(2n * product) === coefficients[1]
      );
    };
    return small.flatMap((a) => small.map((b) => [a, b])).filter(fits);
  }

  const polynomial = (values: readonly bigint[]) =>
    coefficientsThrough([0, 1, 2].map((seat) => [seat + 1, values[seat] as bigint]));

  it("give the update away without the mask", () => {
    const none = new BigUint64Array(1);
    const values = shares.map((share, seat) => normShare(share, none, seat, 0, 2));
    expect(candidates(polynomial(values))).to.deep.equal([[...integers]]);
  });

  it("fit none of the updates of that norm better than another with it", () => {
    const values = shares.map((share, seat) => normShare(share, masks[seat] as BigUint64Array, seat, 0, 2));
    const opened = polynomial(values);
    expect(opened[0]).to.equal(25n);
    expect(candidates(opened)).to.deep.equal([]);
    // Each update of the norm has one mask that explains what seat 0 sees: w(x) = w_0 + w_1 x with w(1) known and one free coefficient.
    const explains = (u: readonly bigint[]) => {
      const c = u.map((value, i) => mod((shares[0]?.[i] as bigint) - value));
      const dot = (a: readonly bigint[], b: readonly bigint[]) =>
        a.reduce((sum, x, i) => sum + x * (b[i] as bigint), 0n);
      const w = [mod((opened[1] as bigint) - 2n * dot(u, c)), mod((opened[2] as bigint) - dot(c, c))];
      return mod((w[0] as bigint) + (w[1] as bigint)) === masks[0]?.[0];
    };
    for (const u of [
      [3n, 4n],
      [4n, 3n],
      [-3n, 4n],
      [5n, 0n],
      [0n, -5n],
    ])
      expect(explains(u), `${u}`).to.equal(true);
    expect(explains([6n, 0n])).to.equal(false);
  });
});

describe("the magnitude up to which a squared norm does not wrap around", () => {
  it("is the largest whose square times the length is below p", () => {
    for (const length of [1, 2, 3, 23, 300, 1_000_000]) {
      const largest = largestForNorm(length);
      expect(BigInt(length) * largest ** 2n < p, `${length}`).to.equal(true);
      expect(BigInt(length) * (largest + 1n) ** 2n < p, `${length}`).to.equal(false);
    }
    expect(largestForNorm(1)).to.equal(1518500249n);
  });

  it("is an assumption: a dealer that leaves it takes (a, b) with a^2 + b^2 = 1 and passes for small", () => {
    const s = 123456789n;
    const scale = inverse(1n + s * s);
    const [a, b] = [mod((1n - s * s) * scale), mod(2n * s * scale)];
    const large = (x: bigint) => (x < p - x ? x : p - x) > 2n ** 50n;
    expect([large(a), large(b)]).to.deep.equal([true, true]);
    const opened = openNorm(normValues(BigUint64Array.of(a, b), five, "wrap"), five);
    expect(opened).to.deep.equal({ squared: 1n, wrong: [] });
  });
});
