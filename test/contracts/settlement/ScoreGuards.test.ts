import { expect } from "chai";
import { capAmounts, guardScores } from "../../../offchain/valuation/scoreGuards.ts";
import { connect, type Deployed } from "../chain.ts";
import { type Stream, stream } from "./games.ts";

const chain = await connect();

async function deployed(): Promise<{ harness: Deployed }> {
  return { harness: await chain.deploy("ScoresHarness") };
}

interface Game {
  readonly scores: readonly bigint[];
  readonly total: bigint;
  readonly groups: readonly number[];
}

async function guarded({ scores, total, groups }: Game): Promise<bigint[]> {
  const { harness } = await chain.loadFixture(deployed);
  return [...(await harness.guardMany([{ scores, limit: 2n * total, groups }]))[0]];
}

async function capped(amounts: bigint[], weights: number[], pot: bigint) {
  const { harness } = await chain.loadFixture(deployed);
  const [cut, excess] = await harness.capMany([{ amounts, weights, pot }]);
  return { amounts: [...cut[0]], excess: excess[0] as bigint };
}

const alone = [1, 2, 3];
const games: readonly [what: string, game: Game, paid: readonly bigint[]][] = [
  ["nobody when the total is 0", { scores: [5n, -5n, 0n], total: 0n, groups: alone }, [0n, 0n, 0n]],
  ["nobody when the total is a loss", { scores: [5n, -9n, 1n], total: -3n, groups: alone }, [0n, 0n, 0n]],
  ["a score at twice the total", { scores: [200n, -150n, 50n], total: 100n, groups: alone }, [200n, 0n, 50n]],
  ["not one beyond it", { scores: [201n, -151n, 50n], total: 100n, groups: alone }, [0n, 0n, 50n]],
  ["a pair in one group by its net", { scores: [190n, -130n, 40n], total: 100n, groups: [7, 7, 3] }, [60n, 0n, 40n]],
  ["a pair whose net is 0 nothing", { scores: [90n, -90n, 100n], total: 100n, groups: [7, 7, 3] }, [0n, 0n, 100n]],
  ["a pair whose net is a loss nothing", { scores: [9n, -99n, 190n], total: 100n, groups: [7, 7, 3] }, [0n, 0n, 190n]],
  [
    "a group whose exploded score is void no more than what is left of it",
    { scores: [500n, 20n, -420n], total: 100n, groups: [7, 7, 3] },
    [0n, 20n, 0n],
  ],
  [
    "three of a group scaled down to its net, each rounded down, in their order",
    { scores: [70n, 31n, -51n, 50n], total: 100n, groups: [7, 7, 7, 3] },
    [34n, 15n, 0n, 50n],
  ],
  [
    "two of a group that do no harm in full",
    { scores: [30n, 20n, 50n], total: 100n, groups: [7, 7, 3] },
    [30n, 20n, 50n],
  ],
];

describe("ScoreGuards: scores", () => {
  for (const [what, game, paid] of games) {
    it(`pays ${what}`, async () => {
      expect(await guarded(game)).to.deep.equal(paid);
      expect(guardScores(game.scores, game.total, game.groups)).to.deep.equal(paid);
    });
  }
});

describe("ScoreGuards: amounts", () => {
  it("are cut at 3.5 weights of the pot, rounded down, and the rest is told", async () => {
    const weights = [100_000_001, 450_000_000, 449_999_999];
    expect(await capped([600n, 300n, 100n], weights, 1000n)).to.deep.equal({
      amounts: [350n, 300n, 100n],
      excess: 250n,
    });
    expect(await capped([350n, 351n, 299n], weights, 1000n)).to.deep.equal({ amounts: [350n, 351n, 299n], excess: 0n });
    const least = [100_000_000, 100_000_000, 800_000_000];
    expect(await capped([351n, 352n, 296n], least, 1000n)).to.deep.equal({ amounts: [350n, 350n, 296n], excess: 3n });
  });

  it("of three with equal weights are never cut", async () => {
    const weights = [333_333_334, 333_333_333, 333_333_333];
    expect((await capped([10n ** 12n, 0n, 0n], weights, 10n ** 12n)).excess).to.equal(0n);
  });
});

describe("ScoreGuards: Solidity and TypeScript", () => {
  it("agree on 10 000 random games", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const random = stream("guards");
    let clamped = 0;
    for (let done = 0; done < 10_000; done += 200) {
      const all = Array.from({ length: 200 }, () => randomGame(random));
      const own = all.map(({ scores, total, groups }) => guardScores(scores, total, groups));
      const found: bigint[][] = await harness.guardMany(all.map((game) => ({ ...game, limit: 2n * game.total })));
      expect(found.map(String).join(";")).to.equal(own.map(String).join(";"));
      clamped += all.filter(({ scores }, i) => own[i]?.some((paid, j) => paid !== 0n && paid !== scores[j])).length;
    }
    expect(clamped).to.be.greaterThan(500);
  });

  it("agree on 10 000 random pots, what is paid and cut adding up", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const random = stream("caps");
    let cut = 0;
    for (let done = 0; done < 10_000; done += 200) {
      const all = Array.from({ length: 200 }, () => randomPot(random));
      const [amounts, excess]: [bigint[][], bigint[]] = await harness.capMany(all);
      all.forEach((one, i) => {
        const own = capAmounts(one.amounts, one.weights, one.pot);
        expect(String(amounts[i])).to.equal(String(own.amounts));
        expect(excess[i]).to.equal(own.excess);
        if (own.excess > 0n) cut++;
      });
    }
    expect(cut).to.be.greaterThan(500);
  });
});

/** Up to 12 scores with ties, negatives, zeros and ±2^60 in units of 1e9, in few groups or many. */
function randomGame(random: Stream): Game {
  const n = 1 + random.below(12);
  const kinds = [
    () => BigInt(random.below(5)) - 2n,
    () => random.signed(4),
    () => random.signed(8),
    () => [2n ** 60n, -(2n ** 60n), 0n][random.below(3)] as bigint,
    () => (random.signed(8) % 2n ** 60n) * 1_000_000_000n,
  ];
  const kind = kinds[random.below(kinds.length)] as () => bigint;
  const scores = Array.from({ length: n }, kind);
  const sum = scores.reduce((a, b) => a + b, 0n);
  const total = [sum, sum / 3n, sum < 0n ? -sum : sum, 0n][random.below(4)] as bigint;
  const spread = [1, 2, 4, 1000][random.below(4)] as number;
  return { scores, total, groups: scores.map(() => 1 + random.below(spread)) };
}

function randomPot(random: Stream) {
  const n = 1 + random.below(12);
  const weights = Array.from({ length: n }, () => 1 + random.below(Math.floor(2_000_000_000 / n)));
  const amounts = Array.from({ length: n }, () => BigInt.asUintN(random.below(2) === 0 ? 60 : 120, random.signed(16)));
  const all = amounts.reduce((a, b) => a + b, 0n);
  return { amounts, weights, pot: random.below(3) === 0 ? all / 2n : all };
}
