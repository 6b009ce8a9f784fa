import { expect } from "chai";
import fc from "fast-check";
import {
  evaluate,
  interpolate,
  invert,
  lagrangeWeights,
  modPrime,
  randomElements,
} from "../../../offchain/crypto/fieldScalar.ts";
import { failure } from "../failure.ts";
import { coefficientsThrough, inverse, mod, p, through } from "./plainShamir.ts";

const element = fc.oneof(fc.constantFrom(0n, 1n, p - 1n, 2n ** 60n), fc.bigInt({ min: 0n, max: p - 1n }));
const points = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 7 });

describe("scalars of F_p", () => {
  it("zero has no inverse, every other element has the one that Fermat's theorem gives", () => {
    for (const zero of [0n, p, -p]) expect(failure(() => invert(zero)).code).to.equal("field/no-inverse");
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: p - 1n }), (a) => {
        expect(modPrime(a * invert(a))).to.equal(1n);
        expect(invert(a)).to.equal(inverse(a));
      }),
    );
  });

  it("polynomials go through the points they are interpolated from, at x and as coefficients", () => {
    fc.assert(
      fc.property(
        points,
        fc.array(element, { minLength: 7, maxLength: 7 }),
        fc.integer({ min: 0, max: 15 }),
        (xs, ys, x) => {
          const pairs = xs.map((own, i) => [own, ys[i] as bigint] as const);
          const coefficients = interpolate(xs, ys);
          expect(coefficients).to.deep.equal(coefficientsThrough(pairs));
          for (const [own, y] of pairs) expect(evaluate(coefficients, own)).to.equal(y);
          const weighed = lagrangeWeights(xs, x).reduce((sum, weight, i) => mod(sum + weight * (ys[i] as bigint)), 0n);
          expect(weighed).to.equal(through(pairs, x));
          expect(evaluate(coefficients, x)).to.equal(weighed);
        },
      ),
    );
  });

  it("random elements are the low 61 bits of 8 random bytes each, p as 0", () => {
    const bytes = new Uint8Array(24).fill(0xff, 0, 8);
    bytes.set([0x05, 0, 0, 0, 0, 0, 0, 0xe0], 8);
    expect([...randomElements(3, (n) => bytes.subarray(0, n))]).to.deep.equal([0n, 5n, 0n]);
  });
});
