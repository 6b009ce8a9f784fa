import { expect } from "chai";
import fc from "fast-check";
import { allowedCommittees } from "../../../offchain/crypto/committee.ts";
import { deal, expandPart } from "../../../offchain/crypto/dealing.ts";
import { decodeShares } from "../../../offchain/crypto/decodeShares.ts";
import { addVectors, type FieldVector } from "../../../offchain/crypto/field61.ts";
import { chunkWords } from "../../../offchain/crypto/field61Kernel.ts";
import { failure } from "../failure.ts";
import { mod, p, randomElement, seededRandom, subsetsOf, through } from "./plainShamir.ts";

const inconsistent = { inconsistent: true };

/** Shares of a random vector on polynomials of degree t, by Horner in BigInt. */
function sharing(k: number, t: number, length: number, seed = "sharing") {
  const random = seededRandom(`${seed} ${k} ${t} ${length}`);
  const polynomials = Array.from({ length }, () => Array.from({ length: t + 1 }, () => randomElement(random)));
  const at = (x: bigint) => BigUint64Array.from(polynomials, (c) => c.reduceRight((sum, a) => mod(sum * x + a), 0n));
  return { secret: at(0n), shares: Array.from({ length: k }, (_, seat) => at(BigInt(seat + 1))), random };
}

/** The shares of `seats`, those of `liars` changed in one value each. */
function received(
  shares: readonly FieldVector[],
  seats: readonly number[],
  liars: readonly number[],
  place = 0,
  by = 1n,
) {
  const changed = (seat: number) => {
    const share = shares[seat] as FieldVector;
    return liars.includes(seat) ? share.with(place, mod((share[place] as bigint) + by * BigInt(seat + 1))) : share;
  };
  return new Map(seats.map((seat) => [seat, changed(seat)]));
}

const all = (count: number) => Array.from({ length: count }, (_, i) => i);

describe("decoding shares", () => {
  it("refuses fewer than degree + 1, and says how many it needs", () => {
    const { shares } = sharing(5, 2, 1);
    for (const seats of [[], [0], [0, 4]]) {
      const error = failure(() => decodeShares(received(shares, seats, []), { k: 5, t: 2 }));
      expect([error.code, error.facts]).to.deep.equal(["shares/too-few", { had: seats.length, needed: 3 }]);
    }
    const error = failure(() => decodeShares(received(shares, [0, 1, 2, 3], []), { k: 5, t: 2 }, 4));
    expect([error.code, error.facts]).to.deep.equal(["shares/too-few", { had: 4, needed: 5 }]);
  });

  it("refuses shares of seats that do not exist, and of different lengths", () => {
    const { shares } = sharing(6, 2, 2);
    expect(failure(() => decodeShares(received(shares, [0, 1, 5], []), { k: 5, t: 2 })).facts.seat).to.equal(5);
    const uneven = received(shares, [0, 1, 2], []).set(2, new BigUint64Array(1));
    const error = failure(() => decodeShares(uneven, { k: 5, t: 2 }));
    expect([error.code, error.facts.seat, error.facts.had]).to.deep.equal(["shares/bad-share", 2, 1]);
  });

  for (const { k, t } of allowedCommittees) {
    it(`gives the secret of (${k},${t}) from every ${t + 1} seats or more`, () => {
      const { secret, shares } = sharing(k, t, 3);
      for (let w = t + 1; w <= k; w++) {
        for (const seats of subsetsOf(k, w)) {
          expect(decodeShares(received(shares, seats, []), { k, t })).to.deep.equal({ secret, wrong: [] });
        }
      }
    });
  }

  it("names every single liar at (5,2) with all five, wherever it lies", () => {
    const { secret, shares } = sharing(5, 2, 4);
    for (let liar = 0; liar < 5; liar++) {
      for (let place = 0; place < 4; place++) {
        expect(decodeShares(received(shares, all(5), [liar], place), { k: 5, t: 2 })).to.deep.equal({
          secret,
          wrong: [liar],
        });
      }
    }
  });

  it("names nobody at (5,2) with four: each of them could be the liar", () => {
    const { shares } = sharing(5, 2, 4);
    for (const seats of subsetsOf(5, 4)) {
      for (const liar of seats) {
        expect(decodeShares(received(shares, seats, [liar]), { k: 5, t: 2 })).to.deep.equal(inconsistent);
        // Why: leave out any one seat, and the other three agree on something.
        const three = seats.filter((seat) => seat !== liar);
        expect(decodeShares(received(shares, three, []), { k: 5, t: 2 })).to.have.property("secret");
      }
    }
  });

  it("names every pair of liars at (7,2,5,2) with all seven", () => {
    const { secret, shares } = sharing(7, 2, 2);
    for (const liars of subsetsOf(7, 2)) {
      expect(decodeShares(received(shares, all(7), liars), { k: 7, t: 2 })).to.deep.equal({ secret, wrong: liars });
    }
  });

  it("names every three liars at (10,3,7,3) with all ten", () => {
    const { secret, shares } = sharing(10, 3, 1);
    for (const liars of subsetsOf(10, 3)) {
      expect(decodeShares(received(shares, all(10), liars), { k: 10, t: 3 })).to.deep.equal({ secret, wrong: liars });
    }
  });

  it("names one of six at (7,2), and nobody when two of six lie", () => {
    const { secret, shares } = sharing(7, 2, 1);
    for (const seats of subsetsOf(7, 6)) {
      for (const liar of seats) {
        const decoded = decodeShares(received(shares, seats, [liar]), { k: 7, t: 2 });
        expect(decoded).to.deep.equal({ secret, wrong: [liar] });
      }
      for (const [first, second] of subsetsOf(6, 2) as [number, number][]) {
        const liars = [seats[first] as number, seats[second] as number];
        expect(decodeShares(received(shares, seats, liars), { k: 7, t: 2 })).to.deep.equal(inconsistent);
      }
    }
  });

  it("names nobody for two liars of six at (7,2) even when they agree on a lie with as many honest seats as they can", () => {
    const { shares } = sharing(7, 2, 1);
    const seats = all(6);
    for (const liars of subsetsOf(6, 2)) {
      const honest = seats.filter((seat) => !liars.includes(seat));
      for (const [a, b] of subsetsOf(4, 2) as [number, number][]) {
        const forged = forgery(shares, [honest[a] as number, honest[b] as number], liars);
        expect(decodeShares(new Map(seats.map((seat) => [seat, forged(seat)])), { k: 7, t: 2 })).to.deep.equal(
          inconsistent,
        );
      }
    }
  });

  it("names nobody for three liars at (7,2) who do not know honest shares", () => {
    const { shares } = sharing(7, 2, 1);
    for (const liars of subsetsOf(7, 3)) {
      expect(decodeShares(received(shares, all(7), liars, 0, 99n), { k: 7, t: 2 })).to.deep.equal(inconsistent);
    }
  });

  it("is forged by three at (7,2) who know two honest shares: more than f liars are a listed assumption", () => {
    const { secret, shares } = sharing(7, 2, 1);
    const forged = forgery(shares, [0, 1], [4, 5, 6]);
    const decoded = decodeShares(new Map(all(7).map((seat) => [seat, forged(seat)])), { k: 7, t: 2 });
    expect(decoded).to.have.deep.property("wrong", [2, 3]);
    expect((decoded as { secret: FieldVector }).secret).to.not.deep.equal(secret);
  });

  it("counts whole shares: two seats that lie in different values are two liars", () => {
    const { secret, shares } = sharing(7, 2, 3);
    const lies = received(shares, all(7), [1], 0).set(5, received(shares, [5], [5], 2).get(5) as FieldVector);
    expect(decodeShares(lies, { k: 7, t: 2 })).to.deep.equal({ secret, wrong: [1, 5] });
    lies.delete(0);
    lies.delete(6);
    expect(decodeShares(lies, { k: 7, t: 2 })).to.deep.equal(inconsistent);
  });

  it("finds lies in a later chunk, at its first and at its last value", () => {
    const { secret, shares } = sharing(5, 2, chunkWords + 3);
    for (const place of [chunkWords - 1, chunkWords, chunkWords + 2]) {
      const decoded = decodeShares(received(shares, all(5), [3], place), { k: 5, t: 2 }) as { secret: FieldVector };
      expect(decoded).to.have.deep.property("wrong", [3]);
      expect(Buffer.compare(new Uint8Array(decoded.secret.buffer), new Uint8Array(secret.buffer))).to.equal(0);
    }
  });

  it("decodes other degrees than t: 2t at (9,2) corrects two liars", () => {
    const { secret, shares } = sharing(9, 4, 1);
    for (const liars of subsetsOf(9, 2)) {
      const decoded = decodeShares(received(shares, all(9), liars), { k: 9, t: 2 }, 4);
      expect(decoded).to.deep.equal({ secret, wrong: liars });
    }
  });

  it("decodes sums of dealings to the sum of what was dealt", () => {
    const element = fc.bigInt({ min: 0n, max: p - 1n });
    const updates = fc.array(fc.array(element, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 4 });
    const property = fc.property(fc.constantFrom(...allowedCommittees), updates, fc.nat(), (sizes, values, liar) => {
      const context = { chainId: 1, jobId: `0x${"11".repeat(32)}`, round: 1, kind: "update", dealer: 0 } as const;
      const vectors = values.map((own) => BigUint64Array.from(own));
      const dealings = vectors.map((own, i) => deal(context, own, sizes, seededRandom(`${i}`)).parts);
      const sums = all(sizes.k).map((seat) =>
        addVectors(dealings.map((parts) => expandPart(parts[seat] as Uint8Array, seat, sizes, 5))),
      );
      const wrong = sizes.k - 1 >= sizes.t + 2 ? [liar % sizes.k] : [];
      const decoded = decodeShares(received(sums, all(sizes.k), wrong, 4), sizes);
      expect(decoded).to.deep.equal({ secret: addVectors(vectors), wrong });
    });
    fc.assert(property, { numRuns: 40 });
  });

  it("decodes vectors without elements", () => {
    const empty = new Map(all(5).map((seat) => [seat, new BigUint64Array()]));
    expect(decodeShares(empty, { k: 5, t: 2 })).to.deep.equal({ secret: new BigUint64Array(), wrong: [] });
  });
});

/** Shares with which `liars` move to another polynomial of degree 2 that agrees with the two `known` honest seats. */
function forgery(shares: readonly FieldVector[], known: readonly [number, number], liars: readonly number[]) {
  const value = (seat: number) => shares[seat]?.[0] as bigint;
  const lie = [
    -1,
    mod(
      through(
        [0, 1, 2].map((seat) => [seat + 1, value(seat)] as const),
        -1,
      ) + 1n,
    ),
  ] as const;
  const points = [...known.map((seat) => [seat + 1, value(seat)] as const), lie];
  return (seat: number) => BigUint64Array.of(liars.includes(seat) ? through(points, seat + 1) : value(seat));
}
