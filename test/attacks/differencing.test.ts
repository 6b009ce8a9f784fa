import { expect } from "chai";
import type { Hex } from "../../offchain/core/bytes.ts";
import { penalisedHessian } from "../../offchain/learning/newton.ts";
import { dot, minus } from "../../offchain/learning/vector.ts";
import { type CohortMember, cohortDifference, minimumRows } from "../../offchain/protocol/cohort.ts";
import { gradientSlice, type LocalRows, sumsOf } from "../../offchain/protocol/newtonJob.ts";
import type { SummedRound } from "../../offchain/protocol/projectedScoring.ts";
import { type Federation, honest } from "../../scripts/bench/attacks/federation.ts";
import { generatedRows, slice } from "../../scripts/bench/attacks/rows.ts";
import { runScenario } from "../../scripts/bench/attacks/scenarios.ts";

const rows = generatedRows(6, 1_501, 10);
const [first, second, third] = rows.banks as [LocalRows, LocalRows, LocalRows];
const run = (...banks: readonly LocalRows[]): Federation =>
  runScenario(
    rows.features,
    banks.map((own, i) => honest(`bank ${i}`, own)),
  );

/** What a reader of two jobs' public sums of round 0 has: their difference, in units of one. */
function momentsBetween(more: Federation, less: Federation): Float64Array {
  const [with_, without] = [firstSum(more), firstSum(less)];
  return sumsOf(
    0,
    with_.map((value, j) => value - (without[j] as bigint)),
  );
}

/** Round 0: what the sum of all updates of that round is, as everybody reads it. */
function firstSum({ updates }: Federation): BigInt64Array {
  const moments = updates[0] as readonly BigInt64Array[];
  return (moments[0] as BigInt64Array).map((_, j) => moments.reduce((sum, update) => sum + (update[j] as bigint), 0n));
}

/**
 * The gradient of who is in `more` alone, by a reader of both jobs' states and sums of round 1. The two start at different base
 * rates; the reader moves the smaller cohort's gradient to the state of the larger by its public Hessian.
 */
function gradientBetween(more: Federation, less: Federation): Float64Array {
  const [all, rest] = [more.rounds[0] as SummedRound, less.rounds[0] as SummedRound];
  const { from, to } = gradientSlice(more.spec);
  const [sumAll, sumRest] = [sumsOf(1, all.sum), sumsOf(1, rest.sum)];
  const p = to - from;
  const hessian = penalisedHessian(sumRest, p, 0);
  const moved = minus(all.state.theta, rest.state.theta);
  return sumAll.subarray(from, to).map((value, j) => {
    const change = dot(hessian.subarray(j * p, (j + 1) * p), moved);
    return value - ((sumRest[from + j] as number) - change);
  });
}

const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));
const root = (byte: string): Hex => `0x${byte.repeat(32)}`;
const member = (assetId: string, count: number, change: Partial<CohortMember> = {}): CohortMember => ({
  ...{ assetId, version: 1, datasetRoot: root("aa"), rows: count },
  ...change,
});

describe("two jobs over nearly the same rows, without noise and without rules", function () {
  this.timeout(60_000);

  it("give the row that version v + 1 has more than version v: its label and each of its columns", function () {
    const added = slice(second, 1_500, 1_501);
    const difference = momentsBetween(run(first, second, third), run(first, slice(second, 0, 1_500), third));
    const { features } = rows;
    // Columns are mapped from [-100, 100] to [-1, 1].
    const read = Array.from({ length: features }, (_, j) => 100 * (difference[2 + j] as number));
    const squares = Array.from({ length: features }, (_, j) => 1e4 * (difference[2 + features + j] as number));
    const off = read.map((value, j) => value - (added.columns[j]?.[0] as number));
    (this.test as Mocha.Test).title += ` (largest error ${largest(off).toExponential(1)})`;
    expect([difference[0], difference[1]]).to.deep.equal([1, added.labels[0]]);
    expect(largest(off)).to.be.below(1e-4);
    // The squares say the same: what was read is one row, not a sum of several.
    expect(largest(squares.map((value, j) => value - (read[j] as number) ** 2))).to.be.below(1e-2);
    expect(largest(added.columns.map((column) => column[0] as number))).to.be.above(0.5);
  });

  it("give the gradient of the bank that one of them lacks, and its number of rows", function () {
    const [all, two] = [run(first, second, third), run(first, second)];
    const { from, to } = gradientSlice(all.spec);
    const absent = sumsOf(1, all.updates[1]?.[2] as BigInt64Array).subarray(from, to);
    const off = minus(gradientBetween(all, two), absent);
    const size = largest(absent);
    (this.test as Mocha.Test).title += ` (off by ${largest(off).toExponential(1)} of ${size.toFixed(1)})`;
    expect(largest(off)).to.be.below(0.01 * size);
    const moments = momentsBetween(all, two);
    expect([moments[0], moments[1]]).to.deep.equal([1_501, third.labels.reduce((sum, label) => sum + label, 0)]);
  });
});

describe("the rules against differencing", () => {
  const least = minimumRows({ features: Array.from({ length: 6 }, (_, j) => ({ name: `x${j}`, min: 0, max: 1 })) });
  const cohort = [member("1", 1_501), member("2", 1_500), member("3", 1_501)];

  it("refuse the version with one row more, and take one with a thousand more", () => {
    const newer = (count: number) => member("2", count, { version: 2, datasetRoot: root("bb") });
    const withNewer = (count: number) => [cohort[0], newer(count), cohort[2]] as CohortMember[];
    expect(cohortDifference(cohort, withNewer(1_501), least)).to.match(/asset 2 changed from version 1 to 2/);
    expect(cohortDifference(cohort, withNewer(1_500 + least - 1), least)).to.match(/asset 2 changed/);
    expect(cohortDifference(cohort, withNewer(1_500 + least), least)).to.equal(undefined);
  });

  it("refuse the cohort that lacks a bank, in either order, and the same cohort again they take", () => {
    expect(cohortDifference(cohort, cohort.slice(0, 2), least)).to.equal("asset 3 was in it");
    expect(cohortDifference(cohort.slice(0, 2), cohort, least)).to.equal("asset 3 was not in it");
    expect(cohortDifference(cohort, cohort, least)).to.equal(undefined);
  });

  it("ask for a thousand rows or twenty a parameter, whichever is more: one row is never a bank", () => {
    const wide = Array.from({ length: 99 }, (_, j) => ({ name: `x${j}`, min: 0, max: 1 }));
    expect([least, minimumRows({ features: wide })]).to.deep.equal([1_000, 2_000]);
  });
});
