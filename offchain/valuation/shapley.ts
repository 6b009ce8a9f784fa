import { FarshoreError } from "../core/errors.ts";

/** The contract folds 2^12 values at most. */
export const maximumPlayers = 12;

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/**
 * Shapley values of a game, as the exact integers W_i = n!·φ_i of protocol section 6:
 *
 *     W_i = Σ_{S∋i} v(S)·n·(s−1)!·(n−s−1)!  −  Σ_{S≠N} v(S)·s!·(n−s−1)!        with (n−1)! for S = N
 *
 * so that Σ W_i = n!·(v(N) − v(∅)). The contract computes the same numbers by folding (contracts/settlement/Shapley.sol);
 * here they are summed as the formula stands, so that the two check each other.
 *
 * Throws `valuation/bad-table` when the table has not 2^n entries with n = 1 .. 12.
 * @param table v(S) by mask: entry m is the coalition of the players whose bit is set in m
 */
export function exactShapley(table: readonly bigint[]): bigint[] {
  const n = playersOf(table.length);
  const factorial = factorials(n);
  const common = table.slice(0, -1).reduce((sum, v, mask) => sum + v * lossFactor(factorial, n, members(mask)), 0n);
  return Array.from({ length: n }, (_, player) => {
    const gained = table.reduce(
      (sum, v, mask) => ((mask >> player) & 1 ? sum + v * gainFactor(factorial, n, members(mask)) : sum),
      0n,
    );
    return gained - common;
  });
}

/** The table as calldata: int64, big endian, by mask. Throws `valuation/out-of-range` for a value beyond int64. */
export function packTable(table: readonly bigint[]): Uint8Array {
  playersOf(table.length);
  const out = new Uint8Array(8 * table.length);
  const view = new DataView(out.buffer);
  table.forEach((value, mask) => {
    if (value < smallest || value > largest) throw outOfRange(mask, value);
    view.setBigInt64(8 * mask, value);
  });
  return out;
}

/** Reverse of `packTable`; throws `valuation/bad-table`. */
export function unpackTable(bytes: Uint8Array): bigint[] {
  if (bytes.length % 8 !== 0) throw badTable(bytes.length / 8);
  playersOf(bytes.length / 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 8 }, (_, mask) => view.getBigInt64(8 * mask));
}

/** n·(s−1)!·(n−s−1)!, and (n−1)! for the grand coalition. */
function gainFactor(factorial: readonly bigint[], n: number, s: number): bigint {
  if (s === n) return factorial[n - 1] as bigint;
  return BigInt(n) * (factorial[s - 1] as bigint) * (factorial[n - s - 1] as bigint);
}

/** s!·(n−s−1)!, for every coalition but the grand one. */
function lossFactor(factorial: readonly bigint[], n: number, s: number): bigint {
  return (factorial[s] as bigint) * (factorial[n - s - 1] as bigint);
}

function factorials(n: number): bigint[] {
  const out = [1n];
  for (let i = 1; i <= n; i++) out.push((out[i - 1] as bigint) * BigInt(i));
  return out;
}

/** Number of players in a coalition's mask. */
function members(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function playersOf(entries: number): number {
  const n = Math.log2(entries);
  if (Number.isInteger(n) && n >= 1 && n <= maximumPlayers) return n;
  throw badTable(entries);
}

function badTable(entries: number): FarshoreError {
  return new FarshoreError({
    code: "valuation/bad-table",
    message: `a game has 2^n values for n = 1 to ${maximumPlayers} players, got ${entries}`,
    facts: { entries },
  });
}

function outOfRange(mask: number, value: bigint): FarshoreError {
  return new FarshoreError({
    code: "valuation/out-of-range",
    message: `the value of coalition ${mask} does not fit into int64`,
    facts: { mask, value },
  });
}
