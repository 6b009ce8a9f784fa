import { keccak256 } from "../core/hash.ts";

/**
 * A chain of hashes: `head` = keccak256(x_0), x_0 = keccak256(x_1), …, and the last one is the seed. Who published the head shows x_0, x_1, …
 * one after the other; nobody else knows the next one (S/KEY, Lamport 1981).
 */
export interface HashChain {
  /** 32 bytes, to be published before. */
  readonly head: Uint8Array;
  /** x_index, 32 bytes, for an index from 0 to length - 1. */
  preimage(index: number): Uint8Array;
}

/** The chain of `length` preimages that a secret seed of 32 bytes ends. Throws RangeError for an index beyond it. */
export function hashChain(seed: Uint8Array, length: number): HashChain {
  const words = [seed];
  while (words.length <= length) words.push(keccak256(words.at(-1) as Uint8Array));
  return {
    head: words[length] as Uint8Array,
    preimage(index) {
      const word = Number.isInteger(index) && index >= 0 ? words[length - 1 - index] : undefined;
      if (word === undefined) throw new RangeError(`a chain of ${length} has no preimage ${index}`);
      return word;
    },
  };
}
