import { expect } from "chai";
import fc from "fast-check";
import { choleskyFactor, choleskySolve } from "../../../offchain/learning/cholesky.ts";
import { orthonormal, withoutReplay } from "../../../offchain/learning/replayGuard.ts";
import { dot, minus } from "../../../offchain/learning/vector.ts";
import { normal, seeded } from "../../../scripts/portfolio/random.ts";

const p = 6;

interface Case {
  readonly metric: Float64Array;
  readonly gradient: Float64Array;
  readonly updates: readonly Float64Array[];
}

function caseFrom(seed: number): Case {
  const random = seeded(seed);
  const vector = (length: number) => Float64Array.from({ length }, () => normal(random));
  const root = vector(p * p);
  const metric = Float64Array.from({ length: p * p }, (_, at) => {
    const [a, b] = [Math.floor(at / p), at % p];
    const product = dot(root.subarray(a * p, (a + 1) * p), root.subarray(b * p, (b + 1) * p));
    return 100 * product + (a === b ? 100 : 0);
  });
  return { metric, gradient: vector(p), updates: [vector(p), vector(p)] };
}

const multiplierOf = ({ metric, gradient }: Case) => choleskySolve(choleskyFactor(metric, p), gradient);
const apply = (metric: Float64Array, v: Float64Array) => v.map((_, a) => dot(metric.subarray(a * p, (a + 1) * p), v));
const cases = fc.integer({ min: 1, max: 2 ** 30 }).map(caseFrom);

describe("the replay guard", () => {
  it("leaves any mix of the last two updates nothing, where it would earn a score without it", () => {
    fc.assert(
      fc.property(cases, fc.double({ min: -3, max: 3, noNaN: true }), (c, mix) => {
        const replay = minus(c.updates[0] as Float64Array, c.updates[1] as Float64Array, mix);
        const sent = apply(c.metric, replay);
        const plain = multiplierOf(c);
        const scale = Math.sqrt(dot(sent, sent) * dot(plain, plain));
        expect(dot(plain, sent)).to.be.closeTo(dot(c.gradient, replay), 1e-9 * scale);
        expect(Math.abs(dot(withoutReplay(plain, c.gradient, c.updates, c.metric), sent))).to.be.below(1e-9 * scale);
      }),
    );
  });

  it("leaves an update that is conjugate to the last two what it earned", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const basis = orthonormal(c.updates, c.metric);
        const other = Float64Array.from({ length: p }, (_, j) => j - 2.2);
        const conjugate = basis.reduce((v, q) => minus(v, q, dot(q, apply(c.metric, v))), other);
        const sent = apply(c.metric, conjugate);
        const plain = multiplierOf(c);
        const guarded = withoutReplay(plain, c.gradient, c.updates, c.metric);
        expect(dot(guarded, sent)).to.be.closeTo(dot(c.gradient, conjugate), 1e-9);
      }),
    );
  });

  it("is nothing where there is no earlier update", () => {
    const c = caseFrom(7);
    expect(withoutReplay(multiplierOf(c), c.gradient, [], c.metric)).to.deep.equal(multiplierOf(c));
  });

  it("counts parallel and zero updates once: rounding noise is no direction", () => {
    const { metric, updates, gradient } = caseFrom(8);
    const one = updates[0] as Float64Array;
    const third = one.map((value) => value / 3);
    expect(orthonormal([one, third], metric)).to.have.lengthOf(1);
    expect(orthonormal([new Float64Array(p), one], metric)).to.have.lengthOf(1);
    const plain = multiplierOf({ metric, updates, gradient });
    expect(withoutReplay(plain, gradient, [one, third, new Float64Array(p)], metric)).to.deep.equal(
      withoutReplay(plain, gradient, [one], metric),
    );
  });

  it("has a basis of length one, orthogonal in the metric and not along the axes", () => {
    const { metric, updates } = caseFrom(9);
    const [a, b] = orthonormal(updates, metric) as [Float64Array, Float64Array];
    expect(dot(a, apply(metric, a))).to.be.closeTo(1, 1e-12);
    expect(dot(b, apply(metric, b))).to.be.closeTo(1, 1e-12);
    expect(dot(a, apply(metric, b))).to.be.closeTo(0, 1e-12);
    expect(Math.abs(dot(a, b)) / Math.sqrt(dot(a, a) * dot(b, b))).to.be.above(1e-3);
  });
});
