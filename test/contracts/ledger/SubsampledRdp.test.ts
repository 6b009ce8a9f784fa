import { expect } from "chai";
import fc from "fast-check";
import { rdpOrders, subsampledEpsilons } from "../../../offchain/privacy/subsampledRdp.ts";
import { connect, randomCases } from "../chain.ts";

const chain = await connect();

describe("SubsampledRdp", () => {
  it("computes what offchain/privacy computes, to the unit", async () => {
    const harness = await chain.deploy("RdpHarness");
    const cases = fc.record({
      noiseMilli: fc.oneof(fc.integer({ min: 10, max: 1_000_000 }), fc.integer({ min: 300, max: 5000 })),
      samplePpb: fc.oneof(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 100_000, max: 100_000_000 })),
      releases: fc.integer({ min: 0, max: 65_535 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async (sampled) => {
        const { noiseMilli, samplePpb, releases } = sampled;
        const onChain = await harness.epsilons(noiseMilli, samplePpb, releases);
        expect([...onChain]).to.deep.equal(subsampledEpsilons(sampled));
      }),
      { numRuns: randomCases / 40 },
    );
  });

  it("does so at the ends of the ranges", async () => {
    const harness = await chain.deploy("RdpHarness");
    for (const noiseMilli of [10, 1_000_000]) {
      for (const samplePpb of [1, 999_999_999]) {
        for (const releases of [0, 1, 65_535]) {
          const expected = subsampledEpsilons({ noiseMilli, samplePpb, releases });
          expect([...(await harness.epsilons(noiseMilli, samplePpb, releases))]).to.deep.equal(expected);
        }
      }
    }
  });

  it("fits a transaction", async () => {
    const harness = await chain.deploy("RdpHarness");
    const gas = await harness.epsilons.estimateGas(1000, 10_000_000, 65_535);
    expect(gas, `${rdpOrders.length} orders`).to.be.below(1_500_000n);
  });
});
