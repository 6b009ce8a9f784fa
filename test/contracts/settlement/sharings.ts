import { packWords } from "../../../offchain/valuation/shareReconstruction.ts";
import type { Stream } from "./games.ts";

export const prime = 2n ** 61n - 1n;

/** Words of each of k seats, n × 8 bytes, of random polynomials of degree t whose values at 0 are the secrets. */
export function deal(secrets: readonly bigint[], t: number, k: number, random: Stream): Map<number, Uint8Array> {
  const polynomials = secrets.map((secret) => [secret, ...Array.from({ length: t }, () => random.signed(8))]);
  const at = (coefficients: readonly bigint[], x: bigint) =>
    coefficients.reduceRight((value, coefficient) => element(value * x + coefficient), 0n);
  const words = (seat: number) => packWords(polynomials.map((p) => at(p, BigInt(seat + 1))));
  return new Map(Array.from({ length: k }, (_, seat) => [seat, words(seat)]));
}

/** The same words with one of them moved by `by`. */
export function changed(
  words: Map<number, Uint8Array>,
  seat: number,
  player: number,
  by = 1n,
): Map<number, Uint8Array> {
  const own = Uint8Array.from(words.get(seat) as Uint8Array);
  const view = new DataView(own.buffer);
  view.setBigUint64(8 * player, element(view.getBigUint64(8 * player) + by));
  return new Map(words).set(seat, own);
}

/** The seats' words one after the other, and their bitmap. */
export function brought(words: ReadonlyMap<number, Uint8Array>, seats: readonly number[]) {
  const bytes = Buffer.concat(seats.map((seat) => words.get(seat) as Uint8Array));
  return { bytes: new Uint8Array(bytes), signers: seats.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n) };
}

function element(value: bigint): bigint {
  const rest = value % prime;
  return rest < 0n ? rest + prime : rest;
}
