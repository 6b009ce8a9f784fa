import { expect } from "chai";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { type CohortMember, cohortDifference } from "../../../offchain/protocol/cohort.ts";

const root = (byte: string): Hex => `0x${byte.repeat(32)}`;
const member = (assetId: string, change: Partial<CohortMember> = {}): CohortMember => ({
  ...{ assetId, version: 1, datasetRoot: root("aa"), rows: 5000 },
  ...change,
});
const first = [member("1"), member("2"), member("3")];

describe("a cohort of sums without noise", () => {
  it("differs when an asset left, joined or was exchanged: the difference of two sums is that asset's", () => {
    expect(cohortDifference(first, [member("1"), member("2")], 1000)).to.equal("asset 3 was in it");
    expect(cohortDifference(first, [...first, member("4")], 1000)).to.equal("asset 4 was not in it");
    expect(cohortDifference(first, [member("1"), member("2"), member("4")], 1000)).to.match(/asset 4/);
  });

  it("differs when a newer version may have changed by a few rows", () => {
    for (const rows of [5001, 4001, 5000, 5999]) {
      const newer = member("2", { version: 2, datasetRoot: root("bb"), rows });
      expect(cohortDifference(first, [member("1"), newer, member("3")], 1000), String(rows)).to.match(
        /asset 2 changed from version 1 to 2/,
      );
    }
  });

  it("is the same in another order, with a version of the same rows, and with one that changed by enough", () => {
    expect(cohortDifference(first, [...first].reverse(), 1000)).to.equal(undefined);
    const listedAgain = member("2", { version: 2 });
    const grown = member("3", { version: 2, datasetRoot: root("bb"), rows: 6000 });
    expect(cohortDifference(first, [member("1"), listedAgain, grown], 1000)).to.equal(undefined);
  });
});
