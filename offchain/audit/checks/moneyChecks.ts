import { namesEvaluator } from "../../protocol/acceptance.ts";
import { finishReasons, type JobResult, resultKinds } from "../../protocol/chainStructs.ts";
import { type Earnings, earningsByScore, earningsByWeight, feeOf } from "../../valuation/earnings.ts";
import { pot } from "../../valuation/payout.ts";
import { exactShapley } from "../../valuation/shapley.ts";
import { addsUp, projectedScores, projectedUnit, reconstructShares } from "../../valuation/shareReconstruction.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { AuditInput, ChainFacts } from "../input.ts";
import { seatsIn } from "../seats.ts";
import { wordsBySeat } from "./valuationChecks.ts";

/** From the game or the words in the file to each contributor's share and amount, as the market computed them. */
export function payoutCheck(input: AuditInput): CheckResult {
  const { record } = input;
  return runCheck("payout", "verified", () => {
    const { result, proposal } = record;
    expectThat(result !== null && proposal !== null, "no result was proposed");
    const { amounts, shares, excess } = earningsOf(input, result);
    expectThat(String(amounts) === String(proposal.amounts), `amounts ${proposal.amounts}, recomputed ${amounts}`);
    expectThat(String(shares) === String(proposal.shares), `shares ${proposal.shares}, recomputed ${shares}`);
    expectThat(excess === proposal.excess, `the treasury is due ${proposal.excess} of the pot, recomputed ${excess}`);
    const sum = amounts.reduce((a, b) => a + b, 0n);
    const capped = excess === 0n ? "" : `; ${excess} above the cap or as the protocol's fee goes to the treasury`;
    return `${amounts.length} ${namesOfKinds[result.kind] ?? "shares"} of ${sum} recomputed to the unit${capped}`;
  });
}

// By the number of `IJobMarket.ResultKind`.
const namesOfKinds = [
  "exact Shapley shares",
  "projected Shapley shares, reconstructed from the words that the market took and its signers attest,",
  "shares by weight",
];

function earningsOf(input: AuditInput, result: JobResult): Earnings {
  const { record } = input;
  const feeBps = BigInt(input.escrow.protocolFeeBps);
  const { terms } = record;
  const weights = terms.assets.map(({ weight }) => weight);
  const groups = (record.parties?.contributors ?? []).map(({ group }) => group);
  const base = scaled(record, terms.base);
  const game = { weights, groups, cohort: record.rounds?.cohort ?? 0n };
  const kind = resultKinds[result.kind];
  if (kind === "byWeight") return earningsByWeight(game, base + scaled(record, terms.performance), feeBps);
  const performance = pot(0n, terms.performance, result.utilityStart, result.utilityEnd, terms.utilityTarget);
  const { scores, total } = kind === "exact" ? exactGame(input) : projectedGame(input, result);
  // Without a gain nobody is paid by score.
  const gained = result.utilityEnd > result.utilityStart;
  return earningsByScore({ ...game, scores, total: gained ? total : 0n }, base, performance, feeBps);
}

interface Scores {
  readonly scores: readonly bigint[];
  readonly total: bigint;
}

/** n! times the Shapley values, and n! times their total. */
function exactGame({ evidence, record }: AuditInput): Scores {
  const factorial = record.terms.assets.reduce((product, _, i) => product * BigInt(i + 1), 1n);
  const table = evidence.sections.valuation.table.map(BigInt);
  return { scores: exactShapley(table), total: factorial * (record.result?.scoreTotal ?? 0n) };
}

/** Scores that the words in the file reconstruct; they add up to the total in the result, or the market had refused them. */
function projectedGame(input: AuditInput, result: JobResult): Scores {
  const { terms } = input.record;
  const weights = terms.assets.map(({ weight }) => weight);
  const secrets = reconstructShares(wordsBySeat(input), terms.t, terms.assets.length);
  const scores = projectedScores(secrets, weights, result.ridgeTerm);
  expectThat(addsUp(scores, result.scoreTotal, result.removed), "the scores do not add up to what was scored");
  return { scores, total: projectedUnit(result.scoreTotal) };
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
    // Who withheld evidence that a challenge asked for has no fee.
    const paidSeats = (proposal.signers | readySeats(record)) & ~(record.dispute?.closing?.penalised ?? 0n);
    let ofPrices = 0n;
    terms.assets.forEach((asset, i) => {
      const price = isIn(rounds?.cohort ?? 0n, i) ? scaled(record, asset.price) : 0n;
      const ofPrice = feeOf(price, BigInt(escrow.protocolFeeBps));
      ofPrices += ofPrice;
      const due = (proposal.amounts[i] ?? 0n) + price - ofPrice;
      expectThat(closing.credits[i] === due, `contributor ${i} was credited ${closing.credits[i]}, due ${due}`);
    });
    record.seatAccounts.forEach((_, seat) => {
      const due = isIn(paidSeats, seat) ? fee : 0n;
      const had = closing.credits[terms.assets.length + seat];
      expectThat(had === due, `seat ${seat} was credited ${had}, due ${due}`);
    });
    const forfeited = resultKinds[proposal.kind] === "byWeight";
    const fees = seatsIn(paidSeats).length;
    const seats = scaled(record, terms.oracleFee) - fee * BigInt(fees);
    // A deposit or an evaluator's bond is forfeited with the rows that it stood for.
    const treasury = seats + ofPrices + proposal.excess + (forfeited ? escrow.jobDeposit : 0n);
    expectThat(closing.treasury === treasury, `the treasury got ${closing.treasury}, due ${treasury}`);
    const bond = forfeited && namesEvaluator(terms) ? escrow.jobDeposit : 0n;
    const reserved = reservedOf(record) + escrow.jobDeposit + bond;
    const credits = closing.credits.reduce((a, b) => a + b, 0n);
    const paid = credits + closing.refunded + closing.treasury;
    expectThat(paid === reserved, `${paid} left the escrow of the job, ${reserved} was reserved`);
    return `each credit recomputed; ${reserved} reserved = credits ${credits} + refund ${closing.refunded} + treasury ${closing.treasury}`;
  });
}

function readySeats({ ready }: ChainFacts["record"]): bigint {
  return [...ready.keys()].reduce((bitmap, seat) => bitmap | (1n << BigInt(seat)), 0n);
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
