import { hexToBytes } from "../../core/bytes.ts";
import { keccakHex } from "../../core/hash.ts";
import { decodeValidation } from "../../data/validationRows.ts";
import { finishReasons } from "../../protocol/chainStructs.ts";
import { clearAggregation } from "../../protocol/clearAggregation.ts";
import { parseJobSpec } from "../../protocol/jobSpec.ts";
import { decodeState, expectedUpdate } from "../../protocol/newtonJob.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { exactValuation, type RoundRecord } from "../../protocol/valuation.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import { largestRemainder, pot, sharesPpb } from "../../valuation/payout.ts";
import { exactShapley, unpackTable } from "../../valuation/shapley.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { AuditInput } from "../input.ts";

/** From utilities to money: the game, the shares, every credit of the settlement, and the market as a whole. */
export function moneyChecks(input: AuditInput): CheckResult[] {
  return [valuationCheck(input), resultCheck(input), payoutCheck(input), settlementCheck(input), escrowCheck(input)];
}

function valuationCheck(input: AuditInput): CheckResult {
  const { evidence, record } = input;
  const rows = evidence.sections.validation;
  if (typeof rows !== "string") {
    return runCheck(
      "valuation",
      "attested",
      () => `utilities signed by ${record.terms.m} of ${record.terms.k} oracles; the rows are not in this copy`,
    );
  }
  return runCheck("valuation", "verified", () => {
    const spec = parseJobSpec(evidence.sections.spec);
    const { table } = decodeValidation(hexToBytes(rows));
    const records: RoundRecord[] = evidence.sections.rounds.slice(1).map(({ round, state, updates }) => ({
      round,
      state: decodeState(spec, hexToBytes(state)),
      updates: updates.map((hex) => {
        const { content } = decodeUpdate(openEnvelope(hexToBytes(hex)).content);
        return clearAggregation.accept(content, expectedUpdate(spec, round)).values;
      }),
    }));
    const last = decodeState(spec, hexToBytes(evidence.sections.finalState));
    const made = exactValuation(spec, records, last, table);
    const said = evidence.sections.valuation;
    expectThat(made.scored === said.scored, `${said.scored} scored rounds in the file, ${made.scored} recomputed`);
    expectThat(String(made.utilities) === String(said.utilities), "utilities differ from those recomputed");
    expectThat(String(made.table) === String(said.table), "the game differs from the one recomputed");
    expectThat(
      String(unpackTable(input.words)) === String(made.table),
      "the game on the chain differs from the one recomputed",
    );
    return `${made.table.length} coalitions over ${made.scored} scored rounds, recomputed on the validation rows`;
  });
}

function resultCheck({ record, evidence, words }: AuditInput): CheckResult {
  return runCheck("proposed result", "verified", () => {
    const { valuation } = evidence.sections;
    const result = record.result;
    expectThat(result !== null && result !== undefined, "no result was proposed");
    expectThat(result.termsHash === record.termsHash, "the result is for other terms");
    expectThat(result.wordsHash === keccakHex(words), "the signed words are not those in the calldata");
    expectThat(String(result.utilityStart) === valuation.utilities[0], "U(theta_1) differs");
    expectThat(
      String(result.utilityEnd) === valuation.utilities[valuation.scored],
      "U of the last scored state differs",
    );
    expectThat(result.scoreTotal === result.utilityEnd - result.utilityStart, "scoreTotal is not the utility gained");
    return `utility ${result.utilityStart} to ${result.utilityEnd} (1e-9 nat), signed by m of k and checked by the contract`;
  });
}

function payoutCheck({ record, words }: AuditInput): CheckResult {
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
function scaled({ rounds, terms }: AuditInput["record"], amount: bigint): bigint {
  if (rounds === null || finishReasons[rounds.reason] !== "absent") return amount;
  return (amount * BigInt(rounds.completed)) / BigInt(terms.rounds);
}

function settlementCheck({ record, escrow }: AuditInput): CheckResult {
  return runCheck("settlement", "verified", () => {
    const { terms, closing, proposal } = record;
    expectThat(closing?.outcome === "Settled" && proposal !== null, `the job is ${record.state}`);
    const seats = record.committee?.seats.length ?? 0;
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

function reservedOf({ terms }: AuditInput["record"]): bigint {
  return terms.base + terms.performance + terms.oracleFee + terms.assets.reduce((sum, a) => sum + a.price, 0n);
}

function escrowCheck({ escrow }: AuditInput): CheckResult {
  return runCheck("escrow conservation", "verified", () => {
    const due = escrow.deposited - escrow.withdrawn;
    expectThat(escrow.held >= due, `the market holds ${escrow.held}, its books say ${due}`);
    return `the market holds ${escrow.held}; deposits - withdrawals = ${due}`;
  });
}
