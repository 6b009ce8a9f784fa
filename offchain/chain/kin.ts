import { bytesToHex } from "../core/bytes.ts";
import { keccak256 } from "../core/hash.ts";

// Who belongs together, as contracts/market/RoundsWord.sol keeps it. Pure.

/** First bits of the hash that the word has room for. */
const hashBits = 152n;

/** One byte for each contributor, the place of the first one of its group; empty when all groups differ. */
export function groupPlaces(groups: readonly number[]): Uint8Array {
  const places = groups.map((group) => groups.indexOf(group));
  return places.every((place, i) => place === i) ? new Uint8Array() : Uint8Array.from(places);
}

/** First 152 bits of keccak256 of the places; 0 when all groups differ. */
export function kinOf(groups: readonly number[]): bigint {
  const places = groupPlaces(groups);
  return places.length === 0 ? 0n : BigInt(bytesToHex(keccak256(places))) >> (256n - hashBits);
}
