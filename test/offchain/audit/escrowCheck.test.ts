import { expect } from "chai";
import { escrowCheck } from "../../../offchain/audit/checks/moneyChecks.ts";
import type { ChainFacts, EscrowInput } from "../../../offchain/audit/input.ts";

// 700 credited and 250 in open jobs, of 900 that were deposited and 50 that somebody sent.
const books: EscrowInput = {
  ...{ block: 77n, held: 1_000n, credits: 700n, accounts: 4, open: 250n, openJobs: 1, unclaimed: 50n },
  ...{ jobDeposit: 5n, protocolFeeBps: 0 },
};
const check = (change: Partial<EscrowInput>) =>
  escrowCheck({ escrow: { ...books, ...change } } as unknown as ChainFacts);

describe("conservation of the market's money", () => {
  it("fails when the market owes one unit more than it holds", () => {
    expect(check({ credits: 701n })).to.include({ passed: false, grade: "verified", code: "audit/differs" });
    expect(check({ open: 251n }).passed).to.equal(false);
    expect(check({ held: 999n }).passed).to.equal(false);
  });

  it("fails when it owes one unit less: money that is on nobody's account is lost to somebody", () => {
    expect(check({ credits: 699n }).passed).to.equal(false);
    expect(check({ open: 0n }).passed).to.equal(false);
  });

  it("fails when deposits were booked that never came in", () => {
    expect(check({ unclaimed: -1n, held: 949n }).passed).to.equal(false);
  });

  it("names every number that it compares", () => {
    const { passed, detail } = check({});
    expect(passed, detail).to.equal(true);
    expect(detail).to.equal(
      "at block 77: credits 700 of 4 accounts + 250 in 1 open jobs + 50 sent without a deposit = 1000 held by the market",
    );
  });
});
