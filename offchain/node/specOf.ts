import { hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { type JobSpec, openSpec } from "../protocol/jobSpec.ts";
import { expectTermsOfSpec } from "../protocol/jobTerms.ts";
import { firstAnswer } from "../transport/firstAnswer.ts";
import type { NodeContext } from "./context.ts";
import type { JobView } from "./network.ts";

/** The job's specification, from the store or from a board, checked against the hash and terms on the chain. */
export async function specOf(ctx: NodeContext, job: JobView): Promise<JobSpec> {
  const known = ctx.specs.get(job.jobId);
  if (known !== undefined) return known;
  const bytes = ctx.store.document(job.terms.specHash) ?? (await fetchDocument(ctx, job));
  const spec = openSpec(bytes, job.terms.specHash);
  expectTermsOfSpec(job.terms, spec);
  ctx.store.putDocument(job.terms.specHash, bytes);
  ctx.specs.set(job.jobId, spec);
  return spec;
}

async function fetchDocument(ctx: NodeContext, job: JobView): Promise<Uint8Array> {
  const oracles = await ctx.network.oracles();
  const boards = oracles.filter((o) => o.endpoint !== "" && o.operator !== ctx.me.operator);
  try {
    const found = await firstAnswer(boards, async ({ endpoint }, signal) => {
      const bytes = await ctx.board(endpoint).getDocument(hexToBytes(job.terms.specHash), { signal });
      openSpec(bytes, job.terms.specHash);
      return bytes;
    });
    if (found !== null) return found.answer;
  } catch (cause) {
    throw noSpec(job, cause);
  }
  throw noSpec(job);
}

function noSpec(job: JobView, cause?: unknown): FarshoreError {
  return new FarshoreError({
    code: "job/no-spec",
    message: `no board serves the specification of job ${job.jobId}`,
    facts: { jobId: job.jobId, specHash: job.terms.specHash },
    remedy: "the buyer puts it on the boards again with farshore job post; this node keeps asking",
    party: job.buyer,
    retryable: true,
    cause,
  });
}
