import { expect } from "chai";
import fc from "fast-check";
import { rdpOrders, subsampledEpsilons } from "../../../offchain/privacy/subsampledRdp.ts";

/** The formula of the paper, in floating point, with a sum of logarithms. */
function reference(order: number, noise: number, sample: number): number {
  const logs = Array.from({ length: order + 1 }, (_, j) => {
    let binomial = 0;
    for (let i = 1; i <= j; i++) binomial += Math.log((order - j + i) / i);
    return binomial + (order - j) * Math.log1p(-sample) + j * Math.log(sample) + (j * (j - 1)) / (2 * noise ** 2);
  });
  const most = Math.max(...logs);
  return (most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0))) / (order - 1);
}

describe("Rényi privacy of the sampled Gaussian mechanism", () => {
  it("is the published value at a single order (dp.json: q = .01, z = 1, order 2)", () => {
    const [first] = subsampledEpsilons({ noiseMilli: 1000, samplePpb: 10_000_000, releases: 1 }) as [bigint];
    expect(first).to.equal(171_814n);
    const thousands = subsampledEpsilons({ noiseMilli: 1000, samplePpb: 10_000_000, releases: 10_000 })[0] as bigint;
    expect(Number(thousands) / 1e13).to.be.closeTo(1.7181342207e-4, 1e-13);
  });

  it("gives an eps of DP-SGD that is above the published optimum over all orders, and close to it", () => {
    // dp.json, TensorFlow Privacy: the best order lies between two of ours.
    for (const [z, q, steps, delta, published] of [
      [1.3, 0.0025, 6000, 1e-5, 0.7242234026109595],
      [1.0, 0.001, 30000, 1e-7, 1.4154988495444842],
    ] as const) {
      const vector = subsampledEpsilons({ noiseMilli: z * 1000, samplePpb: q * 1e9, releases: steps });
      const eps = vector.map((e, i) => {
        const order = rdpOrders[i] as number;
        // As TensorFlow Privacy converts (Canonne, Kamath, Steinke 2020).
        return Number(e) / 1e9 + Math.log1p(-1 / order) - Math.log(delta * order) / (order - 1);
      });
      expect(Math.min(...eps))
        .to.be.at.least(published)
        .and.at.most(1.1 * published);
    }
  });

  it("is never below the formula, and above it by a unit at most", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 20_000 }),
        fc.integer({ min: 1_000_000, max: 900_000_000 }),
        (noiseMilli, samplePpb) => {
          const ours = subsampledEpsilons({ noiseMilli, samplePpb, releases: 1 });
          rdpOrders.forEach((order, i) => {
            const exact = reference(order, noiseMilli / 1000, samplePpb / 1e9) * 1e9;
            const had = Number(ours[i]);
            expect(had).to.be.at.least(exact * (1 - 1e-10) - 1e-3);
            expect(had).to.be.at.most(exact * (1 + 1e-10) + 1.001);
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  it("grows with releases and sampling and falls with noise", () => {
    const at = (noiseMilli: number, samplePpb: number, releases: number) =>
      subsampledEpsilons({ noiseMilli, samplePpb, releases });
    const usual = at(1000, 10_000_000, 100);
    const above = (a: bigint[], b: bigint[]) => a.every((e, i) => e > (b[i] as bigint));
    expect(above(at(1000, 10_000_000, 101), usual)).to.equal(true);
    expect(above(at(1000, 11_000_000, 100), usual)).to.equal(true);
    expect(above(usual, at(1100, 10_000_000, 100))).to.equal(true);
  });

  it("is that of the full batch, order / (2 z²), as the sample becomes everything, and nothing for no release", () => {
    const all = subsampledEpsilons({ noiseMilli: 2000, samplePpb: 999_999_999, releases: 1 });
    for (const [i, e] of all.entries()) expect(Number(e) / 1e9).to.be.closeTo((rdpOrders[i] as number) / 8, 1e-6);
    expect(subsampledEpsilons({ noiseMilli: 2000, samplePpb: 1, releases: 0 })).to.deep.equal(rdpOrders.map(() => 0n));
  });

  it("stops counting at 64 bits, and refuses what is out of range", () => {
    const most = subsampledEpsilons({ noiseMilli: 10, samplePpb: 999_999_999, releases: 65_535 });
    expect(most[10]).to.equal((1n << 64n) - 1n);
    for (const bad of [
      { noiseMilli: 9 },
      { samplePpb: 0 },
      { samplePpb: 1_000_000_000 },
      { releases: 65_536 },
      { releases: 0.5 },
    ]) {
      expect(() => subsampledEpsilons({ noiseMilli: 1000, samplePpb: 1_000, releases: 1, ...bad })).to.throw(
        RangeError,
      );
    }
  });
});
