import { equalBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { RandomBytes } from "../core/rng.ts";
import { type ChunkSource, challengeProducts, seedSource, vectorSource } from "./challengeProducts.ts";
import { blindingsOf, emptyPart, fillTail, readPart, seedBytes, shareOf } from "./dealingPart.ts";
import {
  type Committee,
  challengeSeeds,
  type DealingContext,
  type DealingProof,
  expectProof,
  type LeafContent,
  malformed,
  shareLeaf,
} from "./dealingProof.ts";
import { type FieldVector, isCanonical } from "./field61.ts";
import { evaluate, interpolate, modPrime, randomElements } from "./fieldScalar.ts";
import { extendShares } from "./shareExtension.ts";

export { type Committee, type DealingContext, type DealingProof, decodeProof, encodeProof } from "./dealingProof.ts";

// Shamir sharing of a vector with a proof that all shares lie on polynomials of the right degree d (protocol, section 5, items 1 and 2).
// The shares at x = 1 .. d are expansions of seeds (uniform, as those of honest polynomials are); the others follow from them and the
// secret. Leaves commit the dealer to every share and to two blinding polynomials B_a; their root gives the challenges rho_a; the
// dealer shows T_a = B_a + <rho_a, F>, in which B_a hides the inner product.

/**
 * Deals `secret` on random polynomials of `degree`: any `degree` seats learn nothing (computationally: AES expands their seeds). A
 * dealing is sent as it is or not at all: parts of two dealings of one secret do not mix. Throws `dealing/bad-degree` for a degree
 * that k seats cannot tell from another, `dealing/malformed` for a secret that is not canonical. */
export function deal(
  context: DealingContext,
  secret: FieldVector,
  committee: Committee,
  random: RandomBytes,
  degree: number = committee.t,
): { proof: DealingProof; parts: Uint8Array[] } {
  expectDegree(committee, degree);
  if (!isCanonical(secret)) throw malformed("secret", { length: secret.length });
  const parts = Array.from({ length: committee.k }, (_, seat) => emptyPart(seat, degree, secret.length));
  const contents = parts.map((part, seat) => readPart(part, seat, committee, secret.length, degree));
  const blindings = [randomElements(degree + 1, random), randomElements(degree + 1, random)] as const;
  for (const content of contents) fillTail(content, blindings, random);
  fillShares(secret, contents, random, degree);
  const leaves = contents.map((content) => shareLeaf(context, content));
  const answers = answerChallenges(challengeSeeds(context, leaves), secret, contents, blindings);
  return { proof: { leaves, answers }, parts };
}

/**
 * The share of a part, once its leaf and its proof hold. Throws `dealing/malformed` for sizes and encodings, `dealing/leaf` where the part
 * is not what the seat's leaf commits to, `dealing/degree` where the share is not on polynomials of `degree`: one that is not passes
 * with probability 2^-122. The share may lie in the part's memory: do not overwrite it.
 */
export function acceptPart(
  context: DealingContext,
  committee: Committee,
  proof: DealingProof,
  seat: number,
  part: Uint8Array,
  length: number,
  degree: number = committee.t,
): FieldVector {
  expectProof(proof, committee, degree);
  const content = readPart(part, seat, committee, length, degree);
  if (!equalBytes(shareLeaf(context, content), proof.leaves[seat] as Uint8Array)) {
    throw refused("dealing/leaf", "is not what the leaf of the seat commits to", context, seat);
  }
  const share = shareOf(content, length, degree);
  if (!isCanonical(share)) throw malformed("part", { seat, reason: "an element is not below p" });
  const products = challengeProducts(challengeSeeds(context, proof.leaves), [vectorSource(share)], length);
  const wrong = blindingsOf(content).some(
    (blinding, a) =>
      evaluate(proof.answers[a as 0 | 1], seat + 1) !== modPrime(blinding + (products[a]?.[0] as bigint)),
  );
  if (wrong) throw refused("dealing/degree", `is not on polynomials of degree ${degree}`, context, seat);
  return share;
}

/** The share of a part that `acceptPart` took before; checks sizes alone (`dealing/malformed`). */
export function expandPart(
  part: Uint8Array,
  seat: number,
  committee: Committee,
  length: number,
  degree: number = committee.t,
): FieldVector {
  return shareOf(readPart(part, seat, committee, length, degree), length, degree);
}

/** Draws the seeds of the first `degree` seats and computes the vectors of the others. */
function fillShares(secret: FieldVector, contents: readonly LeafContent[], random: RandomBytes, degree: number): void {
  const seeded = contents.slice(0, degree);
  for (const { body } of seeded) body.set(random(seedBytes));
  const known = [vectorSource(secret), ...seeded.map(({ body }) => seedSource(body))];
  const vectors = contents.slice(degree).map((content) => shareOf(content, secret.length, degree));
  extendShares(known, vectors, secret.length);
}

/** Coefficients of T_a = B_a + <rho_a, F>: the inner products at degree + 1 places, vectors first (seeds would be expanded again). */
function answerChallenges(
  seeds: readonly [Uint8Array, Uint8Array],
  secret: FieldVector,
  contents: readonly LeafContent[],
  blindings: readonly [FieldVector, FieldVector],
): [FieldVector, FieldVector] {
  const degree = blindings[0].length - 1;
  const places: { x: number; source: ChunkSource }[] = [{ x: 0, source: vectorSource(secret) }];
  for (const content of [...contents.slice(degree), ...contents.slice(0, degree)]) {
    if (places.length > degree) break;
    const seeded = content.seat < degree;
    const source = seeded ? seedSource(content.body) : vectorSource(shareOf(content, secret.length, degree));
    places.push({ x: content.seat + 1, source });
  }
  const products = challengeProducts(
    seeds,
    places.map(({ source }) => source),
    secret.length,
  );
  const answer = (a: 0 | 1) => {
    const coefficients = interpolate(
      places.map(({ x }) => x),
      products[a],
    );
    return blindings[a].map((blinding, i) => modPrime(blinding + (coefficients[i] as bigint)));
  };
  return [answer(0), answer(1)];
}

/** With degree >= k - 1 every k shares lie on some polynomial: the proof would say nothing. */
function expectDegree({ k }: Committee, degree: number): void {
  if (Number.isInteger(degree) && degree >= 0 && degree < k - 1) return;
  throw new FarshoreError({
    code: "dealing/bad-degree",
    message: `a degree of ${degree} cannot be shown to ${k} seats`,
    facts: { degree, seats: k },
  });
}

function refused(code: string, what: string, { dealer, round, kind }: DealingContext, seat: number): FarshoreError {
  return new FarshoreError({
    code,
    message: `the part of seat ${seat} in dealer ${dealer}'s ${kind} of round ${round} ${what}`,
    facts: { dealer, round, kind, seat },
    remedy: "leave the dealer out of this round; it deals again in the next",
    party: `dealer ${dealer}`,
  });
}
