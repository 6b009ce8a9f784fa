import { expect } from "chai";
import { groupPlaces } from "../../../offchain/chain/kin.ts";
import { capAmounts, guardScores } from "../../../offchain/valuation/scoreGuards.ts";
import { connect, type Deployed, randomCases } from "../chain.ts";
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
  return [...(await harness.guardMany([{ scores, limit: 2n * total, groups: groupPlaces(groups) }]))[0]];
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

describe("ScoreGuards: Solidity and TypeScript", () => {
  it("agree on 10 000 random games", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const random = stream("guards");
    let clamped = 0;
    for (let done = 0; done < randomCases; done += 200) {
      const all = Array.from({ length: 200 }, () => randomGame(random));
      const own = all.map(({ scores, total, groups }) => guardScores(scores, total, groups));
      const found: bigint[][] = await harness.guardMany(
        all.map((game) => ({ ...game, groups: groupPlaces(game.groups), limit: 2n * game.total })),
      );
      expect(found.map(String).join(";")).to.equal(own.map(String).join(";"));
      clamped += all.filter(({ scores }, i) => own[i]?.some((paid, j) => paid !== 0n && paid !== scores[j])).length;
    }
    expect(clamped).to.be.greaterThan(randomCases / 20);
  });

  it("agree on the caps of 10 000 random pots", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const random = stream("caps");
    let cut = 0;
    for (let done = 0; done < randomCases; done += 200) {
      const all = Array.from({ length: 200 }, () => randomPot(random));
      const caps: bigint[] = await harness.capMany(
        all.flatMap(({ weights, pot }) => weights.map((weight) => ({ weight, pot }))),
      );
      const own = all.map(({ amounts, weights, pot }) => capAmounts(amounts, weights, pot));
      const byCap = all
        .flatMap(({ amounts }) => amounts)
        .map((amount, i) => (amount < (caps[i] as bigint) ? amount : caps[i]));
      expect(byCap.join()).to.equal(own.flatMap(({ amounts }) => amounts).join());
      cut += own.filter(({ excess }) => excess > 0n).length;
    }
    expect(cut).to.be.greaterThan(randomCases / 20);
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
