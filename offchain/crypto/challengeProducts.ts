import { type FieldVector, fieldPrime } from "./field61.ts";
import * as kernel from "./field61Kernel.ts";
import { wordStream } from "./fieldStream.ts";

/** Writes words `start` to `start + count` of a vector into a block of the kernel; asked for in order, each chunk once. */
export type ChunkSource = (block: number, start: number, count: number) => void;

/** Chunks of a vector in memory. */
export function vectorSource(vector: FieldVector): ChunkSource {
  return (block, start, count) => kernel.load(block, vector, start, count);
}

/** Chunks of a seed's expansion, which is never whole in memory. */
export function seedSource(seed: Uint8Array): ChunkSource {
  const stream = wordStream(seed);
  return (block, _start, count) => {
    stream(block, count);
    kernel.lowBits(block, count);
  };
}

/** For each of two challenge seeds, <rho_a, v> for every source v of `length` elements, in their order. */
export function challengeProducts(
  seeds: readonly [Uint8Array, Uint8Array],
  sources: readonly ChunkSource[],
  length: number,
): [bigint[], bigint[]] {
  const [first, second] = [wordStream(seeds[0]), wordStream(seeds[1])];
  const sums: [bigint[], bigint[]] = [sources.map(() => 0n), sources.map(() => 0n)];
  kernel.forEachChunk(length, (start, count) => {
    first(0, count);
    second(1, count);
    sources.forEach((source, j) => {
      source(2, start, count);
      kernel.innerProducts(3, 0, 1, 2, count).forEach((product, a) => {
        const own = sums[a as 0 | 1];
        own[j] = ((own[j] as bigint) + product) % fieldPrime;
      });
    });
  });
  return sums;
}
