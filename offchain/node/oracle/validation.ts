import { sha256Hex } from "../../core/hash.ts";
import { committedRows } from "../../data/committedRows.ts";
import { namesEvaluator } from "../../protocol/acceptance.ts";
import { validatorIndex } from "../../protocol/aggregation.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import type { LocalRows } from "../../protocol/newtonJob.ts";
import { decodeUpdate } from "../../protocol/updateContent.ts";
import { keyElements, openValidation } from "../../protocol/validationDelivery.ts";
import { readEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import { lower } from "../envelopes.ts";
import type { JobView } from "../network.ts";
import { recorded } from "../steps.ts";
import { certifiedSet } from "./certifiedSet.ts";
import { opened } from "./opened.ts";
import { release } from "./releases.ts";

/** Account that delivers the validation rows of a job: the evaluator, or the buyer where none is named. */
export function validator(job: JobView): `0x${string}` {
  return lower(namesEvaluator(job.terms) ? job.terms.evaluator : job.buyer);
}

/** What was delivered, as it opened. `rows` is null where it is not what the terms commit to: then nobody can be scored by it. */
export interface OpenedValidation {
  readonly payload: Uint8Array;
  readonly rows: LocalRows | null;
}

/**
 * The validation rows of a finished job: this seat releases its share of their key, only now, and opens them with m seats'
 * shares. Null before that many are there. Rows that do not open, parse or match their root are a fault of the validator.
 */
export async function openRows(ctx: NodeContext, job: JobView, spec: JobSpec): Promise<OpenedValidation | null> {
  const kept = storedRows(ctx, job, spec);
  if (kept !== null) return kept;
  const round0 = job.sets[0];
  if (round0 === undefined || job.finished === null) return null;
  const dealings = certifiedSet(ctx, job, spec, 0, round0.set.dealingsRoot);
  const delivered = dealings?.find(({ index }) => index === validatorIndex);
  if (delivered === undefined) return null;
  const said = { kind: "validationKey", round: 0, roundsDigest: job.sets.at(-1)?.digest ?? round0.digest } as const;
  await release(ctx, job, { ...said, values: delivered.held.share as BigUint64Array });
  const key = opened(ctx, job, spec, said, keyElements);
  if (key === null) return null;
  const { content } = decodeUpdate(readEnvelope(delivered.bytes).content);
  // What does not open at all is kept as no bytes: it is as little the committed rows as any others.
  const payload = await openValidation(job.jobId, content, key).catch(() => new Uint8Array());
  await recorded(ctx, "oracle.keepRows", () => {
    const message = { job: job.jobId, kind: "validation-rows", round: 0, sender: validator(job), slot: "" };
    ctx.store.putMessage({ ...message, hash: sha256Hex(payload), bytes: payload });
  });
  return storedRows(ctx, job, spec);
}

/** The rows that were opened before, or null. */
export function storedRows(ctx: NodeContext, job: JobView, spec: JobSpec): OpenedValidation | null {
  const payload = ctx.store.messages(job.jobId, "validation-rows", 0)[0]?.bytes;
  if (payload === undefined) return null;
  const { validationRoot: root, validationRows } = job.terms;
  const rows = committedRows(payload, { root, rows: validationRows, features: spec.features });
  if (rows === null) {
    const detail = "the validation rows are not those that the terms commit to";
    ctx.store.putFault(job.jobId, 0, validator(job), "validation/refused", detail);
  }
  return { payload, rows };
}
