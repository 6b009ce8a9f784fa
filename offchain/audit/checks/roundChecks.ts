import { bytesToHex, type Hex, hexToBytes } from "../../core/bytes.ts";
import { structHash } from "../../core/eip712.ts";
import { keccakHex } from "../../core/hash.ts";
import { sumIntegers } from "../../protocol/clearAggregation.ts";
import { dealingsRoot } from "../../protocol/dealingsRoot.ts";
import { isOmitted, type RoundEvidence, updateLeaf } from "../../protocol/evidence.ts";
import { decodeIntegers } from "../../protocol/integers.ts";
import { type JobSpec, parseJobSpec } from "../../protocol/jobSpec.ts";
import {
  decodeState,
  encodeState,
  expectedUpdate,
  initialState,
  nextState,
  sumBound,
} from "../../protocol/newtonJob.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import { type CheckResult, expectThat, notInFile, runCheck } from "../check.ts";
import type { AuditInput } from "../input.ts";
import { hasAllUpdates, updateCounts } from "../omissions.ts";
import { operatorsBetween } from "../operatorsBetween.ts";
import { hashOfState } from "./evidenceChecks.ts";

const zero = `0x${"00".repeat(32)}` as Hex;

/** Rounds: what contributors signed, what the chain certified, and the states that follow from it. */
export function roundChecks(input: AuditInput): CheckResult[] {
  return [updateCheck(input), certifiedCheck(input), replayCheck(input)];
}

/** A party's own signature: who sent what. That it was computed from its rows stays that party's word. */
function updateCheck(input: AuditInput): CheckResult {
  const { held, omitted } = updateCounts(input.evidence);
  return runCheck("update signatures", omitted === 0 ? "verified" : notInFile, () => {
    for (const { round, updates } of input.evidence.sections.rounds) {
      // In round 0 the dealing of the validation rows' key stands behind those of the contributors.
      const needed = input.operators.length + (round === 0 ? 1 : 0);
      expectThat(updates.length === needed, `round ${round} has ${updates.length} dealings of ${needed}`);
      updates.slice(0, input.operators.length).forEach((update, index) => {
        if (!isOmitted(update)) expectOwnUpdate(input, update, index, round);
      });
    }
    const whose = "its contributor's operator of that round";
    if (omitted === 0) return `${held} updates, each signed by ${whose}; signatures recovered here`;
    return `${omitted} updates of others stand as their hash; the ${held} that are here are signed by ${whose}`;
  });
}

function expectOwnUpdate({ record, operators }: AuditInput, update: string, index: number, round: number): void {
  const message = openEnvelope(hexToBytes(update));
  const where = `update of contributor ${index} in round ${round}`;
  const [first, last] = openBlocks(record, round);
  const allowed = operatorsBetween(operators[index] ?? [], first, last).map((operator) => operator.toLowerCase());
  expectThat(
    allowed.includes(message.sender.toLowerCase()),
    `${where} is signed by ${message.sender}, its operator was ${allowed.join(" or ") || "nobody"}`,
  );
  expectThat(message.jobId === record.jobId && message.round === round, `${where} is for another job or round`);
  const isUpdate = message.kind === "update" && decodeUpdate(message.content).assetIndex === index;
  expectThat(isUpdate, `${where} is no update`);
}

/** Blocks between which a round's updates were sent: from the certificate before it (round 0: the start) to its own. */
function openBlocks({ steps }: AuditInput["record"], round: number): readonly [bigint, bigint] {
  const certified = steps.filter(({ step }) => step === "certify");
  const opened = round === 0 ? steps.find(({ step }) => step === "start") : certified[round - 1];
  return [opened?.blockNumber ?? 0n, certified[round]?.blockNumber ?? -1n];
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
      const root = dealingsRoot(round.updates.map(updateLeaf));
      expectThat(root === certified.set.dealingsRoot, `updates of round ${i} are not the certified ones`);
      expectThat(hashOfState(round.state) === certified.set.stateHash, `state of round ${i} is not the certified one`);
    });
    expectThat(digest === record.result?.roundsDigest, "the result names another digest of rounds");
    expectThat(
      hashOfState(evidence.sections.finalState) === record.rounds?.lastState,
      "the last state is not the one that finish certified",
    );
    return `${rounds.length} rounds: hashes of the file's updates and states, and their chain, are those that the market certified`;
  });
}

function replayCheck({ evidence }: AuditInput): CheckResult {
  const whole = hasAllUpdates(evidence);
  return runCheck("replayed combination", whole ? "verified" : notInFile, () => {
    const { rounds, finalState } = evidence.sections;
    const spec = parseJobSpec(evidence.sections.spec);
    let state = initialState(spec);
    for (const round of whole ? rounds : rounds.slice(0, 1)) {
      const made = bytesToHex(encodeState(state));
      expectThat(made === round.state, `state of round ${round.round} does not follow from the round before`);
      if (!whole) return "states cannot be recomputed without the updates of others: see state attestations";
      state = nextState(spec, round.round, decodeState(spec, hexToBytes(round.state)), sumIn(spec, round));
    }
    const source = spec.aggregation === "clear" ? "updates" : "sums";
    expectThat(bytesToHex(encodeState(state)) === finalState, `the last state does not follow from the ${source}`);
    const given = spec.aggregation === "clear" ? "" : " (which seats attest: see sums)";
    return `every state recomputed from the ${source}${given}, ${rounds.length} rounds`;
  });
}

/** The integers summed in a round: of the updates in `clear`, as the committee opened them otherwise. */
export function sumIn(spec: JobSpec, { round, updates, sum }: RoundEvidence): BigInt64Array {
  const { length, bound } = expectedUpdate(spec, round);
  if (sum !== null) return decodeIntegers(hexToBytes(sum), length, sumBound(spec));
  return sumIntegers(
    updates.slice(0, spec.assets.length).map((update) => {
      const { content } = decodeUpdate(openEnvelope(hexToBytes(update as string)).content);
      return decodeIntegers(content, length, bound);
    }),
  );
}
