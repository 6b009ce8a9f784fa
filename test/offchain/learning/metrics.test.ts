import { expect } from "chai";
import fc from "fast-check";
import { accuracy, auc, ks } from "../../../offchain/learning/metrics.ts";
import { logLoss, predictMargins } from "../../../offchain/learning/predict.ts";

interface Scored {
  readonly margins: Float64Array;
  readonly labels: Uint8Array;
}

// Few distinct margins, so that most rows tie with others, of either class.
const scored: fc.Arbitrary<Scored> = fc
  .array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.constantFrom(0, 1)), { minLength: 2, maxLength: 60 })
  .filter((rows) => rows.some(([, y]) => y === 1) && rows.some(([, y]) => y === 0))
  .map((rows) => ({
    margins: Float64Array.from(rows, ([m]) => m / 3),
    labels: Uint8Array.from(rows, ([, y]) => y),
  }));

const marginsOf = ({ margins, labels }: Scored, label: number) => [...margins].filter((_, i) => labels[i] === label);

/** Share of pairs of a one and a zero that are in order, a tie counts half. */
function byPairs(rows: Scored): number {
  const [ones, zeros] = [marginsOf(rows, 1), marginsOf(rows, 0)];
  const won = ones.flatMap((a) => zeros.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  return won.reduce<number>((sum, v) => sum + v, 0) / won.length;
}

/** Largest difference between the two classes' shares at or below any threshold. */
function byThresholds(rows: Scored): number {
  const below = (label: number, t: number) => {
    const all = marginsOf(rows, label);
    return all.filter((m) => m <= t).length / all.length;
  };
  return Math.max(...[...rows.margins].map((t) => Math.abs(below(1, t) - below(0, t))));
}

/** Checks `holds` on many sets of rows. */
function onManyRows(holds: (rows: Scored) => void): void {
  fc.assert(
    fc.property(scored, (rows) => {
      holds(rows);
    }),
  );
}

describe("AUC", () => {
  it("is no number with one class only", () => {
    expect(auc(Float64Array.of(1, 2), Uint8Array.of(1, 1))).to.deep.equal(Number.NaN);
    expect(auc(Float64Array.of(1, 2), Uint8Array.of(0, 0))).to.deep.equal(Number.NaN);
  });

  it("is the share of pairs in order, ties half", () => {
    onManyRows((rows) => expect(auc(rows.margins, rows.labels)).to.be.closeTo(byPairs(rows), 1e-12));
  });

  it("is not the one that ranks ties in the order of the rows", () => {
    expect(auc(new Float64Array(4), Uint8Array.of(0, 0, 1, 1))).to.equal(0.5);
    expect(auc(Float64Array.of(1, 3, 3, 2), Uint8Array.of(0, 0, 1, 1))).to.equal(0.625);
  });

  it("is 1 in perfect order, 0 in reverse, and the same for any rising function of the margins", () => {
    const [margins, labels] = [Float64Array.of(-3, -1, 0.5, 2), Uint8Array.of(0, 0, 1, 1)];
    const reversed = margins.map((m) => -m);
    expect([auc(margins, labels), auc(reversed, labels)]).to.deep.equal([1, 0]);
    onManyRows((rows) => expect(auc(rows.margins.map(Math.exp), rows.labels)).to.equal(auc(rows.margins, rows.labels)));
  });
});

describe("KS", () => {
  it("is no number with one class only", () => {
    expect(ks(Float64Array.of(1, 2), Uint8Array.of(1, 1))).to.deep.equal(Number.NaN);
  });

  it("is the largest distance between the classes over all thresholds, ties taken together", () => {
    onManyRows((rows) => expect(ks(rows.margins, rows.labels)).to.be.closeTo(byThresholds(rows), 1e-12));
    expect(ks(new Float64Array(4), Uint8Array.of(0, 0, 1, 1))).to.equal(0);
  });

  it("is known for five rows", () => {
    expect(ks(Float64Array.of(1, 2, 3, 4, 5), Uint8Array.of(0, 1, 0, 1, 1))).to.be.closeTo(2 / 3, 1e-12);
  });
});

describe("accuracy and log-loss", () => {
  it("count a margin of 0 as class 0", () => {
    expect(accuracy(Float64Array.of(0, 0, 0, 0.1, -2), Uint8Array.of(0, 0, 1, 1, 1))).to.equal(0.6);
  });

  it("average −ln of the probability given to the label", () => {
    const margins = Float64Array.of(Math.log(3), -Math.log(4));
    expect(logLoss(margins, Uint8Array.of(1, 1))).to.be.closeTo((Math.log(4 / 3) + Math.log(5)) / 2, 1e-15);
  });

  it("read margins as intercept plus coefficients times features", () => {
    const design = { rows: 2, features: 2, x: Float64Array.of(1, 2, 3, 4), y: Uint8Array.of(0, 1) };
    expect([...predictMargins(Float64Array.of(10, -1, 0.5), design)]).to.deep.equal([10, 9]);
  });
});
