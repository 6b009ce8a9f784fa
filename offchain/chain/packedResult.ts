import type { Hex } from "../core/bytes.ts";
import type { JobResult } from "../protocol/chainStructs.ts";
import { fieldsOf, signed64, unsigned64, word } from "./packedWord.ts";

// A result as it travels in `propose` and in `JobProposed`: without what the job says itself. Its layout stands in
// contracts/market/IJobTypes.sol. Pure.

export interface PackedResult {
  readonly jobId: Hex;
  readonly modelRoot: Hex;
  readonly evidenceRoot: Hex;
  readonly deliveryRoot: Hex;
  readonly figures: bigint;
  readonly rest: bigint;
}

/** Throws `RangeError` for a figure beyond 64 bits. */
export function packResult({ jobId, modelRoot, evidenceRoot, deliveryRoot, kind, ...result }: JobResult): PackedResult {
  const { utilityStart, utilityEnd, scoreTotal, removed, ridgeTerm } = result;
  const figures = [utilityStart, utilityEnd, scoreTotal, removed].map((value) => [unsigned64(value), 64] as const);
  return {
    ...{ jobId, modelRoot, evidenceRoot, deliveryRoot },
    figures: word(...figures),
    rest: word([unsigned64(ridgeTerm), 64], [kind, 8]),
  };
}

/** The result that was signed, from what `JobProposed` tells of it and what the job says itself. */
export function unpackResult(
  { jobId, modelRoot, evidenceRoot, deliveryRoot, figures, rest }: PackedResult,
  ofJob: Pick<JobResult, "termsHash" | "roundsDigest" | "wordsHash">,
): JobResult {
  const values = fieldsOf(figures, [64, 64, 64, 64]).map(signed64) as [bigint, bigint, bigint, bigint];
  const [utilityStart, utilityEnd, scoreTotal, removed] = values;
  const [ridgeTerm, kind] = fieldsOf(rest, [64, 8]) as [bigint, bigint];
  return {
    ...{ jobId, modelRoot, evidenceRoot, deliveryRoot, ...ofJob },
    ...{ utilityStart, utilityEnd, scoreTotal, removed, ridgeTerm: signed64(ridgeTerm), kind: Number(kind) },
  };
}
