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
    kernel.extend(known.length - 1, extended.length, count);
    extended.forEach((vector, j) => {
      kernel.store(known.length + j, vector, start, count);
    });
  });
}
