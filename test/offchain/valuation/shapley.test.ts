import { expect } from "chai";
import fc from "fast-check";
import { exactShapley, maximumPlayers, packTable, unpackTable } from "../../../offchain/valuation/shapley.ts";
import { failure } from "../failure.ts";
import { byArrivals, exchanged, factorial, type Game, games, gamesOf, huge, playersIn, total } from "./games.ts";

/** Games with known n!·φ: the first worked out by hand over the six orders, the second Shapley and Shubik's. */
const vectors: readonly { name: string; game: Game; weights: readonly bigint[] }[] = [
  {
    name: "three contributors, v = 0, 80, 56, 80, 70, 85, 72, 90",
    game: [0n, 80n, 56n, 80n, 70n, 85n, 72n, 90n],
    weights: [235n, 124n, 181n],
  },
  {
    name: "the glove game: one left glove, two right ones, φ = 2/3, 1/6, 1/6",
    game: [0n, 0n, 0n, 1n, 0n, 1n, 0n, 1n],
    weights: [4n, 1n, 1n],
  },
];

type Solve = (game: Game) => bigint[];

/** Throws unless `solve` is the Shapley value of `game`. */
function expectArrivals(solve: Solve, game: Game): void {
  expect(solve(game)).to.deep.equal(byArrivals(game));
}

describe("exact Shapley values", () => {
  for (const entries of [0, 1, 3, 6, 2 ** (maximumPlayers + 1)]) {
    it(`refuses a table of ${entries} values`, () => {
      const error = failure(() => exactShapley(new Array<bigint>(entries).fill(0n)));
      expect([error.code, error.facts.entries]).to.deep.equal(["valuation/bad-table", entries]);
    });
  }

  for (const { name, game, weights } of vectors) {
    it(`gives the known values of ${name}`, () => {
      expect(exactShapley(game)).to.deep.equal(weights);
    });
  }

  it("is what players add over all orders of arrival, up to 6 players and ±2^62", () => {
    fc.assert(
      fc.property(games(1, 5), (game) => expectArrivals(exactShapley, game)),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(gamesOf(6), (game) => expectArrivals(exactShapley, game)),
      { numRuns: 15 },
    );
  });

  it("is told apart from Banzhaf's value, from float64 and from a wrong factor at the grand coalition", () => {
    const game = vectors[0]?.game as Game;
    expect(() => expectArrivals(banzhaf, game)).to.throw();
    expect(() => expectArrivals(withoutGrandFactor, game)).to.throw();
    expect(() => expectArrivals(inFloat64, [0n, huge - 1n, 1n, huge])).to.throw();
  });

  it("shares out n!·(v(N) − v(∅)), for 12 players too and with v(∅) other than 0", () => {
    const shared = (game: Game) => {
      const gain = (game.at(-1) as bigint) - (game[0] as bigint);
      expect(total(exactShapley(game))).to.equal(factorial(playersIn(game)) * gain);
    };
    fc.assert(fc.property(games(1, 7), fc.bigInt({ min: -huge, max: huge }), (g, v0) => shared([v0, ...g.slice(1)])));
    fc.assert(fc.property(gamesOf(maximumPlayers), shared), { numRuns: 2 });
  });

  it("follows the players when two of them change places", () => {
    const property = fc.property(games(2, 7), fc.nat(), fc.nat(), (game, x, y) => {
      const [a, b] = [x % playersIn(game), y % playersIn(game)];
      const before = exactShapley(game);
      const after = [...before];
      [after[a], after[b]] = [before[b] as bigint, before[a] as bigint];
      expect(exactShapley(exchanged(game, a, b))).to.deep.equal(after);
    });
    fc.assert(property);
  });

  it("gives a player who changes no coalition nothing", () => {
    const property = fc.property(games(1, 6), fc.nat(), (game, x) => {
      const at = x % (playersIn(game) + 1);
      const joined = Array.from({ length: 2 * game.length }, (_, mask) => {
        const low = mask & (2 ** at - 1);
        return game[low | ((mask >> (at + 1)) << at)] as bigint;
      });
      const values = exactShapley(joined);
      expect(values[at]).to.equal(0n);
      expect(values.toSpliced(at, 1)).to.deep.equal(exactShapley(game).map((w) => w * BigInt(values.length)));
    });
    fc.assert(property);
  });

  it("adds over games: scoring rounds one by one or together is the same", () => {
    const pairs = fc.integer({ min: 1, max: 6 }).chain((n) => fc.tuple(gamesOf(n), gamesOf(n)));
    const property = fc.property(pairs, ([a, b]) => {
      const together = exactShapley(a.map((v, mask) => v + (b[mask] as bigint)));
      const other = exactShapley(b);
      expect(together).to.deep.equal(exactShapley(a).map((w, i) => w + (other[i] as bigint)));
    });
    fc.assert(property);
  });
});

describe("a table as calldata", () => {
  it("refuses values beyond int64, naming the coalition", () => {
    for (const bad of [2n ** 63n, -(2n ** 63n) - 1n]) {
      const error = failure(() => packTable([0n, 5n, bad, 1n]));
      expect([error.code, error.facts.mask, error.facts.value]).to.deep.equal(["valuation/out-of-range", 2, bad]);
    }
  });

  it("refuses lengths that are no table", () => {
    for (const bytes of [0, 7, 8, 15, 24, 33]) {
      expect(failure(() => unpackTable(new Uint8Array(bytes))).code).to.equal("valuation/bad-table");
    }
    expect(failure(() => packTable([1n, 2n, 3n])).code).to.equal("valuation/bad-table");
  });

  it("is big endian in two's complement, in the order of the masks", () => {
    const bytes = packTable([-2n, 258n]);
    expect(Buffer.from(bytes).toString("hex")).to.equal("fffffffffffffffe0000000000000102");
  });

  it("is read back, also out of the middle of a larger buffer", () => {
    const property = fc.property(games(1, 6), (game) => {
      const packed = packTable(game);
      const larger = new Uint8Array(packed.length + 5);
      larger.set(packed, 5);
      expect(unpackTable(larger.subarray(5))).to.deep.equal(game);
    });
    fc.assert(property);
  });
});

/** n! times the Banzhaf value where that is an integer: equal weights for all coalitions. */
function banzhaf(game: Game): bigint[] {
  const n = playersIn(game);
  return Array.from({ length: n }, (_, i) => {
    const gains = game.map((v, mask) => ((mask >> i) & 1 ? v - (game[mask ^ (1 << i)] as bigint) : 0n));
    return (factorial(n) * total(gains)) / 2n ** BigInt(n - 1);
  });
}

/** The formula with n·(n−1)! in the place of (n−1)! at S = N. */
function withoutGrandFactor(game: Game): bigint[] {
  const n = playersIn(game);
  const surplus = factorial(n - 1) * BigInt(n - 1) * (game.at(-1) as bigint);
  return byArrivals(game).map((w) => w + surplus);
}

function inFloat64(game: Game): bigint[] {
  return byArrivals(game.map((v) => BigInt(Number(v))));
}
