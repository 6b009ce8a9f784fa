import { type Hex, hexToBytes } from "../../core/bytes.ts";
import { structHash } from "../../core/eip712.ts";
import { keccakHex } from "../../core/hash.ts";
import { type Attestation, parseAttestation, signerOf } from "../../protocol/attestations.ts";
import { clearAggregation } from "../../protocol/clearAggregation.ts";
import { dealingLeaf, dealingsRoot } from "../../protocol/dealingsRoot.ts";
import { parseJobSpec } from "../../protocol/jobSpec.ts";
import { decodeState, encodeState, expectedUpdate, initialState, nextState } from "../../protocol/newtonJob.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { AuditInput } from "../input.ts";
import { hashOfState } from "./evidenceChecks.ts";

const zero = `0x${"00".repeat(32)}` as Hex;

/** Rounds: what contributors signed, what the chain certified, and the states that follow from it. */
export function roundChecks(input: AuditInput): CheckResult[] {
  return [updateCheck(input), certifiedCheck(input), replayCheck(input), stateCheck(input)];
}

/** A party's own signature: who sent what. That it was computed from its rows stays attested by that party. */
function updateCheck(input: AuditInput): CheckResult {
  const { record, evidence, operators } = input;
  return runCheck("update signatures", "verified", () => {
    let count = 0;
    for (const { round, updates } of evidence.sections.rounds) {
      expectThat(updates.length === operators.length, `round ${round} has ${updates.length} updates`);
      updates.forEach((hex, index) => {
        const message = openEnvelope(hexToBytes(hex));
        const where = `update of contributor ${index} in round ${round}`;
        expectThat(
          message.sender.toLowerCase() === operators[index]?.toLowerCase(),
          `${where} is signed by ${message.sender}`,
        );
        expectThat(message.jobId === record.jobId && message.round === round, `${where} is for another job or round`);
        expectThat(
          message.kind === "update" && decodeUpdate(message.content).assetIndex === index,
          `${where} is no update`,
        );
        count++;
      });
    }
    return `${count} updates, each signed by its contributor's operator`;
  });
}

function certifiedCheck({ record, evidence }: AuditInput): CheckResult {
  return runCheck("certified rounds", "verified", () => {
    const { rounds } = evidence.sections;
    expectThat(
      rounds.length === record.rounds?.completed,
      `${rounds.length} rounds in the file, ${record.rounds?.completed} on the chain`,
    );
    let digest = zero;
    record.certified.forEach((certified, i) => {
      digest = keccakHex(hexToBytes(`${digest}${structHash("RoundSet", certified.set).slice(2)}`));
      expectThat(digest === certified.digest, `digest of round ${i} does not chain`);
      const round = rounds[i];
      if (round === undefined) return;
      expectThat(round.round === i, `round ${i} is numbered ${round.round}`);
      const root = dealingsRoot(round.updates.map((hex) => dealingLeaf(hexToBytes(hex))));
      expectThat(root === certified.set.dealingsRoot, `updates of round ${i} are not the certified ones`);
      expectThat(hashOfState(round.state) === certified.set.stateHash, `state of round ${i} is not the certified one`);
    });
    expectThat(digest === record.result?.roundsDigest, "the result names another digest of rounds");
    expectThat(
      hashOfState(evidence.sections.finalState) === record.rounds?.lastState,
      "the last state is not the one that finish certified",
    );
    return `${rounds.length} rounds; sets, states and digests are those on the chain`;
  });
}

function replayCheck({ evidence }: AuditInput): CheckResult {
  return runCheck("replayed combination", "verified", () => {
    const { rounds, finalState } = evidence.sections;
    const spec = parseJobSpec(evidence.sections.spec);
    let state = initialState(spec);
    for (const { round, state: claimed, updates } of rounds) {
      expectThat(hex(encodeState(state)) === claimed, `state of round ${round} does not follow from the round before`);
      const held = updates.map((update) => {
        const { content } = decodeUpdate(openEnvelope(hexToBytes(update)).content);
        return clearAggregation.accept(content, expectedUpdate(spec, round));
      });
      const sum = clearAggregation.combine(held, new Map());
      expectThat(sum !== null, `round ${round} has no updates`);
      state = nextState(spec, round, decodeState(spec, hexToBytes(claimed)), sum);
    }
    expectThat(hex(encodeState(state)) === finalState, "the last state does not follow from the updates");
    return `every state recomputed from the updates, ${rounds.length} rounds`;
  });
}

function stateCheck(input: AuditInput): CheckResult {
  return runCheck("state attestations", "verified", () => {
    const { record, evidence } = input;
    const states = [...evidence.sections.rounds.slice(1).map((r) => r.state), evidence.sections.finalState];
    const signers = states.map(() => new Set<string>());
    // Each one that is brought must be good: one that no state wants would be believed by a reader of the file alone.
    evidence.states.forEach((value, i) => {
      const { round, signer } = stateSigner(input, states, parseAttestation(value), `attestation ${i}`);
      signers[round - 1]?.add(signer);
    });
    signers.forEach(({ size }, i) => {
      expectThat(size >= record.terms.m, `state ${i + 1} has ${size} signatures, ${record.terms.m} needed`);
    });
    return `${states.length} states, each signed by at least ${record.terms.m} of ${record.terms.k} oracles`;
  });
}

/** The seat's operator that signed one of the states, and which (1 = after round 0). */
function stateSigner(
  { record, chainId, market }: AuditInput,
  states: readonly string[],
  said: Attestation,
  where: string,
): { round: number; signer: string } {
  expectThat(said.kind === "StateAttestation", `${where} is a ${said.kind}`);
  const { round, stateHash, jobId, roundsDigest } = said.message;
  const state = states[round - 1];
  expectThat(state !== undefined, `${where} is for state ${round}, which the job has not`);
  const seats = (record.committee?.operators ?? []).map((operator) => operator.toLowerCase());
  const signer = signerOf({ chainId, market }, said).toLowerCase();
  expectThat(seats.includes(signer), `${where} on state ${round} is by ${signer}, no seat of the committee`);
  expectThat(stateHash === hashOfState(state), `${where} on state ${round} is for another state`);
  expectThat(jobId === record.jobId, `${where} on state ${round} is for another job`);
  expectThat(roundsDigest === record.certified[round - 1]?.digest, `${where} on state ${round} names other rounds`);
  return { round, signer };
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
