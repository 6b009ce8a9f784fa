import { createCipheriv } from "node:crypto";
import * as kernel from "./field61Kernel.ts";

// Expansion of a 32-byte seed into field elements (protocol, section 5): AES-256-CTR with a zero IV, the low 61 bits of each 8-byte
// little-endian word, p counts as 0. An element is uniform but for 2^-61.

const zeroBlock = new Uint8Array(16);
const zeros = new Uint8Array(kernel.chunkWords * 8);

/** Writes the next `count` words of the key stream (at most a chunk) into a block of the kernel, not reduced to elements yet. */
export type WordStream = (block: number, count: number) => void;

/** The key stream of a seed, from its first word on. */
export function wordStream(seed: Uint8Array): WordStream {
  const cipher = createCipheriv("aes-256-ctr", seed, zeroBlock);
  return (block, count) => kernel.loadBytes(block, cipher.update(zeros.subarray(0, count * 8)));
}

/** The first `length` elements of a seed's expansion. */
export function expandSeed(seed: Uint8Array, length: number): BigUint64Array {
  const vector = new BigUint64Array(length);
  const stream = wordStream(seed);
  kernel.forEachChunk(length, (start, count) => {
    stream(0, count);
    kernel.lowBits(0, count);
    kernel.store(0, vector, start, count);
  });
  return vector;
}
