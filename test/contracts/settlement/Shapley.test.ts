import { expect } from "chai";
import { exactShapley, packTable } from "../../../offchain/valuation/shapley.ts";
import { connect, type Deployed } from "../chain.ts";
import { randomGame, stream } from "./games.ts";

const chain = await connect();
const { ethers } = chain;

async function deployed(): Promise<{ harness: Deployed }> {
  return { harness: await chain.deploy("SettlementHarness") };
}

function packed(table: readonly bigint[]): string {
  return ethers.hexlify(packTable(table));
}

/** W_i of a game on the chain. */
async function weights(table: readonly bigint[]): Promise<bigint[]> {
  const { harness } = await chain.loadFixture(deployed);
  return [...(await harness.weights(packed(table), Math.log2(table.length)))];
}

describe("Shapley: tables that are refused", () => {
  it("have no player or more than twelve", async () => {
    const { harness } = await chain.loadFixture(deployed);
    for (const players of [0n, 13n, 255n, 2n ** 255n]) {
      await expect(harness.weights("0x", players))
        .to.be.revertedWithCustomError(harness, "Shapley_TooManyPlayers")
        .withArgs(players, 12);
    }
  });

  it("are one byte short, one byte long, or one player's half", async () => {
    const { harness } = await chain.loadFixture(deployed);
    for (const bytes of [0, 31, 33, 16, 64]) {
      await expect(harness.weights(`0x${"00".repeat(bytes)}`, 2))
        .to.be.revertedWithCustomError(harness, "Shapley_BadTable")
        .withArgs(bytes, 32);
    }
  });
});

describe("Shapley: known games", () => {
  it("3!·φ = (235, 124, 181) for v = 0 80 56 80 70 85 72 90", async () => {
    expect(await weights([0n, 80n, 56n, 80n, 70n, 85n, 72n, 90n])).to.deep.equal([235n, 124n, 181n]);
  });

  it("glove game: one left glove, two right gloves, (2/3, 1/6, 1/6)", async () => {
    const unit = 600n;
    const table = Array.from({ length: 8 }, (_, mask) => (mask & 1 && mask > 1 ? unit : 0n));
    expect((await weights(table)).map((w) => w / 6n)).to.deep.equal([400n, 100n, 100n]);
  });

  it("one player takes what it adds to nothing", async () => {
    expect(await weights([5n, 12n])).to.deep.equal([7n]);
    expect(await weights([12n, 5n])).to.deep.equal([-7n]);
  });

  it("two players of a game with a value at the empty coalition", async () => {
    expect(await weights([10n, 3n, 8n, 40n])).to.deep.equal([25n, 35n]);
  });

  it("an additive game pays each player its own value, for every n from 1 to 12", async () => {
    for (let n = 1; n <= 12; n++) {
      const own = Array.from({ length: n }, (_, i) => BigInt(i * i * 31 - 400));
      const table = Array.from({ length: 2 ** n }, (_, mask) =>
        own.reduce((sum, v, i) => ((mask >> i) & 1 ? sum + v : sum), 0n),
      );
      const factorial = own.reduce((product, _, i) => product * BigInt(i + 1), 1n);
      expect(await weights(table), `n = ${n}`).to.deep.equal(own.map((v) => v * factorial));
    }
  });

  it("reads the value of a coalition with its sign", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const table = [0n, -1n, -(2n ** 63n), 2n ** 63n - 1n];
    for (const [mask, value] of table.entries()) {
      expect(await harness.getFunction("valueOf")(packed(table), mask)).to.equal(value);
    }
  });
});

describe("Shapley: Solidity and TypeScript", () => {
  it("agree at the ends of int64 for every n from 1 to 12", async () => {
    const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
    for (let n = 1; n <= 12; n++) {
      for (const odd of [true, false]) {
        const table = Array.from({ length: 2 ** n }, (_, mask) => (ones(mask) % 2 === Number(odd) ? most : least));
        expect(await weights(table), `n = ${n}`).to.deep.equal(exactShapley(table));
      }
    }
  });

  // Small games mostly, as many as 10 000 in all; the work of a game is 2^n.
  const plan = [1400, 1700, 2200, 1900, 1400, 900, 300, 120, 50, 20, 8, 4];
  it("agree to the last unit on 10 002 random games: negatives, zeros, ±2^62 and ties", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const random = stream("games");
    let games = 0;
    for (const [i, count] of plan.entries()) {
      const players = i + 1;
      const batch = Math.max(1, Math.floor(4096 / 2 ** players / 4));
      for (let done = 0; done < count; done += batch) {
        const tables = Array.from({ length: Math.min(batch, count - done) }, () => randomGame(random, players));
        const results: bigint[][] = await harness.weightsOfMany(tables.map(packed), players);
        for (const [at, table] of tables.entries()) {
          // As text: a deep comparison of 10 000 arrays takes longer than the games.
          const game = `game ${at} of ${players} players`;
          expect((results[at] as bigint[]).join(), game).to.equal(exactShapley(table).join());
        }
        games += tables.length;
      }
    }
    expect(games).to.equal(10_002);
  });
});

describe("Shapley: gas", () => {
  for (const [players, bar] of [
    [8, 160_000n],
    [10, 520_000n],
    [12, 2_000_000n],
  ] as const) {
    it(`of ${players} players is at most ${bar}`, async () => {
      const { harness } = await chain.loadFixture(deployed);
      const table = Array.from({ length: 2 ** players }, (_, mask) => BigInt(mask * 7919 - 1000));
      const used: bigint = await harness.gasOfWeights(packed(table), players);
      expect(used)
        .to.be.greaterThan(bar / 4n)
        .and.at.most(bar);
    });
  }
});

function ones(mask: number): number {
  return mask === 0 ? 0 : (mask & 1) + ones(mask >> 1);
}
