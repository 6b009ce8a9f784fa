import { expect } from "chai";
import fc from "fast-check";
import * as field from "../../../offchain/crypto/field61.ts";
import * as kernel from "../../../offchain/crypto/field61Kernel.ts";
import * as reference from "../../../offchain/crypto/fieldReference.ts";
import { expandSeed } from "../../../offchain/crypto/fieldStream.ts";
import { failure } from "../failure.ts";
import { p } from "./plainShamir.ts";

const half = (p - 1n) / 2n;
const extremes = [0n, 1n, 2n, 2n ** 30n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 60n, half, half + 1n, p - 2n, p - 1n];
const element = fc.oneof(fc.constantFrom(...extremes), fc.bigInt({ min: 0n, max: p - 1n }));
const signed = fc.oneof(fc.constantFrom(0n, 1n, -1n, half, -half), fc.bigInt({ min: -half, max: half }));
/** Lengths around the kernel's groups of 4 and around a chunk. */
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 33];
const vector = (length: number) =>
  fc.array(element, { minLength: length, maxLength: length }).map((values) => BigUint64Array.from(values));

/** Checks `property` for vectors of every length, several draws each. */
function forVectors(count: number, property: (vectors: BigUint64Array[], factors: bigint[]) => unknown): void {
  for (const length of lengths) {
    const vectors = fc.tuple(...Array.from({ length: count }, () => vector(length)));
    const factors = fc.array(element, { minLength: count, maxLength: count });
    const holds = (drawn: BigUint64Array[], scalars: bigint[]) => {
      property(drawn, scalars);
    };
    fc.assert(fc.property(vectors, factors, holds), { numRuns: 60 });
  }
}

/** A long vector of three chunks and a rest, every value different, the extremes at the seams. */
function long(factor: bigint): BigUint64Array {
  const values = BigUint64Array.from({ length: 3 * kernel.chunkWords + 5 }, (_, i) => (BigInt(i + 1) * factor) % p);
  for (const at of [0, kernel.chunkWords - 1, kernel.chunkWords, 2 * kernel.chunkWords, values.length - 1])
    values[at] = p - 1n;
  return values;
}

describe("vectors over F_p", () => {
  it("have p = 2^61 - 1", () => {
    expect(field.fieldPrime).to.equal(2n ** 61n - 1n);
  });

  it("refuse signed integers beyond (p - 1)/2, name the place and not the value", () => {
    for (const bad of [half + 1n, -half - 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
      for (const [length, at] of [
        [1, 0],
        [7, 6],
        [20_000, 19_998],
      ] as const) {
        const values = new BigInt64Array(length);
        values[at] = bad;
        const error = failure(() => field.toField(values));
        expect([error.code, error.facts]).to.deep.equal(["field/out-of-range", { index: at }]);
        expect(`${error.message}${error.remedy}`).to.not.include(String(bad));
      }
    }
  });

  it("refuse no vectors, and vectors of different lengths", () => {
    const [two, three] = [new BigUint64Array(2), new BigUint64Array(3)];
    for (const action of [
      () => field.addVectors([]),
      () => field.addVectors([two, three]),
      () => field.innerProduct(two, three),
      () => field.linearCombination([1n, 1n], [three, two]),
    ]) {
      expect(failure(action).code).to.equal("field/bad-length");
    }
  });

  it("come from signed integers and go back to them", () => {
    expect(field.toField(BigInt64Array.of(-1n, 0n, 1n, half, -half))).to.deep.equal(
      BigUint64Array.of(p - 1n, 0n, 1n, half, half + 1n),
    );
    for (const length of lengths) {
      const list = fc
        .array(signed, { minLength: length, maxLength: length })
        .map((values) => BigInt64Array.from(values));
      fc.assert(
        fc.property(list, (values) => {
          expect(field.toField(values)).to.deep.equal(reference.toField(values));
          expect(field.centred(field.toField(values))).to.deep.equal(values);
        }),
        { numRuns: 60 },
      );
    }
  });

  it("are centred as the reference does", () => {
    forVectors(1, ([v]) =>
      expect(field.centred(v as BigUint64Array)).to.deep.equal(reference.centred(v as BigUint64Array)),
    );
  });

  it("add as the reference does, one to five of them", () => {
    for (const count of [1, 2, 5]) {
      forVectors(count, (vs) => expect(field.addVectors(vs)).to.deep.equal(reference.addVectors(vs)));
    }
  });

  it("multiply as the reference does", () => {
    forVectors(2, ([a, b]) => {
      const [x, y] = [a as BigUint64Array, b as BigUint64Array];
      expect(field.innerProduct(x, y)).to.equal(reference.innerProduct(x, y));
    });
  });

  it("combine as the reference does", () => {
    forVectors(3, (vs, factors) =>
      expect(field.linearCombination(factors, vs)).to.deep.equal(reference.linearCombination(factors, vs)),
    );
  });

  it("pass through the kernel in chunks without a seam", () => {
    const [a, b] = [long(0x1234567890abcdefn), long(0x0fedcba987654321n)];
    expect(field.addVectors([a, b, a])).to.deep.equal(reference.addVectors([a, b, a]));
    expect(field.innerProduct(a, b)).to.equal(reference.innerProduct(a, b));
    expect(field.linearCombination([p - 1n, 3n], [a, b])).to.deep.equal(
      reference.linearCombination([p - 1n, 3n], [a, b]),
    );
    expect(field.centred(a)).to.deep.equal(reference.centred(a));
  });

  it("do not overflow where every product of limbs is the largest", () => {
    const most = new BigUint64Array(40_000).fill(p - 1n);
    expect(field.innerProduct(most, most)).to.equal(40_000n);
    const allLow = new BigUint64Array(40_000).fill(2n ** 31n - 1n);
    expect(field.innerProduct(allLow, allLow)).to.equal((40_000n * (2n ** 31n - 1n) ** 2n) % p);
    const allHigh = new BigUint64Array(40_000).fill(2n ** 61n - 2n ** 31n);
    expect(field.innerProduct(allHigh, allHigh)).to.equal((40_000n * (2n ** 61n - 2n ** 31n) ** 2n) % p);
    expect(field.innerProduct(allHigh, allLow)).to.equal((40_000n * (2n ** 61n - 2n ** 31n) * (2n ** 31n - 1n)) % p);
  });

  it("do not change what they are computed from", () => {
    const [a, b] = [BigUint64Array.of(p - 1n, 5n, 7n), BigUint64Array.of(2n, 3n, p - 1n)];
    field.addVectors([a, b]);
    field.innerProduct(a, b);
    field.linearCombination([2n, 3n], [a, b]);
    expect([a, b]).to.deep.equal([BigUint64Array.of(p - 1n, 5n, 7n), BigUint64Array.of(2n, 3n, p - 1n)]);
  });

  it("may be views into larger arrays", () => {
    const large = long(77n);
    const view = large.subarray(3, 14);
    expect(field.addVectors([view, view])).to.deep.equal(reference.addVectors([view, view]));
    expect(field.encodeField(view)).to.deep.equal(field.encodeField(view.slice()));
  });
});

describe("the encoding of a vector", () => {
  it("is refused at another length", () => {
    for (const [bytes, length] of [
      [0, 1],
      [8, 0],
      [7, 1],
      [17, 2],
    ] as const) {
      const error = failure(() => field.decodeField(new Uint8Array(bytes), length));
      expect([error.code, error.facts]).to.deep.equal(["field/bad-length", { had: bytes, needed: 8 * length }]);
    }
  });

  it("is refused with an element that is not below p, wherever it stands", () => {
    for (const bad of [p, p + 1n, 2n ** 61n, 2n ** 63n, 2n ** 64n - 1n]) {
      for (let at = 0; at < 7; at++) {
        const bytes = new Uint8Array(new BigUint64Array(7).with(at, bad).buffer);
        expect(failure(() => field.decodeField(bytes, 7)).code, `${bad} at ${at}`).to.equal("field/not-canonical");
      }
    }
  });

  it("is 8 bytes an element, little endian", () => {
    expect(field.encodeField(BigUint64Array.of(1n, 2n ** 60n + 258n))).to.deep.equal(
      Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 16),
    );
  });

  it("comes back as it went", () => {
    forVectors(1, ([v]) => {
      const own = v as BigUint64Array;
      expect(field.decodeField(field.encodeField(own), own.length)).to.deep.equal(own);
    });
  });

  it("may lie at any place of a larger message", () => {
    const v = BigUint64Array.of(3n, p - 1n);
    const message = Uint8Array.from([9, 9, 9, ...field.encodeField(v)]);
    expect(field.decodeField(message.subarray(3), 2)).to.deep.equal(v);
  });
});

describe("a seed's expansion", () => {
  // From a shell: head -c 16 /dev/zero | openssl enc -aes-256-ecb -nopad -K 000102(…)1f
  it("starts with AES-256 of the zero block, low 61 bits of each half", () => {
    const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
    const block = Buffer.from("f29000b62a499fd0a9f39a6add2e7780", "hex");
    const expected = [block.readBigUInt64LE(0) % 2n ** 61n, block.readBigUInt64LE(8) % 2n ** 61n];
    expect([...expandSeed(seed, 2)]).to.deep.equal(expected);
  });

  it("is the reference's, also beyond a chunk", () => {
    const seed = new Uint8Array(32).fill(7);
    for (const length of [...lengths, kernel.chunkWords, kernel.chunkWords + 1, 20_003]) {
      expect(expandSeed(seed, length), `length ${length}`).to.deep.equal(reference.expandSeed(seed, length));
    }
  });

  it("takes p as 0 and ignores the upper three bits", () => {
    const raw = [p, 2n ** 64n - 1n, 2n ** 61n, p - 1n, 2n ** 63n + 5n];
    kernel.load(0, BigUint64Array.from(raw), 0, 5);
    kernel.lowBits(0, 5);
    const out = new BigUint64Array(5);
    kernel.store(0, out, 0, 5);
    expect([...out]).to.deep.equal([0n, 0n, 0n, p - 1n, 5n]);
  });
});

describe("two inner products at once", () => {
  const rawWord = fc.oneof(
    fc.constantFrom(p, 2n ** 64n - 1n, 2n ** 61n, 2n ** 63n, ...extremes),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  );

  it("take the low 61 bits of a key stream as they come, and are the reference's", () => {
    for (const length of lengths) {
      const raw = fc.array(rawWord, { minLength: length, maxLength: length }).map((list) => BigUint64Array.from(list));
      fc.assert(
        fc.property(raw, raw, vector(length), (r, s, v) => {
          [r, s, v].forEach((one, block) => {
            kernel.load(block, one, 0, length);
          });
          const low = (list: BigUint64Array) => list.map((word) => (word % 2n ** 61n) % p);
          expect(kernel.innerProducts(3, 0, 1, 2, length)).to.deep.equal([
            reference.innerProduct(low(r), v),
            reference.innerProduct(low(s), v),
          ]);
        }),
        { numRuns: 80 },
      );
    }
  });
});
