import { expect } from "chai";
import type { RandomBytes } from "../../../offchain/core/rng.ts";
import { acceptPart, type DealingContext, deal } from "../../../offchain/crypto/dealing.ts";
import {
  expansion,
  mod,
  type PlainPart,
  p,
  partBytes,
  plainChallenges,
  plainProof,
  randomElement,
  seededRandom,
  subsetsOf,
  through,
  words,
} from "./plainShamir.ts";

// What t oracles see of a dealing: their shares (seeds expanded: they are modelled as random), their blindings, and the answers. For two
// very different data sets the joint view must look the same, and uniform. Every pair of numbers of the view, and numbers that a
// curious oracle would compute, are put in 4 x 4 cells by their upper bits; chi-square against the uniform distribution and against the other data
// set. The test has teeth: three planted leaks must fail it.

const dealings = 500;
const cells = 16;
const length = 2;
/** Two data sets: zeros, and values as large as they come. */
const dataSets = [
  [0n, 0n],
  [p - 1n, 2n ** 59n + 12345n],
] as const;
const context: DealingContext = { chainId: 1, jobId: `0x${"33".repeat(32)}`, round: 1, kind: "update", dealer: 0 };

interface Sizes {
  readonly k: number;
  readonly t: number;
}

/** Everything that the dealer sent, in numbers. */
interface Dealt {
  readonly shares: readonly (readonly bigint[])[];
  readonly blindings: readonly (readonly bigint[])[];
  readonly answers: readonly (readonly bigint[])[];
  readonly challenges: readonly (readonly bigint[])[];
}

type Dealer = (secret: readonly bigint[], sizes: Sizes, random: RandomBytes) => Dealt;

/** The product's dealer at some degree, honest at t. */
function product(degreeOf: (t: number) => number): Dealer {
  return (secret, sizes, random) => {
    const degree = degreeOf(sizes.t);
    const { proof, parts } = deal(context, BigUint64Array.from(secret), sizes, random, degree);
    const shares = parts.map((part, seat) => acceptPart(context, sizes, proof, seat, part, length, degree));
    const tails = parts.map((part) => Buffer.from(part).subarray(-48));
    return {
      shares: shares.map((share) => [...share]),
      blindings: tails.map((tail) => [tail.readBigUInt64LE(0), tail.readBigUInt64LE(8)]),
      answers: proof.answers.map((answer) => [...answer]),
      challenges: plainChallenges(context, proof.leaves, length),
    };
  };
}

const honest = product((t) => t);

/** Degree t - 1: t seats interpolate the secret. */
const lowDegree = product((t) => t - 1);

/** The product's dealer with blinding polynomials whose coefficients are below 2^32, by what the source of randomness gives. */
const smallBlindings: Dealer = (secret, sizes, random) => {
  // A blinding polynomial is drawn as 8 bytes a coefficient; seeds and salts take 32 bytes, which no t here needs for a polynomial.
  const small: RandomBytes = (n) =>
    n === 8 * (sizes.t + 1) ? random(n).map((byte, i) => (i % 8 < 4 ? byte : 0)) : random(n);
  return honest(secret, sizes, small);
};

/** Shamir as the textbook deals it (independent of the product), with coefficients below 2^32. */
const smallCoefficients: Dealer = (secret, { k, t }, random) => {
  const small = () => BigInt(Buffer.from(random(4)).readUInt32LE());
  const polynomials = secret.map((value) => [value, ...Array.from({ length: t }, small)]);
  const blinding = [0, 1].map(() => Array.from({ length: t + 1 }, () => randomElement(random)));
  const at = (c: readonly bigint[], seat: number) => c.reduceRight((sum, a) => mod(sum * BigInt(seat + 1) + a), 0n);
  const seats = Array.from({ length: k }, (_, seat) => seat);
  const shares = seats.map((seat) => polynomials.map((c) => at(c, seat)));
  const blindings = seats.map((seat) => blinding.map((c) => at(c, seat)));
  const parts: PlainPart[] = seats.map((seat) => ({
    body: words(shares[seat] as bigint[]),
    blindings: blindings[seat] as unknown as readonly [bigint, bigint],
    salt: random(32),
  }));
  const proof = plainProof(context, parts, shares, t);
  const answers = proof.answers.map((answer) => [...answer]);
  return { shares, blindings, answers, challenges: plainChallenges(context, proof.leaves, length) };
};

/**
 * The view of some seats, as numbers: what they got, the answers, the secret that their shares alone would give (degree t - 1), and the
 * constant terms of the answers less <rho_a, guess>, for the guess that the data are those of the second set.
 */
function viewOf({ shares, blindings, answers, challenges }: Dealt, seats: readonly number[]): bigint[] {
  const own = seats.flatMap((seat) => [...(shares[seat] as bigint[]), ...(blindings[seat] as bigint[])]);
  const read = Array.from({ length }, (_, i) =>
    through(
      seats.map((seat) => [seat + 1, shares[seat]?.[i] as bigint]),
      0,
    ),
  );
  const guessed = answers.map((answer, a) => {
    const product = (challenges[a] as bigint[]).reduce((sum, rho, i) => sum + rho * (dataSets[1][i] as bigint), 0n);
    return mod((answer[0] as bigint) - product);
  });
  // A single seat's reading is its share: with itself as a pair it would fill the diagonal alone.
  return [...own, ...answers.flat(), ...(seats.length > 1 ? read : []), ...guessed];
}

/** Upper two bits of 61: 0 to 3. */
const quarter = (value: bigint) => Number(value >> 59n);

/** Counts of the cells of each pair of numbers, over all views. */
function histograms(views: readonly (readonly bigint[])[]): Float64Array[] {
  const numbers = (views[0] as readonly bigint[]).map((_, i) =>
    Uint8Array.from(views, (view) => quarter(view[i] as bigint)),
  );
  return subsetsOf(numbers.length, 2).map(([i, j]) => {
    const counts = new Float64Array(cells);
    const [first, second] = [numbers[i as number] as Uint8Array, numbers[j as number] as Uint8Array];
    first.forEach((place, n) => {
      const cell = place * 4 + (second[n] as number);
      counts[cell] = (counts[cell] as number) + 1;
    });
    return counts;
  });
}

/** A chi-square as standard deviations of a normal variable (Wilson and Hilferty), so that one bar fits all. */
function deviation(chiSquare: number): number {
  const spread = 2 / (9 * (cells - 1));
  return (Math.cbrt(chiSquare / (cells - 1)) - (1 - spread)) / Math.sqrt(spread);
}

/** The largest deviation over all pairs of numbers, of each data set from uniform and of the two from each other. */
function worst(views: readonly (readonly (readonly bigint[])[])[]): number {
  const [first, second] = views.map(histograms) as [Float64Array[], Float64Array[]];
  const expected = dealings / cells;
  const uniform = (h: Float64Array) => deviation(h.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0));
  let largest = 0;
  for (const [pair, a] of first.entries()) {
    const b = second[pair] as Float64Array;
    const between = a.reduce(
      (sum, n, i) => sum + (n === b[i] ? 0 : (n - (b[i] as number)) ** 2 / (n + (b[i] as number))),
      0,
    );
    largest = Math.max(largest, uniform(a), uniform(b), deviation(between));
  }
  return largest;
}

/** The largest deviation that each t seats see, in the order of the subsets. */
function deviations(dealer: Dealer, sizes: Sizes, name: string): number[] {
  const dealt = dataSets.map((secret, set) => {
    const random = seededRandom(`${name} ${sizes.k} ${set}`);
    return Array.from({ length: dealings }, () => dealer(secret, sizes, random));
  });
  return subsetsOf(sizes.k, sizes.t).map((seats) => worst(dealt.map((list) => list.map((one) => viewOf(one, seats)))));
}

// Some 3 000 chi-squares a committee: beyond 5.5 standard deviations once in 20 000 tests of an honest dealer; the draws are fixed.
const accepted = 5.5;
/** A planted leak must not be a matter of luck either. */
const refused = 11;

describe("what t oracles see of a dealing", function () {
  this.timeout(60_000);

  for (const sizes of [
    { k: 4, t: 1 },
    { k: 5, t: 2 },
    { k: 7, t: 2 },
  ]) {
    it(`is independent of the data and uniform, for every ${sizes.t} of ${sizes.k}`, () => {
      expect(Math.max(...deviations(honest, sizes, "honest"))).to.be.below(accepted);
    });
  }

  for (const sizes of [
    { k: 4, t: 1 },
    { k: 5, t: 2 },
  ]) {
    for (const [leak, dealer] of [
      ["degree t - 1", lowDegree],
      ["coefficients below 2^32", smallCoefficients],
      ["blindings below 2^32", smallBlindings],
    ] as const) {
      it(`is caught leaking with ${leak}, by every ${sizes.t} of ${sizes.k}`, () => {
        expect(Math.min(...deviations(dealer, sizes, leak))).to.be.above(refused);
      });
    }
  }

  it("would give the secret to one seat more: the test sees what t + 1 see as a leak", () => {
    const sizes = { k: 4, t: 1 };
    const dealt = dataSets.map((secret, set) => {
      const random = seededRandom(`more ${set}`);
      return Array.from({ length: dealings }, () => viewOf(honest(secret, sizes, random), [0, 3]));
    });
    expect(worst(dealt)).to.be.above(refused);
  });
});

describe("the dealer of the statistic's own", () => {
  it("makes dealings that the product accepts, so that only what it plants differs", () => {
    const random = seededRandom("accepted");
    const sizes = { k: 5, t: 2 };
    const seeds = [random(32), random(32)];
    const known = seeds.map((seed) => expansion(seed, length));
    const points = (i: number) => [
      [0, 7n] as const,
      ...known.map((values, seat) => [seat + 1, values[i] as bigint] as const),
    ];
    const shares = Array.from({ length: 5 }, (_, seat) => [0, 1].map((i) => through(points(i), seat + 1)));
    const blinding = [0, 1].map(() => [0, 1, 2].map((x) => [x, randomElement(random)] as const));
    const parts: PlainPart[] = shares.map((share, seat) => ({
      body: seeds[seat] ?? words(share),
      blindings: blinding.map((own) => through(own, seat + 1)) as unknown as readonly [bigint, bigint],
      salt: random(32),
    }));
    const proof = plainProof(context, parts, shares, 2);
    parts.forEach((part, seat) => {
      expect([...acceptPart(context, sizes, proof, seat, partBytes(part), length)]).to.deep.equal(shares[seat]);
    });
  });
});
