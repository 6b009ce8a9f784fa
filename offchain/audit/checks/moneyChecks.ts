import { finishReasons } from "../../protocol/chainStructs.ts";
import { largestRemainder, pot, sharesPpb } from "../../valuation/payout.ts";
import { exactShapley, unpackTable } from "../../valuation/shapley.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { ChainFacts } from "../input.ts";

/** From the game to money, by the chain alone: the shares, every credit of the settlement, and the market as a whole. */
export function moneyChecks(chain: ChainFacts): CheckResult[] {
  return [payoutCheck(chain), settlementCheck(chain), escrowCheck(chain)];
}

function payoutCheck({ record, words }: ChainFacts): CheckResult {
  return runCheck("payout", "verified", () => {
    const { terms, result, proposal } = record;
    expectThat(result !== null && proposal !== null, "no result was proposed");
    const weights = exactShapley(unpackTable(words)).map((w) => (w > 0n ? w : 0n));
    const total = weights.reduce((a, b) => a + b, 0n);
    const base = scaled(record, terms.base);
    const whole = base + pot(0n, terms.performance, result.utilityStart, result.utilityEnd, terms.utilityTarget);
    const amounts =
      total > 0n
        ? largestRemainder(whole, weights)
        : largestRemainder(
            base,
            terms.assets.map((a) => BigInt(a.weight)),
          );
    const shares = total > 0n ? sharesPpb(weights) : terms.assets.map(() => 0);
    expectThat(String(amounts) === String(proposal.amounts), `amounts ${proposal.amounts}, recomputed ${amounts}`);
    expectThat(String(shares) === String(proposal.shares), `shares ${proposal.shares}, recomputed ${shares}`);
    return `${amounts.length} Shapley shares of ${amounts.reduce((a, b) => a + b, 0n)} recomputed to the unit`;
  });
}

/** Absence pays base, price and fee by the rounds completed. */
function scaled({ rounds, terms }: ChainFacts["record"], amount: bigint): bigint {
  if (rounds === null || finishReasons[rounds.reason] !== "absent") return amount;
  return (amount * BigInt(rounds.completed)) / BigInt(terms.rounds);
}

function settlementCheck({ record, escrow }: ChainFacts): CheckResult {
  return runCheck("settlement", "verified", () => {
    const { terms, closing, proposal } = record;
    expectThat(closing?.outcome === "Settled" && proposal !== null, `the job is ${record.state}`);
    const seats = record.seatAccounts.length;
    const fee = scaled(record, terms.oracleFee) / BigInt(terms.k);
    terms.assets.forEach((asset, i) => {
      const due = (proposal.amounts[i] ?? 0n) + scaled(record, asset.price);
      expectThat(closing.credits[i] === due, `contributor ${i} was credited ${closing.credits[i]}, due ${due}`);
    });
    for (let seat = 0; seat < seats; seat++) {
      const worked = ((proposal.signers >> BigInt(seat)) & 1n) === 1n || record.ready.has(seat);
      const had = closing.credits[terms.assets.length + seat];
      expectThat(had === (worked ? fee : 0n), `seat ${seat} was credited ${had}, due ${worked ? fee : 0n}`);
    }
    const reserved = reservedOf(record) + escrow.jobDeposit;
    const paid = closing.credits.reduce((a, b) => a + b, 0n) + closing.refunded + closing.treasury;
    expectThat(paid === reserved, `${paid} left the escrow of the job, ${reserved} was reserved`);
    return `${reserved} reserved = credits + refund ${closing.refunded} + treasury ${closing.treasury}`;
  });
}

function reservedOf({ terms }: ChainFacts["record"]): bigint {
  return terms.base + terms.performance + terms.oracleFee + terms.assets.reduce((sum, a) => sum + a.price, 0n);
}

function escrowCheck({ escrow }: ChainFacts): CheckResult {
  return runCheck("escrow conservation", "verified", () => {
    const due = escrow.deposited - escrow.withdrawn;
    expectThat(escrow.held >= due, `the market holds ${escrow.held}, its books say ${due}`);
    return `the market holds ${escrow.held}; deposits - withdrawals = ${due}`;
  });
}
