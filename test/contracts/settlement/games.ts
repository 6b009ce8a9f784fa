import { createHash } from "node:crypto";

/** Deterministic random numbers: SHA-256 of a label and a counter. */
export function stream(label: string) {
  let count = 0;
  const next = (bytes: number): bigint => {
    const digest = createHash("sha256").update(`${label} ${count++}`).digest("hex");
    return BigInt(`0x${digest.slice(0, 2 * bytes)}`);
  };
  return {
    /** 0 ≤ value < limit, limit below 2^64. */
    below: (limit: number): number => Number(next(16) % BigInt(limit)),
    /** Uniform over the signed integers of `bytes` bytes. */
    signed: (bytes: number): bigint => BigInt.asIntN(8 * bytes, next(bytes)),
  };
}

export type Stream = ReturnType<typeof stream>;
const [most, least] = [2n ** 62n, -(2n ** 62n)];

/** Kinds of values that separate a right fold from a nearly right one. */
const kinds: readonly ((random: Stream) => bigint)[] = [
  (random) => random.signed(4),
  (random) => random.signed(8),
  () => 0n,
  (random) => [most, least, 0n][random.below(3)] as bigint,
  (random) => BigInt(random.below(3)) - 1n,
  (random) => -BigInt(random.below(1_000_000)),
];

/** A game of n players: 2^n values of one kind, by mask. */
export function randomGame(random: Stream, players: number): bigint[] {
  const value = kinds[random.below(kinds.length)] as (random: Stream) => bigint;
  return Array.from({ length: 2 ** players }, () => value(random));
}
