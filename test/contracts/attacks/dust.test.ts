import { expect } from "chai";
import { connect } from "../chain.ts";
import { Job, termsOf } from "../market/job.ts";
import { changesBy, missingFrom, sum } from "../market/money.ts";
import { openStage } from "../market/stage.ts";
import { stream } from "../settlement/games.ts";

// Dust. Actor: a contributor, or the owner of several. Cost: nothing beyond a job. Gain: the units that rounding leaves over.
// Victims: the other contributors. Bound: less than one minor unit (1e-6) each a job; the guard is the largest remainder.

const chain = await connect();
const opened = () => openStage(chain);

/** Without the guard: everybody's part rounded up by itself. */
const roundedUp = (pot: bigint, scores: readonly bigint[]) => {
  const total = scores.reduce((a, b) => a + b, 0n);
  return scores.map((score) => (pot * score + total - 1n) / total);
};

describe("Attack by dust", () => {
  it("moves less than a unit from anybody, whatever the scores: rounded up each by itself, parts would exceed the pot", async () => {
    const harness = await chain.deploy("SettlementHarness");
    const random = stream("dust");
    let beyond = 0n;
    for (let game = 0; game < 100; game++) {
      const scores = Array.from({ length: 2 + random.below(11) }, () => 1n + BigInt(random.below(1000)));
      const [pot, total] = [BigInt(random.below(50)), scores.reduce((a, b) => a + b, 0n)];
      const parts: bigint[] = await harness.split(pot, scores);
      for (const [i, part] of parts.entries()) {
        const off = part * total - pot * (scores[i] as bigint);
        expect(off < total && off > -total, `${part} of ${pot}`).to.equal(true);
      }
      expect([...parts].reduce((a, b) => a + b, 0n)).to.equal(pot);
      beyond += roundedUp(pot, scores).reduce((a, b) => a + b, 0n) - pot;
    }
    expect(beyond, "what rounding up would have taken out of nowhere").to.be.greaterThan(100n);
  });

  it("of one unit for all: a job over single units pays each out once, and keeps or makes none", async () => {
    const stage = await chain.loadFixture(opened);
    const dust = { base: 1n, performance: 1n, oracleFee: 4n, validationRoot: chain.ethers.id("dust") };
    const terms = termsOf(stage, dust);
    const job = new Job(stage, { ...terms, assets: terms.assets.map((asset) => ({ ...asset, price: 1_000_000n })) });
    await job.toProposed([0n, 1n, 1n, 2n, 1n, 2n, 2n, 3n].map((v) => v * 100_000_000n));
    const { banks, buyer, treasury } = await changesBy(job, () => job.settle());
    // Base and performance together are two units for three equal scores: the lower two get one each.
    expect(banks.map((amount) => amount - 1_000_000n)).to.deep.equal([1n, 1n, 0n]);
    // Four units of fee over five seats are none each: the treasury's, not the buyer's.
    expect(treasury).to.equal(4n);
    expect(buyer).to.equal(10_000_000n);
    expect(sum(banks)).to.equal(3_000_002n);
    expect(await missingFrom(stage, [job])).to.equal(0n);
  });
});
