import { readFileSync } from "node:fs";
import { type JobRecord, seatsOf } from "../chain/jobRecord.ts";
import { hexToBytes } from "../core/bytes.ts";
import { signDigest } from "../crypto/secp256k1.ts";
import { signEnvelope } from "../transport/envelope.ts";
import { sealTo } from "../transport/sealedMessage.ts";
import { boardOf } from "./boards.ts";
import { postedJob } from "./jobs.ts";
import type { Session } from "./session.ts";

const kind = "validation";

/** Seals the validation rows to every seat of the committee; returns how many hold them now. Call again until all do. */
export async function deliverValidation(session: Session, job: JobRecord): Promise<number> {
  const plaintext = new Uint8Array(readFileSync(postedJob(session, job.jobId).validation));
  const seats = seatsOf(job);
  const ended = await Promise.allSettled(
    seats.map(async ({ account, operator }) => {
      const board = await boardOf(session, account);
      if (board === null) throw new Error(`oracle ${account} has no board`);
      const bytes = await sealedRows(session, job, board.encryptionKey, operator, plaintext);
      await board.client.deliver(bytes);
    }),
  );
  return ended.filter((e) => e.status === "fulfilled").length;
}

async function sealedRows(
  session: Session,
  job: JobRecord,
  encryptionKey: `0x${string}`,
  to: `0x${string}`,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const { jobId } = job;
  const recipient = to.toLowerCase() as `0x${string}`;
  const sender = session.operator.toLowerCase() as `0x${string}`;
  const recipientKey = hexToBytes(encryptionKey);
  const content = await sealTo({ recipientKey, jobId, round: 0, kind, from: sender, to: recipient, plaintext });
  const { chainId, contracts } = session.chain.manifest;
  const message = { chainId, market: contracts.JobMarket, jobId, sender, recipient, kind, round: 0, content };
  return signEnvelope({ ...message, time: session.clock.nowSeconds() }, (digest) =>
    signDigest(session.keys.operator, digest),
  );
}
