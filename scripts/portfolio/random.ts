/** Numbers in (0, 1). */
export type Uniform = () => number;

/** SplitMix32: small, seeded, good enough for a demo's data; never for anything secret. */
export function seeded(seed: number): Uniform {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32 + 2 ** -33;
  };
}

/** A standard normal number, Box and Muller. */
export function normal(random: Uniform): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}
