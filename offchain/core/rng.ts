import { randomBytes } from "node:crypto";

/** Source of `n` random bytes. What keys and shares are drawn from must be the operating system's. */
export type RandomBytes = (n: number) => Uint8Array;

/** The operating system's randomness, for composition roots; pure rooms get a `RandomBytes` handed in. */
export const systemRandom: RandomBytes = (n) => new Uint8Array(randomBytes(n));
