import { type Hex, hexToBytes } from "../../core/bytes.ts";
import { sha256Hex } from "../../core/hash.ts";
import { shareKindNumber } from "../../core/tables/shareKinds.ts";
import { decodeShares } from "../../crypto/decodeShares.ts";
import { centred, decodeField, encodeField, type FieldVector } from "../../crypto/field61.ts";
import { decodeAttestation, signerOf } from "../../protocol/attestations.ts";
import { decodeFrames } from "../../protocol/frames.ts";
import { parseJobSpec } from "../../protocol/jobSpec.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { AuditInput } from "../input.ts";
import { attestedBy, seatsByRound } from "../seats.ts";
import { sumIn } from "./roundChecks.ts";

/**
 * The sums of secret-shared rounds: each seat's signed share of a sum, travelling in the file, decoded here. Which shares a seat
 * held is known to nobody but it: what they add up to is attested by the seats whose shares agree.
 */
export function sumChecks(input: AuditInput): CheckResult[] {
  const spec = input.evidence.sections.spec;
  if (spec.aggregation !== "shares") return input.evidence.sums.length === 0 ? [] : [strayShares()];
  const agreed = input.evidence.sections.rounds.map(() => 0n);
  const decoded = runCheck("sums", "verified", () => {
    const committee = parseJobSpec(spec).committee;
    input.evidence.sections.rounds.forEach((round, i) => {
      const shares = sharesOf(input, i);
      expectThat(
        shares.size >= committee.m,
        `round ${i} has shares of ${shares.size} seats, ${committee.m} are needed`,
      );
      const result = decodeShares(shares, committee);
      expectThat(!("inconsistent" in result), `the shares of round ${i} lie on no one polynomial`);
      const same = String(centred(result.secret)) === String(sumIn(spec, round));
      expectThat(same, `the shares of round ${i} open to another sum than the file's`);
      for (const seat of shares.keys()) {
        if (!result.wrong.includes(seat)) agreed[i] = (agreed[i] ?? 0n) | (1n << BigInt(seat));
      }
    });
    return `shares of ${seatsByRound(agreed)} decode to the sums in the file; signatures recovered here`;
  });
  return [{ ...decoded, grade: attestedBy(agreed, input.record.terms.k) }];
}

function strayShares(): CheckResult {
  return runCheck("sums", "verified", () => {
    expectThat(false, "shares of sums stand beside updates in the clear");
    return "";
  });
}

/** Signed shares of one round's sum, by seat. Each one that is brought must be good. */
function sharesOf({ record, evidence, chainId, market }: AuditInput, round: number): Map<number, FieldVector> {
  const operators = (record.committee?.operators ?? []).map((operator) => operator.toLowerCase());
  const shares = new Map<number, FieldVector>();
  for (const hex of evidence.sums) {
    const envelope = openEnvelope(hexToBytes(hex as Hex));
    if (envelope.round !== round) continue;
    const [said, values] = decodeFrames(envelope.content, 2) as [Uint8Array, Uint8Array];
    const attestation = decodeAttestation(said);
    const where = `a share of round ${round}`;
    expectThat(attestation.kind === "ShareStatement", `${where} is a ${attestation.kind}`);
    const { message } = attestation;
    const seat = operators.indexOf(signerOf({ chainId, market }, attestation).toLowerCase());
    expectThat(seat >= 0, `${where} is signed by no seat of the committee`);
    expectThat(message.jobId === record.jobId && message.round === round, `${where} is for another job or round`);
    expectThat(message.kind === shareKindNumber("sum"), `${where} is no share of a sum`);
    expectThat(message.roundsDigest === record.certified[round]?.digest, `${where} names other rounds`);
    const vector = decodeField(values, values.length / 8);
    expectThat(message.valuesHash === sha256Hex(encodeField(vector)), `${where} is not the one that was signed`);
    shares.set(seat, vector);
  }
  return shares;
}
