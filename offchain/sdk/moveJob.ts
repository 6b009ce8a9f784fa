import { readJob } from "../chain/jobParts.ts";
import { getListing } from "../chain/reads/listing.ts";
import * as market from "../chain/writes/market.ts";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { decodeAcceptance, type SignedAcceptance } from "../protocol/acceptance.ts";
import { openEnvelope } from "../transport/envelope.ts";
import { boardsOf } from "./boards.ts";
import type { Session } from "./session.ts";

/** Starts a job with the acceptances that boards hold. Throws `job/not-accepted` naming the assets that lack one. */
export async function startJob(session: Session, jobId: Hex): Promise<void> {
  const job = await readJob(session.chain, jobId);
  const held = await heldAcceptances(session, jobId);
  const missing = job.terms.assets.filter((_, i) => !held.has(i));
  if (missing.length > 0) {
    throw new FarshoreError({
      code: "job/not-accepted",
      message: `job ${jobId} lacks the acceptance of ${missing.map((a) => `asset ${a.assetId}`).join(", ")}`,
      facts: { jobId, missing: missing.length },
      remedy: "wait for those institutions, or ask them",
      retryable: true,
    });
  }
  const listed = await Promise.all(job.terms.assets.map((a) => getListing(session.chain, a.assetId, a.version)));
  const proofs = listed.map(({ listing }) => ({ listing, jurisdictionProof: [], buyerProof: [], codeProof: [] }));
  const acceptances = job.terms.assets.map((_, i) => {
    const { message, signature } = held.get(i) as SignedAcceptance;
    return { consents: message.consents, nonce: message.nonce, expiry: message.expiry, signature };
  });
  await session.send(`start:${jobId}`, market.start(session.chain, job, proofs, acceptances));
}

async function heldAcceptances(session: Session, jobId: Hex): Promise<Map<number, SignedAcceptance>> {
  const held = new Map<number, SignedAcceptance>();
  for (const { client } of await boardsOf(session)) {
    const envelopes = await client.listAcceptances(jobId).catch(() => []);
    for (const bytes of envelopes) {
      const accepted = decodeAcceptance(openEnvelope(bytes).content);
      held.set(accepted.message.assetIndex, accepted);
    }
  }
  return held;
}

/** Settles a proposed job whose challenge window is over. */
export async function settleJob(session: Session, jobId: Hex): Promise<void> {
  await session.send(`settle:${jobId}`, market.settle(session.chain, await readJob(session.chain, jobId)));
}
