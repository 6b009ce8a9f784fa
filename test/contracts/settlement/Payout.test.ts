import { expect } from "chai";
import { largestRemainder, sharesPpb } from "../../../offchain/valuation/payout.ts";
import { connect, type Deployed, randomCases } from "../chain.ts";
import { type Stream, stream } from "./games.ts";

const chain = await connect();
const ppb = 1_000_000_000n;

async function deployed(): Promise<{ harness: Deployed }> {
  return { harness: await chain.deploy("SettlementHarness") };
}

async function split(pot: bigint, scores: readonly bigint[]): Promise<bigint[]> {
  const { harness } = await chain.loadFixture(deployed);
  return [...(await harness.split(pot, scores))];
}

describe("Payout: nothing to divide", () => {
  it("pays nobody when no score is positive, or the pot is empty, or nobody is there", async () => {
    expect(await split(1000n, [0n, -5n, 0n])).to.deep.equal([0n, 0n, 0n]);
    expect(await split(0n, [1n, 2n])).to.deep.equal([0n, 0n]);
    expect(await split(1000n, [])).to.deep.equal([]);
    const { harness } = await chain.loadFixture(deployed);
    expect([...(await harness.shares([-1n, 0n]))]).to.deep.equal([0n, 0n]);
  });
});

describe("Payout: largest remainder", () => {
  it("(435, 230, 335) of 1 000 for the scores 235 124 181", async () => {
    expect(await split(1000n, [235n, 124n, 181n])).to.deep.equal([435n, 230n, 335n]);
  });

  it("gives left-over units to the lower index among equal remainders", async () => {
    expect(await split(10n, [1n, 1n, 1n])).to.deep.equal([4n, 3n, 3n]);
    expect(await split(11n, [1n, 1n, 1n])).to.deep.equal([4n, 4n, 3n]);
    expect(await split(1n, [0n, 5n, 5n])).to.deep.equal([0n, 1n, 0n]);
  });

  it("gives left-over units to the largest remainder, not to the largest score or the first", async () => {
    expect(await split(10n, [51n, 26n, 23n])).to.deep.equal([5n, 3n, 2n]);
    expect(await split(100n, [334n, 333n, 333n])).to.deep.equal([34n, 33n, 33n]);
  });

  it("pays nothing for scores at or below zero, whatever is left over", async () => {
    expect(await split(7n, [-9n, 0n, 3n, 2n])).to.deep.equal([0n, 0n, 4n, 3n]);
  });

  it("divides the largest pot by the largest scores without overflow", async () => {
    const [pot, score] = [2n ** 128n - 1n, 2n ** 127n - 1n];
    const scores = [score, score, score - 1n];
    expect(await split(pot, scores)).to.deep.equal(largestRemainder(pot, scores));
  });

  it("states shares in parts per billion that add up exactly", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const scores = [1n, 1n, 1n, -4n];
    const shares: bigint[] = await harness.shares(scores);
    expect([...shares]).to.deep.equal([333_333_334n, 333_333_333n, 333_333_333n, 0n]);
    expect(shares.map(Number)).to.deep.equal(sharesPpb(scores));
    expect(await harness.total(scores)).to.equal(3n);
  });
});

/** Scores of one of five kinds: small with ties, wide, of one sign, huge, nearly equal. */
function randomScores(random: Stream): bigint[] {
  const players = 1 + random.below(12);
  const kind = random.below(5);
  return Array.from({ length: players }, () => {
    if (kind === 0) return BigInt(random.below(4)) - 1n;
    if (kind === 1) return random.signed(8);
    if (kind === 2) return -BigInt(random.below(9));
    if (kind === 3) return random.signed(15);
    return ppb + BigInt(random.below(2));
  });
}

describe("Payout: Solidity and TypeScript", () => {
  it("agree on 10 000 random divisions, whose parts add up and keep the order of scores", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const random = stream("divisions");
    for (let done = 0; done < randomCases; done += 100) {
      const cases = Array.from({ length: 100 }, () => {
        const pot = BigInt.asUintN([8, 30, 64, 128][random.below(4)] as number, random.signed(16));
        return { pot, scores: randomScores(random) };
      });
      const [pots, scores] = [cases.map(({ pot }) => pot), cases.map((one) => one.scores)];
      const parts: bigint[][] = await harness.splitMany(pots, scores);
      for (const [i, one] of cases.entries()) expectFair(one.pot, one.scores, [...(parts[i] as bigint[])]);
    }
  });
});

function expectFair(pot: bigint, scores: bigint[], parts: bigint[]): void {
  // As text: a deep comparison of 10 000 arrays takes longer than the divisions.
  expect(parts.join()).to.equal(largestRemainder(pot, scores).join());
  const paid = parts.reduce((sum, part) => sum + part, 0n);
  expect(paid).to.equal(scores.some((score) => score > 0n) ? pot : 0n);
  const byScore = scores
    .map((score, i) => ({ score, part: parts[i] as bigint }))
    .sort((a, b) => (a.score < b.score ? -1 : 1));
  for (let i = 1; i < byScore.length; i++) {
    const [less, more] = [byScore[i - 1], byScore[i]] as [(typeof byScore)[0], (typeof byScore)[0]];
    if (less.score < more.score && less.part > more.part) expect.fail(`${parts} for ${scores}`);
  }
}
