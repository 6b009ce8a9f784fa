import { expect } from "chai";
import fc from "fast-check";
import { FarshoreError } from "../../../offchain/core/errors.ts";
import { allowedCommittees } from "../../../offchain/crypto/committee.ts";
import {
  acceptPart,
  type DealingContext,
  type DealingProof,
  deal,
  decodeProof,
  encodeProof,
  expandPart,
} from "../../../offchain/crypto/dealing.ts";
import { chunkWords } from "../../../offchain/crypto/field61Kernel.ts";
import { failure } from "../failure.ts";
import {
  expansion,
  mod,
  type PlainPart,
  p,
  partBytes,
  plainChallenges,
  plainLeaf,
  plainProof,
  randomElement,
  seededRandom,
  subsetsOf,
  through,
  word,
  words,
} from "./plainShamir.ts";

const context: DealingContext = {
  // More than 32 bits: chain identifiers may have 53.
  chainId: 2 ** 40 + 1337,
  jobId: `0x${"5a".repeat(32)}`,
  round: 3,
  kind: "update",
  dealer: 2,
};
const committee = { k: 5, t: 2 };
const vectorOf = (length: number) => {
  const random = seededRandom(`secret ${length}`);
  return BigUint64Array.from({ length }, () => randomElement(random));
};

/** The fields of a part, read by their places alone. */
function fieldsOf(part: Uint8Array): PlainPart {
  const bytes = Buffer.from(part);
  const tail = bytes.length - 48;
  return {
    body: part.slice(0, tail),
    blindings: [bytes.readBigUInt64LE(tail), bytes.readBigUInt64LE(tail + 8)],
    salt: part.slice(tail + 16),
  };
}

/** The share that a part stands for: by AES for the first `degree` seats, else the words of its body. */
function plainShare(part: Uint8Array, seat: number, degree: number, length: number): bigint[] {
  const body = Buffer.from(fieldsOf(part).body);
  if (seat < degree) return expansion(body, length);
  return Array.from({ length }, (_, i) => body.readBigUInt64LE(8 * i));
}

/** Seats that accept their part, and the codes of those that do not. */
function verdicts(
  proof: DealingProof,
  parts: readonly Uint8Array[],
  length: number,
  sizes = committee,
  under = context,
) {
  return parts.map((part, seat) => {
    try {
      acceptPart(under, sizes, proof, seat, part, length);
      return "accepted";
    } catch (error) {
      if (error instanceof FarshoreError) return error.code;
      throw error;
    }
  });
}

describe("a dealing", () => {
  it("refuses a degree that its seats could not tell from a higher one, and a secret that is not canonical", () => {
    for (const degree of [-1, 0.5, 4, 5, Number.NaN]) {
      const action = () => deal(context, vectorOf(1), committee, seededRandom("d"), degree);
      expect(failure(action).code, `${degree}`).to.equal("dealing/bad-degree");
    }
    const action = () => deal(context, BigUint64Array.of(1n, p), committee, seededRandom("d"));
    expect(failure(action).code).to.equal("dealing/malformed");
  });

  for (const sizes of allowedCommittees) {
    it(`of (${sizes.k},${sizes.t}) gives the secret to every ${sizes.t + 1} seats, by another implementation`, () => {
      const secret = vectorOf(3);
      const { parts } = deal(context, secret, sizes, seededRandom("shares"));
      const shares = parts.map((part, seat) => plainShare(part, seat, sizes.t, 3));
      for (const seats of subsetsOf(sizes.k, sizes.t + 1)) {
        const read = [0, 1, 2].map((i) =>
          through(
            seats.map((seat) => [seat + 1, shares[seat]?.[i] as bigint]),
            0,
          ),
        );
        expect(read, `${seats}`).to.deep.equal([...secret]);
      }
    });
  }

  for (const degree of [0, 1, 2, 3]) {
    it(`of degree ${degree} has the leaves, challenges and answers of the protocol, by another implementation`, () => {
      const secret = vectorOf(5);
      const { proof, parts } = deal(context, secret, committee, seededRandom("proof"), degree);
      const shares = parts.map((part, seat) => plainShare(part, seat, degree, 5));
      expect(proof).to.deep.equal(plainProof(context, parts.map(fieldsOf), shares, degree));
      // The answers' degree holds at all seats, and not only at those that they were interpolated from.
      const challenges = plainChallenges(context, proof.leaves, 5);
      parts.forEach((part, seat) => {
        challenges.forEach((challenge, a) => {
          const at = [...(proof.answers[a as 0 | 1] as BigUint64Array)].reduceRight(
            (sum, c) => mod(sum * BigInt(seat + 1) + c),
            0n,
          );
          const product = challenge.reduce((sum, rho, i) => sum + rho * (shares[seat]?.[i] as bigint), 0n);
          expect(at).to.equal(mod((fieldsOf(part).blindings[a] as bigint) + product));
        });
      });
    });
  }

  it("gives the first t seats 32 bytes whatever the length, the others 8 bytes a value, and 48 more to each", () => {
    const { parts } = deal(context, vectorOf(100), committee, seededRandom("sizes"));
    expect(parts.map((part) => part.length)).to.deep.equal([80, 80, 848, 848, 848]);
    const quadruple = deal(context, vectorOf(100), committee, seededRandom("sizes"), 1).parts;
    expect(quadruple.map((part) => part.length)).to.deep.equal([80, 848, 848, 848, 848]);
  });

  it("is accepted by every seat, for lengths 0, 1, 2, odd ones and more than a chunk", () => {
    const bytesOf = (v: BigUint64Array) => Buffer.from(v.buffer, v.byteOffset, v.byteLength);
    for (const [length, degrees] of [
      ...[0, 1, 2, 3, 7].map((short) => [short, [1, 2, 3]] as const),
      [chunkWords - 1, [2]] as const,
      [chunkWords + 3, [3]] as const,
    ]) {
      for (const degree of degrees) {
        const { proof, parts } = deal(context, vectorOf(length), committee, seededRandom("lengths"), degree);
        const read = decodeProof(encodeProof(proof), committee, degree);
        parts.forEach((part, seat) => {
          const share = acceptPart(context, committee, read, seat, part, length, degree);
          expect(bytesOf(share).equals(words(plainShare(part, seat, degree, length))), `${length}`).to.equal(true);
          expect(bytesOf(expandPart(part, seat, committee, length, degree)).equals(bytesOf(share))).to.equal(true);
        });
      }
    }
  });

  it("is accepted for random secrets in every allowed committee", () => {
    const secret = fc.array(fc.bigInt({ min: 0n, max: p - 1n }), { maxLength: 9 }).map((v) => BigUint64Array.from(v));
    const property = fc.property(fc.constantFrom(...allowedCommittees), secret, fc.string(), (sizes, values, seed) => {
      const { proof, parts } = deal(context, values, sizes, seededRandom(seed));
      expect(new Set(verdicts(proof, parts, values.length, sizes))).to.deep.equal(new Set(["accepted"]));
    });
    fc.assert(property, { numRuns: 60 });
  });

  it("is taken from any place of a message, and leaves the part as it was", () => {
    const { proof, parts } = deal(context, vectorOf(9), committee, seededRandom("views"));
    parts.forEach((part, seat) => {
      const message = Uint8Array.from([1, 2, 3, ...part, 4]);
      const share = acceptPart(context, committee, proof, seat, message.subarray(3, -1), 9);
      expect(share).to.deep.equal(expandPart(part, seat, committee, 9));
      expect(message).to.deep.equal(Uint8Array.from([1, 2, 3, ...part, 4]));
    });
  });
});

describe("a proof of dealing", () => {
  /** Honest parts and shares, to be spoiled by a dealer who then proves as well as it can. */
  function honest(length = 4) {
    const { parts } = deal(context, vectorOf(length), committee, seededRandom("spoil"));
    return { fields: parts.map(fieldsOf), shares: parts.map((part, seat) => plainShare(part, seat, 2, length)) };
  }

  /** Proves for the given shares, of which those of seats 2 to 4 travel as vectors. */
  function dealt(fields: readonly PlainPart[], shares: readonly (readonly bigint[])[]) {
    const own = fields.map((part, seat) => (seat < 2 ? part : { ...part, body: words(shares[seat] as bigint[]) }));
    return { proof: plainProof(context, own, shares, 2), parts: own.map(partBytes) };
  }

  it("passes for shares that were not spoiled", () => {
    const { fields, shares } = honest();
    const { proof, parts } = dealt(fields, shares);
    expect(verdicts(proof, parts, 4)).to.deep.equal(Array(5).fill("accepted"));
  });

  it("refuses shares of degree t + 1 at each seat that the proven polynomial misses", () => {
    const { fields, shares } = honest();
    // A cubic that is zero at the first three seats, added in one value only.
    const cubic = (x: number) => BigInt((x - 1) * (x - 2) * (x - 3)) * 12345n;
    const bent = shares.map((share, seat) => share.with(1, mod((share[1] as bigint) + cubic(seat + 1))));
    const { proof, parts } = dealt(fields, bent);
    const accepted = "accepted";
    expect(verdicts(proof, parts, 4)).to.deep.equal([accepted, accepted, accepted, "dealing/degree", "dealing/degree"]);
  });

  it("refuses one wrong share, by the least difference in any one value", () => {
    const { fields, shares } = honest();
    for (let place = 0; place < 4; place++) {
      const bent = shares.map((share, seat) =>
        seat === 4 ? share.with(place, mod((share[place] as bigint) + 1n)) : share,
      );
      const { proof, parts } = dealt(fields, bent);
      expect(verdicts(proof, parts, 4)).to.deep.equal([...Array(4).fill("accepted"), "dealing/degree"]);
    }
  });

  it("refuses blindings that are not on a polynomial of degree t", () => {
    const { fields, shares } = honest();
    for (const a of [0, 1] as const) {
      const bent = fields.map((part, seat) => {
        const [first, second] = part.blindings;
        const blindings = [a === 0 ? mod(first + 1n) : first, a === 1 ? mod(second + 1n) : second] as const;
        return seat === 3 ? { ...part, blindings } : part;
      });
      const { proof, parts } = dealt(bent, shares);
      expect(verdicts(proof, parts, 4)[3]).to.equal("dealing/degree");
    }
  });

  it("refuses answers that were changed, whichever of the coefficients", () => {
    const { proof, parts } = deal(context, vectorOf(4), committee, seededRandom("answers"));
    for (const a of [0, 1] as const) {
      for (let i = 0; i < 3; i++) {
        const changed = proof.answers[a].with(i, mod((proof.answers[a][i] as bigint) + 1n));
        const answers = a === 0 ? ([changed, proof.answers[1]] as const) : ([proof.answers[0], changed] as const);
        expect(verdicts({ ...proof, answers }, parts, 4)).to.deep.equal(Array(5).fill("dealing/degree"));
      }
    }
  });

  it("is for its context alone: each field counts", () => {
    const { proof, parts } = deal(context, vectorOf(4), committee, seededRandom("context"));
    const others: DealingContext[] = [
      { ...context, chainId: 1 },
      { ...context, jobId: `0x${"5b".repeat(32)}` },
      { ...context, round: 4 },
      { ...context, kind: "updatf" },
      { ...context, dealer: 3 },
    ];
    for (const other of others) {
      expect(verdicts(proof, parts, 4, committee, other)).to.deep.equal(Array(5).fill("dealing/leaf"));
    }
  });

  it("refuses parts exchanged between seats, and parts of another dealing of the same secret", () => {
    const one = deal(context, vectorOf(4), committee, seededRandom("one"));
    const two = deal(context, vectorOf(4), committee, seededRandom("two"));
    const [p0, p1, p2, p3, p4] = one.parts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    expect(verdicts(one.proof, [p1, p0, p3, p2, p4], 4)).to.deep.equal([...Array(4).fill("dealing/leaf"), "accepted"]);
    expect(verdicts(one.proof, two.parts, 4)).to.deep.equal(Array(5).fill("dealing/leaf"));
  });

  it("refuses a dealing whose leaves were exchanged, also for the seat whose leaf stayed", () => {
    const { proof, parts } = deal(context, vectorOf(4), committee, seededRandom("leaves"));
    const [first, second, ...rest] = proof.leaves as [Uint8Array, Uint8Array, ...Uint8Array[]];
    const codes = verdicts({ ...proof, leaves: [second, first, ...rest] }, parts, 4);
    expect(codes).to.deep.equal(["dealing/leaf", "dealing/leaf", ...Array(3).fill("dealing/degree")]);
  });

  it("says who dealt and which seat refuses, and nothing of what was dealt", () => {
    const { proof, parts } = deal(context, vectorOf(4), committee, seededRandom("silent"));
    const bad = (parts[3] as Uint8Array).slice();
    bad[0] = (bad[0] as number) ^ 1;
    const error = failure(() => acceptPart(context, committee, proof, 3, bad, 4));
    expect([error.code, error.party]).to.deep.equal(["dealing/leaf", "dealer 2"]);
    expect(error.facts).to.deep.equal({ dealer: 2, round: 3, kind: "update", seat: 3 });
    expect(error.cause).to.equal(undefined);
  });
});

describe("grinding a challenge of 8 bits", () => {
  const small = 256n;
  const lowBits = (challenge: readonly bigint[]) => (challenge[0] as bigint) % small;

  /**
   * A dealer that wants seat 4 to take its share plus 1 tries salts until <rho, error> is what it put into the blinding of that seat: here
   * the guess that the challenge's low 8 bits are 0, for `challenges` of the two. The number of dealings it tried.
   */
  function attempts(challenges: readonly (0 | 1)[], limit: number): number {
    const { parts } = deal(context, vectorOf(1), committee, seededRandom("grind"));
    const fields = parts.map(fieldsOf);
    const leaves = fields.map((part, seat) => plainLeaf(context, seat, part));
    for (let tried = 1; tried <= limit; tried++) {
      leaves[4] = plainLeaf(context, 4, { ...(fields[4] as PlainPart), salt: Uint8Array.from(word(tried)) });
      const drawn = plainChallenges(context, leaves, 1);
      if (challenges.every((a) => lowBits(drawn[a] as bigint[]) === 0n)) return tried;
    }
    return limit + 1;
  }

  it("takes some hundreds of salts where one challenge is asked: 2^61 for a challenge of 61 bits", () => {
    expect(attempts([0], 3000)).to.be.within(1, 3000);
    expect(attempts([1], 3000)).to.be.within(1, 3000);
  });

  it("is not done in as many where both are: 2^122", () => {
    expect(attempts([0, 1], 3000)).to.equal(3001);
  });
});

describe("what a malformed dealing meets", () => {
  const { proof, parts } = deal(context, vectorOf(6), committee, seededRandom("malformed"));
  const accept = (seat: number, part: Uint8Array, own: DealingProof = proof) =>
    failure(() => acceptPart(context, committee, own, seat, part, 6)).code;

  it("is dealing/malformed for parts of a wrong size, and for a seat that does not exist", () => {
    parts.forEach((part, seat) => {
      for (const bad of [new Uint8Array(), part.subarray(1), part.subarray(0, -1), Uint8Array.from([...part, 0])]) {
        expect(accept(seat, bad)).to.equal("dealing/malformed");
        expect(failure(() => expandPart(bad, seat, committee, 6)).code).to.equal("dealing/malformed");
      }
    });
    for (const seat of [-1, 5, 1.5, Number.NaN])
      expect(accept(seat, parts[4] as Uint8Array)).to.equal("dealing/malformed");
  });

  it("is dealing/malformed for elements that have a second encoding, though the leaf commits to them", () => {
    const fields = parts.map(fieldsOf);
    const spoil = (seat: number, change: (part: PlainPart) => PlainPart) => {
      const own = fields.map((part, i) => (i === seat ? change(part) : part));
      const leaves = own.map((part, i) => plainLeaf(context, i, part));
      return accept(seat, partBytes(own[seat] as PlainPart), { ...proof, leaves });
    };
    const body = (part: PlainPart) => Uint8Array.from(Buffer.concat([part.body.subarray(0, 40), word(p)]));
    expect(spoil(4, (part) => ({ ...part, body: body(part) }))).to.equal("dealing/malformed");
    for (const seat of [0, 4]) {
      expect(spoil(seat, (part) => ({ ...part, blindings: [p, part.blindings[1]] }))).to.equal("dealing/malformed");
      expect(spoil(seat, (part) => ({ ...part, blindings: [part.blindings[0], 2n ** 63n] }))).to.equal(
        "dealing/malformed",
      );
    }
  });

  it("is dealing/malformed for a proof with too few or too many leaves or coefficients", () => {
    const { leaves, answers } = proof;
    const [first, second] = answers;
    const long = BigUint64Array.of(...first, 0n);
    for (const bad of [
      { leaves: leaves.slice(1), answers },
      { leaves: [...leaves, leaves[0] as Uint8Array], answers },
      { leaves: leaves.with(2, new Uint8Array(31)), answers },
      { leaves, answers: [long, second] as const },
      { leaves, answers: [first, second.slice(1)] as const },
    ]) {
      expect(accept(4, parts[4] as Uint8Array, bad)).to.equal("dealing/malformed");
    }
  });

  it("is dealing/malformed for an encoded proof of another size or with a word that is not below p", () => {
    const bytes = encodeProof(proof);
    expect(bytes.length).to.equal(5 * 32 + 2 * 3 * 8);
    expect(decodeProof(bytes, committee)).to.deep.equal(proof);
    const wrong = [
      bytes.subarray(1),
      Uint8Array.from([...bytes, 0]),
      new Uint8Array(),
      bytes.with(167, 0xff),
      bytes.with(207, 0x20),
    ];
    for (const bad of wrong) expect(failure(() => decodeProof(bad, committee)).code).to.equal("dealing/malformed");
    expect(failure(() => decodeProof(bytes, { k: 5, t: 1 })).code).to.equal("dealing/malformed");
    expect(failure(() => decodeProof(bytes, committee, 3)).code).to.equal("dealing/malformed");
  });

  it("is a FarshoreError for any bytes, and for any changed byte", () => {
    const codes = new Set(["dealing/malformed", "dealing/leaf", "dealing/degree"]);
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ minLength: 96, maxLength: 96 }));
    fc.assert(
      fc.property(bytes, fc.integer({ min: 0, max: 4 }), (part, seat) => {
        expect(codes.has(accept(seat, part))).to.equal(true);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (seat, place, flip) => {
        const part = (parts[seat] as Uint8Array).slice();
        part[place % part.length] = (part[place % part.length] as number) ^ flip;
        expect(accept(seat, part)).to.equal("dealing/leaf");
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 208, maxLength: 208 }), (encoded) => {
        try {
          accept(4, parts[4] as Uint8Array, decodeProof(encoded, committee));
        } catch (error) {
          expect((error as FarshoreError).code).to.equal("dealing/malformed");
        }
      }),
    );
  });
});
