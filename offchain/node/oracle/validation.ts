import { FarshoreError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/hash.ts";
import { decodeValidation, verifyValidation } from "../../data/validationRows.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import type { LocalRows } from "../../protocol/newtonJob.ts";
import type { NodeContext } from "../context.ts";
import { lower } from "../envelopes.ts";
import type { JobView } from "../network.ts";

/** Account that delivers the validation rows of a job: the evaluator, or the buyer where none is named. */
export function validator(job: JobView): `0x${string}` {
  return /^0x0{40}$/.test(job.terms.evaluator) ? lower(job.buyer) : lower(job.terms.evaluator);
}

/** Keeps the validation rows of a job once they match their root; throws an error that names the validator otherwise. */
export function acceptValidation(ctx: NodeContext, job: JobView, spec: JobSpec, payload: Uint8Array): void {
  const party = validator(job);
  try {
    verifyValidation(payload, job.terms.validationRoot, job.terms.validationRows);
    const { table } = decodeValidation(payload);
    if (table.columns.length !== spec.features.length) throw wrongShape(table.columns.length, spec.features.length);
  } catch (cause) {
    ctx.store.putFault(job.jobId, 0, party, "validation/refused", String(cause));
    throw new FarshoreError({
      code: "validation/refused",
      message: `the validation rows of job ${job.jobId} are not the ones that its terms commit to`,
      facts: { jobId: job.jobId },
      remedy: "deliver the rows and salt that the validation root was made of",
      party,
      cause,
    });
  }
  const hash = sha256Hex(payload);
  ctx.store.putMessage({ job: job.jobId, kind: "validation", round: 0, sender: party, slot: "", hash, bytes: payload });
}

function wrongShape(had: number, needed: number): FarshoreError {
  return new FarshoreError({
    code: "validation/columns",
    message: `validation rows have ${had} feature columns, the specification ${needed}`,
    facts: { had, needed },
  });
}

/** The payload as delivered, or undefined before. */
export function validationPayload(ctx: NodeContext, job: JobView): Uint8Array | undefined {
  return ctx.store.messages(job.jobId, "validation", 0)[0]?.bytes;
}

/** The validation rows, or null before they were delivered. */
export function validationRows(ctx: NodeContext, job: JobView, spec: JobSpec): LocalRows | null {
  const payload = validationPayload(ctx, job);
  if (payload === undefined || spec.features.length === 0) return null;
  const { table } = decodeValidation(payload);
  return { columns: table.columns, labels: table.labels };
}
