import { keccakHex } from "../../core/hash.ts";
import { attestationDigest } from "../../protocol/attestations.ts";
import { type JobResult, resultKinds } from "../../protocol/chainStructs.ts";
import { type EvidenceSections, evidenceRoot } from "../../protocol/evidence.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { deliveryRoot, modelRoot } from "../../protocol/model.ts";
import { packTable } from "../../valuation/shapley.ts";
import type { NodeContext } from "../context.ts";
import type { AttestationCall, JobView } from "../network.ts";
import { attest, grouped, type HeldStatement, heldStatements } from "./attest.ts";
import { deliveryOf } from "./evidence.ts";
import { scoringOf } from "./scoring.ts";
import { consistentWords, keepOwnWords, ownWords } from "./words.ts";

// JobResult is one statement a job.
const onlyRound = 0;
const noDigest = `0x${"00".repeat(32)}` as const;
const nothing = new Uint8Array();

/** What this seat says of a finished job, but for the hash of its words. */
function resultOf(job: JobView, sections: EvidenceSections): Omit<JobResult, "wordsHash"> {
  const { valuation } = sections;
  const { utilities, scored } = valuation;
  return {
    ...{ jobId: job.jobId, termsHash: job.termsHash, kind: resultKinds.indexOf(valuation.kind) },
    roundsDigest: job.sets.at(-1)?.digest ?? noDigest,
    modelRoot: modelRoot(sections.model),
    evidenceRoot: evidenceRoot(sections),
    deliveryRoot: deliveryRoot(deliveryOf(sections)),
    utilityStart: BigInt(utilities[0] ?? 0),
    utilityEnd: BigInt(utilities[scored] ?? 0),
    scoreTotal: BigInt(valuation.scoreTotal),
    removed: BigInt(valuation.removed),
    ridgeTerm: BigInt(valuation.ridgeTerm),
  };
}

/** Signs this seat's result once its words are kept. A seat that lacks shares has no words, and leaves it to the others. */
export async function attestResult(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  sections: EvidenceSections,
): Promise<void> {
  const words = wordsOf(ctx, job, spec, sections);
  if (words === null) return;
  if (sections.valuation.kind === "projected") await keepOwnWords(ctx, job, words);
  const message: JobResult = { ...resultOf(job, sections), wordsHash: keccakHex(words) };
  await attest(ctx, "JobResult", onlyRound, message);
}

function wordsOf(ctx: NodeContext, job: JobView, spec: JobSpec, { valuation }: EvidenceSections): Uint8Array | null {
  if (valuation.kind === "byWeight") return nothing;
  if (valuation.kind === "exact") return packTable(valuation.table.map(BigInt));
  const scoring = scoringOf(ctx, job, spec);
  return scoring === null ? null : ownWords(ctx, job, spec, scoring);
}

/** What the contract takes of a result. */
export interface Proposable {
  /** As one of its signers said it; with words by seat the call states the hash of all that it brings. */
  readonly result: JobResult;
  /** By seat for projected scores, the one table otherwise. */
  readonly words: Uint8Array | ReadonlyMap<number, Uint8Array>;
  readonly call: AttestationCall;
}

/** A result that m seats agree on, each with its own words where scores are projected; undefined before. */
export function agreedResult(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  sections: EvidenceSections,
): Proposable | undefined {
  const projected = sections.valuation.kind === "projected";
  const held = heldStatements(ctx, job, "JobResult", onlyRound);
  const said = ({ attestation }: HeldStatement) => {
    const message = attestation.message as JobResult;
    return attestationDigest(ctx.domain, "JobResult", projected ? { ...message, wordsHash: noDigest } : message);
  };
  const group = grouped(held, said).find((g) => g.length >= job.terms.m);
  if (group === undefined) return undefined;
  const words = projected ? consistentWords(ctx, job, spec, group) : (wordsOf(ctx, job, spec, sections) as Uint8Array);
  if (words === null) return undefined;
  const signers = words instanceof Map ? group.filter(({ seat }) => words.has(seat)) : group;
  return {
    result: (signers[0] as HeldStatement).attestation.message as JobResult,
    words,
    call: { signatures: new Map(signers.map(({ seat, attestation }) => [seat, attestation.signature])) },
  };
}
