import { finishReasons } from "../../protocol/chainStructs.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { ChainFacts } from "../input.ts";
import { attestedBy, seatsByRound, seatsIn, seatsText } from "../seats.ts";

/**
 * What rests on the seats' signatures. The market recovered each signature when the statement was brought (it reverts below m
 * good ones) and its event says whose they were: that is what is printed, not the m of the terms.
 */
export function signatureChecks(chain: ChainFacts): CheckResult[] {
  return [choiceCheck(chain), endCheck(chain), resultCheck(chain)];
}

function choiceCheck({ record }: ChainFacts): CheckResult {
  const { certified, terms } = record;
  const signers = certified.map((round) => round.signers);
  return runCheck("choice of updates", attestedBy(signers, terms.k), () => {
    expectThat(certified.length > 0, "no round was certified");
    const everybody = (1n << BigInt(terms.assets.length)) - 1n;
    certified.forEach(({ set, signers: bitmap }, i) => {
      const whole = terms.noiseMilli === 0 ? set.bitmap === everybody : set.bitmap > 0n && set.bitmap <= everybody;
      expectThat(whole, `round ${i} was certified for the contributors ${set.bitmap.toString(2)} (bitmap)`);
      expectThat(set.round === i && set.jobId === record.jobId, `the set of round ${i} is for another round or job`);
      expectSeats(record, bitmap, `round ${i}`);
    });
    return `which update of each contributor entered its round: RoundSet of ${label(certified.length)} ${seatsByRound(signers)}; signatures checked by the market at certify`;
  });
}

function endCheck({ record }: ChainFacts): CheckResult {
  const { rounds, terms } = record;
  const signers = record.finishSigners ?? 0n;
  return runCheck("end of training", attestedBy([signers], terms.k), () => {
    expectThat(rounds !== null && record.finishSigners !== null, "training was never finished");
    expectSeats(record, signers, "the end of training");
    const reason = finishReasons[rounds.reason] ?? "unknown";
    expectThat(
      (reason === "complete") === (rounds.completed === terms.rounds),
      `${reason} at round ${rounds.completed}`,
    );
    return `${reason} after ${rounds.completed} of ${terms.rounds} rounds, and which state is the last: Finish by ${seatsText(signers)}; signatures checked by the market at finish`;
  });
}

function resultCheck({ record }: ChainFacts): CheckResult {
  const signers = record.proposal?.signers ?? 0n;
  return runCheck("result signatures", attestedBy([signers], record.terms.k), () => {
    expectThat(record.proposal !== null, "no result was proposed");
    expectSeats(record, signers, "the result");
    return `roots and utilities where they are not recomputed here: JobResult by ${seatsText(signers)}; signatures checked by the market at propose`;
  });
}

function expectSeats({ terms }: ChainFacts["record"], signers: bigint, what: string): void {
  const seats = seatsIn(signers);
  expectThat(
    seats.every((seat) => seat < terms.k),
    `${what} is signed by a seat beyond ${terms.k}`,
  );
  expectThat(seats.length >= terms.m, `${what} is signed by ${seats.length} seats, ${terms.m} are needed`);
}

function label(count: number): string {
  return count === 1 ? "round" : "rounds";
}
