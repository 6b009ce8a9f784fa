import { expect } from "chai";
import fc from "fast-check";
import { emissionOf, emittedThrough } from "../../../offchain/valuation/emissionSchedule.ts";
import { connect } from "../chain.ts";

const chain = await connect();
const initial = fc.bigInt(0n, 2n ** 128n - 1n);
const halving = fc.oneof(fc.bigInt(1n, 5n), fc.bigInt(1n, 2n ** 32n - 1n));
const epoch = fc.oneof(fc.bigInt(0n, 700n), fc.bigInt(0n, 2n ** 64n - 1n));

async function deployed() {
  return chain.deploy("EmissionHarness");
}

describe("EmissionSchedule", () => {
  it("emits whole epochs of 1000, 500, 250, … with a halving every three", async () => {
    const schedule = await chain.loadFixture(deployed);
    const epochs = [0n, 1n, 2n, 3n, 5n, 6n, 8n, 29n, 30n];
    const each = await Promise.all(epochs.map((e) => schedule.emissionOf(1000n, e, 3n)));
    expect(each).to.deep.equal([1000n, 1000n, 1000n, 500n, 500n, 250n, 250n, 1n, 0n]);
    const sums = await Promise.all(epochs.map((e) => schedule.emittedThrough(1000n, e, 3n)));
    expect(sums).to.deep.equal([1000n, 2000n, 3000n, 3500n, 4500n, 4750n, 5250n, 5982n, 5982n]);
  });

  it("is the same in Solidity and off the chain over its whole range", async () => {
    const schedule = await chain.loadFixture(deployed);
    await fc.assert(
      fc.asyncProperty(initial, epoch, halving, async (i, e, h) => {
        expect(await schedule.emissionOf(i, e, h)).to.equal(emissionOf(i, e, h));
        expect(await schedule.emittedThrough(i, e, h)).to.equal(emittedThrough(i, e, h));
      }),
      { numRuns: 200 },
    );
  });

  it("takes a bounded number of steps, however late the epoch", async () => {
    const schedule = await chain.loadFixture(deployed);
    const late = await schedule.emittedThrough.estimateGas(2n ** 128n - 1n, 2n ** 64n - 1n, 1n);
    expect(late < 100_000n, String(late)).to.equal(true);
  });
});
