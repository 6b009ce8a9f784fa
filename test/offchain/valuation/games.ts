import fc from "fast-check";

/** A coalition game as its 2^n values by mask. */
export type Game = readonly bigint[];

/** Ends of what one coalition's value may be: sums of many such values leave int64 and float64 far behind. */
export const huge = 2n ** 62n;

// Small values, so that ties and zeros happen, and values up to the ends.
const value = fc.oneof(
  fc.bigInt({ min: -3n, max: 3n }),
  fc.bigInt({ min: -huge, max: huge }),
  fc.constantFrom(huge, -huge),
);

/** Any game of `n` players with v(∅) = 0. */
export function gamesOf(n: number): fc.Arbitrary<Game> {
  return fc.array(value, { minLength: 2 ** n - 1, maxLength: 2 ** n - 1 }).map((values) => [0n, ...values]);
}

/** Any game of `from` to `to` players with v(∅) = 0. */
export function games(from: number, to: number): fc.Arbitrary<Game> {
  return fc.integer({ min: from, max: to }).chain(gamesOf);
}

/** Number of players of a game. */
export function playersIn(game: Game): number {
  return Math.log2(game.length);
}

/** n!·φ_i by the definition: what each player adds when it joins, summed over all n! orders of arrival. */
export function byArrivals(game: Game): bigint[] {
  const added = new Array<bigint>(playersIn(game)).fill(0n);
  const arrive = (present: number, order: readonly number[]): void => {
    if (order.length === added.length) credit(game, order, added);
    for (let i = 0; i < added.length; i++) {
      if (((present >> i) & 1) === 0) arrive(present | (1 << i), [...order, i]);
    }
  };
  arrive(0, []);
  return added;
}

function credit(game: Game, order: readonly number[], added: bigint[]): void {
  let mask = 0;
  for (const player of order) {
    const joined = mask | (1 << player);
    added[player] = (added[player] as bigint) + (game[joined] as bigint) - (game[mask] as bigint);
    mask = joined;
  }
}

/** The same game with players `a` and `b` exchanged. */
export function exchanged(game: Game, a: number, b: number): Game {
  return game.map((_, mask) => {
    const differ = ((mask >> a) ^ (mask >> b)) & 1;
    return game[differ === 1 ? mask ^ (1 << a) ^ (1 << b) : mask] as bigint;
  });
}

/** n! */
export function factorial(n: number): bigint {
  return n < 2 ? 1n : BigInt(n) * factorial(n - 1);
}

/** Sum of a list of integers. */
export function total(values: readonly bigint[]): bigint {
  return values.reduce((sum, v) => sum + v, 0n);
}
