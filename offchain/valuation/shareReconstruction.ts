import { FarshoreError } from "../core/errors.ts";

// The same arithmetic as contracts/settlement/ShareReconstruction.sol and JobProposing.sol, to the last unit.

const prime = 2n ** 61n - 1n;
/** Factor a_i of Newton sums, and the sum of all weights. */
const partsPerBillion = 1_000_000_000n;
/** Bits of a score's fraction: 2^16 units in one of a sum, 2^42 in one of a multiplier (protocol, section 1). */
const scoreBits = 58n;
const wordBytes = 8;

/**
 * Secrets R_i of n Shamir sharings over F_p, p = 2^61 − 1, from the words of the seats: seat s holds the value at x = s + 1
 * of a polynomial of degree t, the secret is the one at 0, centred to −(p−1)/2 .. (p−1)/2. Every word must lie on the
 * polynomial of the lowest t + 1 seats.
 *
 * Throws `valuation/bad-words` for bytes that are not n words below p, or for t seats or fewer; `valuation/inconsistent-words`
 * with the first seat that is off: not necessarily the liar (decoding names liars).
 * @param words of each seat: n × 8 bytes, uint64, big endian
 */
export function reconstructShares(words: ReadonlyMap<number, Uint8Array>, t: number, n: number): bigint[] {
  const seats = [...words.keys()].sort((a, b) => a - b);
  if (seats.length <= t) throw badWords(seats[0] ?? 0, `${seats.length} seats cannot define degree ${t}`);
  const rows = seats.map((seat) => wordsOf(seat, words.get(seat) as Uint8Array, n));
  const base = seats.slice(0, t + 1);
  const at = (seat: number) => lagrangeWeights(base, seat);
  const value = (weights: readonly bigint[], i: number) =>
    modulo(weights.reduce((sum, weight, j) => sum + weight * (rows[j]?.[i] as bigint), 0n));
  for (const [place, seat] of seats.entries()) {
    if (place <= t) continue;
    const weights = at(seat);
    const off = (rows[place] as bigint[]).findIndex((word, i) => value(weights, i) !== word);
    if (off >= 0) throw inconsistent(seat, off);
  }
  const weights = at(-1);
  return Array.from({ length: n }, (_, i) => centred(value(weights, i)));
}

/**
 * 1e9·φ_i = a_i·R_i − p_i·κ of Newton sums (a_i = 1e9), in units of 1e-9 · 2^-58 nat.
 * @param secrets R_i and `ridgeTerm` κ in 2^-58 nat; `weights` p_i in parts per billion
 */
export function projectedScores(secrets: readonly bigint[], weights: readonly number[], ridgeTerm: bigint): bigint[] {
  return secrets.map((secret, i) => partsPerBillion * secret - BigInt(weights[i] as number) * ridgeTerm);
}

/** Total of projected scores in their own unit, of a utility in 1e-9 nat. */
export function projectedUnit(nanoNat: bigint): bigint {
  return nanoNat << scoreBits;
}

/**
 * True when projected scores add up to what was scored, within the rounding of one unit of 1e-9 nat, as the market demands: as numbers
 * of the field, for two dealers that add and subtract a huge X may wrap one of the R_i around it.
 */
export function addsUp(scores: readonly bigint[], scoreTotal: bigint, removed: bigint): boolean {
  const sum = scores.reduce((a, b) => a + b, 0n);
  const whole = partsPerBillion * prime;
  const off = size(sum - projectedUnit(scoreTotal - removed)) % whole;
  return off <= projectedUnit(1n) || whole - off <= projectedUnit(1n);
}

/** True when a projected total is within max(1% of the gain, 1e-6 nat) of the gain, as the market demands; all in 1e-9 nat. */
export function isNearGain(scoreTotal: bigint, utilityStart: bigint, utilityEnd: bigint): boolean {
  const gain = utilityEnd - utilityStart;
  const hundredth = size(gain) / 100n;
  return size(scoreTotal - gain) <= (hundredth < 1000n ? 1000n : hundredth);
}

/** Words as bytes: uint64, big endian. Throws `RangeError` for one that is no element of the field. */
export function packWords(words: readonly bigint[]): Uint8Array {
  const out = new Uint8Array(wordBytes * words.length);
  const view = new DataView(out.buffer);
  words.forEach((word, i) => {
    if (word < 0n || word >= prime) throw new RangeError(`word ${i} is no element of the field`);
    view.setBigUint64(wordBytes * i, word);
  });
  return out;
}

function wordsOf(seat: number, bytes: Uint8Array, n: number): bigint[] {
  if (bytes.length !== wordBytes * n) throw badWords(seat, `${bytes.length} bytes for ${n} contributors`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const row = Array.from({ length: n }, (_, i) => view.getBigUint64(wordBytes * i));
  if (row.some((word) => word >= prime)) throw badWords(seat, "a word is not below the prime");
  return row;
}

/** Weights of the base seats at another seat's point; seat −1 stands for x = 0. */
function lagrangeWeights(base: readonly number[], seat: number): bigint[] {
  return base.map((own) => {
    const others = base.filter((other) => other !== own);
    const top = others.reduce((product, other) => modulo(product * BigInt(seat - other)), 1n);
    const bottom = others.reduce((product, other) => modulo(product * BigInt(own - other)), 1n);
    return modulo(top * power(bottom, prime - 2n));
  });
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = modulo(result * square);
    square = modulo(square * square);
  }
  return result;
}

function modulo(value: bigint): bigint {
  const rest = value % prime;
  return rest < 0n ? rest + prime : rest;
}

function centred(value: bigint): bigint {
  return value > prime / 2n ? value - prime : value;
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function badWords(seat: number, why: string): FarshoreError {
  return new FarshoreError({
    code: "valuation/bad-words",
    message: `the words of seat ${seat} cannot be used: ${why}`,
    facts: { seat },
    party: `seat ${seat}`,
  });
}

function inconsistent(seat: number, contributor: number): FarshoreError {
  return new FarshoreError({
    code: "valuation/inconsistent-words",
    message: `the word of seat ${seat} for contributor ${contributor} is not on the polynomial of the lowest seats`,
    facts: { seat, contributor },
    remedy: "decode the words to find who lies, and bring those of the others",
  });
}
