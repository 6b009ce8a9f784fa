import { readJob } from "../chain/jobParts.ts";
import type { JobRecord } from "../chain/jobRecord.ts";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccakHex } from "../core/hash.ts";
import { signDigest } from "../crypto/secp256k1.ts";
import { type EvidenceFile, evidenceRoot, parseEvidence } from "../protocol/evidence.ts";
import type { Model } from "../protocol/model.ts";
import { signEnvelope } from "../transport/envelope.ts";
import { firstAnswer } from "../transport/firstAnswer.ts";
import { openSealed } from "../transport/sealedMessage.ts";
import { type Board, boardOf } from "./boards.ts";
import type { Session } from "./session.ts";

const lower = (address: Hex) => address.toLowerCase() as Hex;

/** The model of a settled job, from any oracle of its committee, checked against the root on the chain. */
export async function fetchModel(session: Session, jobId: Hex): Promise<Model> {
  const job = await readJob(session.chain, jobId);
  const bytes = await fetchChecked(session, job, "model", (text) => keccakHex(text) === job.result?.modelRoot);
  return JSON.parse(new TextDecoder().decode(bytes)) as Model;
}

/** The evidence of a settled job, checked against the root on the chain. A contributor gets its part: see `partOf`. */
export async function fetchEvidence(session: Session, jobId: Hex): Promise<EvidenceFile> {
  const job = await readJob(session.chain, jobId);
  const bytes = await fetchChecked(session, job, "evidence", (text) => {
    return evidenceRoot(parseEvidence(parseText(text)).sections) === job.result?.evidenceRoot;
  });
  return parseEvidence(parseText(bytes));
}

function parseText(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

async function fetchChecked(
  session: Session,
  job: JobRecord,
  what: string,
  ok: (bytes: Uint8Array) => boolean,
): Promise<Uint8Array> {
  const boards = (await Promise.all(job.seatAccounts.map((account) => boardOf(session, account)))).filter(
    (board) => board !== null,
  );
  const found = await firstAnswer(boards, async (board, signal) => {
    const bytes = await fetchFrom(session, job.jobId, board, what, signal);
    if (ok(bytes)) return bytes;
    throw new FarshoreError({
      code: "result/mismatch",
      message: `oracle ${board.account} served another ${what} than the chain names`,
      party: board.account,
    });
  });
  if (found !== null) return found.answer;
  throw new FarshoreError({
    code: "result/unavailable",
    message: `no oracle of job ${job.jobId} serves its ${what} (the job is ${job.state})`,
    facts: { jobId: job.jobId, state: job.state },
    remedy: "wait until the job is settled and its oracles run, then try again",
    retryable: true,
  });
}

async function fetchFrom(
  session: Session,
  jobId: Hex,
  board: Board,
  what: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const sender = lower(session.operator);
  const recipient = lower(board.operator);
  const { chainId, contracts } = session.chain.manifest;
  const content = new TextEncoder().encode(JSON.stringify({ what }));
  const message = { chainId, market: contracts.JobMarket, jobId, sender, recipient, kind: "fetch", round: 0, content };
  const request = await signEnvelope({ ...message, time: session.clock.nowSeconds() }, (digest) =>
    signDigest(session.keys.operator, digest),
  );
  const sealed = await board.client.fetch(request, { signal });
  const { privateKey } = session.keys.encryption;
  return openSealed({ privateKey, jobId, round: 0, kind: `fetched:${what}`, from: recipient, to: sender, sealed });
}
