import type { ChunkSource } from "./challengeProducts.ts";
import type { FieldVector } from "./field61.ts";
import * as kernel from "./field61Kernel.ts";

/**
 * Fills `extended` with the values at x = d + 1, d + 2, ... of the polynomials of degree d that have `known` at x = 0 to d (one
 * polynomial an element). By finite differences: the d-th difference of a polynomial of degree d is constant, so each further
 * value costs d additions and no multiplication.
 */
export function extendShares(known: readonly ChunkSource[], extended: readonly FieldVector[], length: number): void {
  kernel.forEachChunk(length, (start, count) => {
    known.forEach((source, x) => {
      source(x, start, count);
    });
    toDifferences(known.length, count);
    for (const vector of extended) {
      // Block i holds the difference of order d - i that ends at the last x; the last block is the value itself.
      for (let i = 1; i < known.length; i++) kernel.add(i, i, i - 1, count);
      kernel.store(known.length - 1, vector, start, count);
    }
  });
}

/** Blocks 0 to d hold values at x = 0 to d; afterwards block i the difference of order d - i that ends at x = d. */
function toDifferences(blocks: number, count: number): void {
  for (let order = 1; order < blocks; order++) {
    for (let i = 0; i < blocks - order; i++) kernel.subtract(i, i + 1, i, count);
  }
}
