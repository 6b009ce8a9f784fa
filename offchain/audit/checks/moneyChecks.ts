import { finishReasons, resultKinds } from "../../protocol/chainStructs.ts";
import { largestRemainder, pot, sharesPpb } from "../../valuation/payout.ts";
import { exactShapley } from "../../valuation/shapley.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { AuditInput, ChainFacts } from "../input.ts";

/** From the game in the file to each contributor's share and amount. */
export function payoutCheck({ record, evidence }: AuditInput): CheckResult {
  return runCheck("payout", "verified", () => {
    const { result, proposal } = record;
    expectThat(result !== null && proposal !== null, "no result was proposed");
    const byWeight = resultKinds[result.kind] === "byWeight";
    const table = evidence.sections.valuation.table.map(BigInt);
    const scores = byWeight ? cohortWeights(record) : exactShapley(table).map((w) => (w > 0n ? w : 0n));
    const scored = scores.some((score) => score > 0n);
    const amounts = largestRemainder(potOf(record, byWeight, scored), scored ? scores : cohortWeights(record));
    const shares = scored ? sharesPpb(scores) : scores.map(() => 0);
    expectThat(String(amounts) === String(proposal.amounts), `amounts ${proposal.amounts}, recomputed ${amounts}`);
    expectThat(String(shares) === String(proposal.shares), `shares ${proposal.shares}, recomputed ${shares}`);
    const sum = amounts.reduce((a, b) => a + b, 0n);
    return `${amounts.length} ${byWeight ? "shares by weight" : "Shapley shares"} of ${sum} recomputed to the unit`;
  });
}

/** What is paid by share: base, and what of the performance pot was earned (nothing when no score is positive). */
function potOf(record: ChainFacts["record"], byWeight: boolean, scored: boolean): bigint {
  const { terms, result } = record;
  const base = scaled(record, terms.base);
  if (byWeight) return base + scaled(record, terms.performance);
  if (!scored || result === null) return base;
  return base + pot(0n, terms.performance, result.utilityStart, result.utilityEnd, terms.utilityTarget);
}

function cohortWeights({ terms, rounds }: ChainFacts["record"]): bigint[] {
  return terms.assets.map(({ weight }, i) => (isIn(rounds?.cohort ?? 0n, i) ? BigInt(weight) : 0n));
}

/** Absence pays base, price and fee by the rounds completed. */
function scaled({ rounds, terms }: ChainFacts["record"], amount: bigint): bigint {
  if (rounds === null || finishReasons[rounds.reason] !== "absent") return amount;
  return (amount * BigInt(rounds.completed)) / BigInt(terms.rounds);
}

/** Every credit of the settlement, by the terms and the proposal. Bonds come back beside the credits. */
export function settlementCheck({ record, escrow }: ChainFacts): CheckResult {
  return runCheck("settlement", "verified", () => {
    const { terms, closing, proposal, rounds } = record;
    expectThat(closing?.outcome === "Settled" && proposal !== null, `the job is ${record.state}`);
    const fee = scaled(record, terms.oracleFee) / BigInt(terms.k);
    terms.assets.forEach((asset, i) => {
      const price = isIn(rounds?.cohort ?? 0n, i) ? scaled(record, asset.price) : 0n;
      const due = (proposal.amounts[i] ?? 0n) + price;
      expectThat(closing.credits[i] === due, `contributor ${i} was credited ${closing.credits[i]}, due ${due}`);
    });
    record.seatAccounts.forEach((_, seat) => {
      const due = isIn(proposal.signers, seat) || record.ready.has(seat) ? fee : 0n;
      const had = closing.credits[terms.assets.length + seat];
      expectThat(had === due, `seat ${seat} was credited ${had}, due ${due}`);
    });
    const reserved = reservedOf(record) + escrow.jobDeposit;
    const credits = closing.credits.reduce((a, b) => a + b, 0n);
    const paid = credits + closing.refunded + closing.treasury;
    expectThat(paid === reserved, `${paid} left the escrow of the job, ${reserved} was reserved`);
    return `each credit recomputed; ${reserved} reserved = credits ${credits} + refund ${closing.refunded} + treasury ${closing.treasury}`;
  });
}

function reservedOf({ terms }: ChainFacts["record"]): bigint {
  return terms.base + terms.performance + terms.oracleFee + terms.assets.reduce((sum, a) => sum + a.price, 0n);
}

function isIn(bitmap: bigint, index: number): boolean {
  return ((bitmap >> BigInt(index)) & 1n) === 1n;
}

/** The invariant of the market's books: all credits and all that open jobs hold lie at its address, to the unit. */
export function escrowCheck({ escrow }: ChainFacts): CheckResult {
  return runCheck("escrow conservation", "verified", () => {
    const { block, held, credits, accounts, open, openJobs, unclaimed } = escrow;
    const books = `credits ${credits} of ${accounts} accounts + ${open} in ${openJobs} open jobs`;
    // Tokens that somebody sent to the market by a bare transfer are in no book; nobody may break the audit with one.
    expectThat(unclaimed >= 0n, `deposits of ${-unclaimed} are on the books that never came in`);
    const extra = unclaimed === 0n ? "" : ` + ${unclaimed} sent without a deposit`;
    const due = credits + open + unclaimed;
    expectThat(held === due, `at block ${block} the market holds ${held}, its books say ${due}: ${books}${extra}`);
    return `at block ${block}: ${books}${extra} = ${held} held by the market`;
  });
}
