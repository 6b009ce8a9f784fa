import { type Attestation, parseAttestation, signerOf } from "../../protocol/attestations.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { AuditInput } from "../input.ts";
import { hasAllUpdates } from "../omissions.ts";
import { attestedBy, seatsByRound } from "../seats.ts";
import { hashOfState } from "./evidenceChecks.ts";

/**
 * The states' signatures, which travel in the file: recovered here. Where the updates are there too, each state is recomputed
 * beside (replayed combination); in a partial copy the states rest on these signatures.
 */
export function stateCheck(input: AuditInput): CheckResult {
  const { record, evidence } = input;
  const { m, k } = record.terms;
  const states = [...evidence.sections.rounds.slice(1).map((r) => r.state), evidence.sections.finalState];
  const signers = states.map(() => 0n);
  const recovered = runCheck("state attestations", "verified", () => {
    // Each one that is brought must be good: one that no state wants would be believed by a reader of the file alone.
    evidence.states.forEach((value, i) => {
      const { round, seat } = stateSigner(input, states, parseAttestation(value), `attestation ${i}`);
      signers[round - 1] = (signers[round - 1] ?? 0n) | (1n << BigInt(seat));
    });
    signers.forEach((bitmap, i) => {
      const had = bitmap.toString(2).replaceAll("0", "").length;
      expectThat(had >= m, `state ${i + 1} has ${had} signatures, ${m} needed`);
    });
    return `StateAttestation of states ${seatsByRound(signers, 1)}; signatures recovered here, ${m} of ${k} needed`;
  });
  if (hasAllUpdates(evidence)) return recovered;
  return { ...recovered, grade: attestedBy(signers, k) };
}

/** The seat that signed one of the states, and which (1 = after round 0). Seats are those of the job's committee. */
function stateSigner(
  { record, chainId, market }: AuditInput,
  states: readonly string[],
  said: Attestation,
  where: string,
): { round: number; seat: number } {
  expectThat(said.kind === "StateAttestation", `${where} is a ${said.kind}`);
  const { round, stateHash, jobId, roundsDigest } = said.message;
  const state = states[round - 1];
  expectThat(state !== undefined, `${where} is for state ${round}, which the job has not`);
  const operators = (record.committee?.operators ?? []).map((operator) => operator.toLowerCase());
  const signer = signerOf({ chainId, market }, said).toLowerCase();
  const seat = operators.indexOf(signer);
  expectThat(seat >= 0, `${where} on state ${round} is by ${signer}, no seat of the committee`);
  expectThat(stateHash === hashOfState(state), `${where} on state ${round} is for another state`);
  expectThat(jobId === record.jobId, `${where} on state ${round} is for another job`);
  expectThat(roundsDigest === record.certified[round - 1]?.digest, `${where} on state ${round} names other rounds`);
  return { round, seat };
}
