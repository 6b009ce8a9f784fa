import { chainNow } from "../chain/blockClock.ts";
import { readJob } from "../chain/jobParts.ts";
import type { JobRecord } from "../chain/jobRecord.ts";
import { getListing } from "../chain/reads/listing.ts";
import { getParticipant } from "../chain/reads/participants.ts";
import * as market from "../chain/writes/market.ts";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { acceptancePlaces, decodeAcceptance, type SignedAcceptance } from "../protocol/acceptance.ts";
import type { JobState } from "../protocol/chainStructs.ts";
import { openEnvelope } from "../transport/envelope.ts";
import { boardsOf } from "./boards.ts";
import type { Session } from "./session.ts";
import { proofOf, type StartProofs } from "./startProofs.ts";

// A board that takes longer is away (ms).
const listMs = 3000;

/** Starts a job with the acceptances that boards hold. Throws `job/not-accepted` naming the assets that lack one, `job/not-proved` naming a list. */
export async function startJob(session: Session, jobId: Hex, given: StartProofs = {}): Promise<void> {
  const job = await readJob(session.chain, jobId);
  const held = await heldAcceptances(session, jobId);
  const places = acceptancePlaces(job.terms);
  const missing = places.filter((place) => !held.has(place)).map((place) => nameOf(job, place));
  if (missing.length > 0) {
    throw new FarshoreError({
      code: "job/not-accepted",
      message: `job ${jobId} lacks the acceptance of ${missing.join(", ")}`,
      facts: { jobId, missing: missing.length },
      remedy: "wait for those institutions, or ask them",
      retryable: true,
    });
  }
  const listed = await Promise.all(job.terms.assets.map((a) => getListing(session.chain, a.assetId, a.version)));
  const { jurisdiction } = await getParticipant(session.chain, job.buyer);
  const asked = { buyer: job.buyer, jurisdiction, codeHash: job.terms.codeHash };
  const proofs = listed.map(({ assetId, listing }) => proofOf(assetId, listing, asked, given));
  const acceptances = places.map((place) => {
    const { message, signature } = held.get(place) as SignedAcceptance;
    return { consents: message.consents, nonce: message.nonce, expiry: message.expiry, signature };
  });
  await session.send(`start:${jobId}`, market.start(session.chain, job, proofs, acceptances));
}

function nameOf({ terms }: JobRecord, place: number): string {
  const asset = terms.assets[place];
  return asset === undefined ? `the evaluator ${terms.evaluator}` : `asset ${asset.assetId}`;
}

async function heldAcceptances(session: Session, jobId: Hex): Promise<Map<number, SignedAcceptance>> {
  const held = new Map<number, SignedAcceptance>();
  const boards = await boardsOf(session);
  // A board that does not answer soon holds up nobody: the institutions bring their acceptance to every board.
  const lists = boards.map(({ client }) => client.listAcceptances(jobId, { timeoutMs: listMs }).catch(() => []));
  for (const envelopes of await Promise.all(lists)) {
    for (const bytes of envelopes) {
      const accepted = decodeAcceptance(openEnvelope(bytes).content);
      held.set(accepted.message.assetIndex, accepted);
    }
  }
  return held;
}

/** The call that closes a job, and the state that it closes it in. */
export interface Closing {
  readonly way: "settle" | "expire" | "fail";
  readonly state: "Settled" | "Cancelled" | "Failed";
}

const closings: Readonly<Partial<Record<JobState, Closing>>> = {
  Open: { way: "expire", state: "Cancelled" },
  Seating: { way: "expire", state: "Cancelled" },
  Running: { way: "fail", state: "Failed" },
  Finished: { way: "fail", state: "Failed" },
  Proposed: { way: "settle", state: "Settled" },
};

/**
 * Closes a job by the way that is due, which anybody may: settle after the challenge window; expire what was not seated, or
 * fail what was not brought to its end, past deadline and grace. Throws `job/closed`, `job/disputed`, and `job/not-due` with the time (in
 * seconds since 1970) from which it is possible.
 */
export async function closeJob(session: Session, jobId: Hex): Promise<Closing> {
  const { chain } = session;
  const job = await readJob(chain, jobId);
  if (job.state === "Disputed") throw disputed(job);
  const closing = closings[job.state];
  if (closing === undefined) throw alreadyClosed(job);
  const { way } = closing;
  const graceSeconds = way === "settle" ? 0 : Number(await chain.call("JobMarket", "grace", []));
  const from = job.deadline + graceSeconds + 1;
  if ((await chainNow(chain, session.clock)) < from) throw notDue(job, way, from);
  const call = { settle: market.settle, expire: market.expire, fail: market.fail }[way];
  // A job that moved on and is overdue again is another call.
  await session.send(`${way}:${jobId}:${job.deadline}`, call(chain, job));
  return closing;
}

function disputed({ jobId, dispute }: JobRecord): FarshoreError {
  return new FarshoreError({
    code: "job/disputed",
    message: `job ${jobId} is disputed: a second committee decides, else the adjudicator`,
    facts: { jobId, challenges: dispute?.challenges.length ?? 0, panel: dispute?.panel !== null },
    remedy: "wait for the verdict; when nobody decided in time, anyone may call closeDispute and the proposal stands",
    retryable: true,
  });
}

function alreadyClosed({ jobId, state }: JobRecord): FarshoreError {
  return new FarshoreError({
    code: "job/closed",
    message: `job ${jobId} is closed already: ${state}`,
    facts: { jobId, state },
    remedy: "nothing is left to do; farshore job status tells how it ended",
  });
}

function notDue({ jobId, state }: JobRecord, way: Closing["way"], from: number): FarshoreError {
  const time = new Date(from * 1000).toISOString();
  return new FarshoreError({
    code: "job/not-due",
    message: `job ${jobId} is ${state}: it can be closed (${way}) from ${time} on, if it has not moved on by then`,
    facts: { jobId, state, way, from },
    remedy: `try again at ${time}`,
    retryable: true,
  });
}
