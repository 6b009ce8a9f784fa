import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { type JobRecord, seatsOf } from "../chain/jobRecord.ts";
import { type Address, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { signDigest } from "../crypto/secp256k1.ts";
import { validatorIndex } from "../protocol/aggregation.ts";
import { decodeFrames, encodeFrames } from "../protocol/frames.ts";
import { encodeUpdate } from "../protocol/updateContent.ts";
import { dealValidation, validationScope } from "../protocol/validationDelivery.ts";
import { signEnvelope } from "../transport/envelope.ts";
import { sealTo } from "../transport/sealedMessage.ts";
import { boardOf } from "./boards.ts";
import type { Session } from "./session.ts";

const kind = "validation";
// After a failure, doubled up to the longest (ms).
const firstPauseMs = 1000;
const longestPauseMs = 15_000;
// A seat checks the rows before it answers; a slow line carries 200 kB a second (ms, bytes a millisecond).
const leastMs = 10_000;
const bytesPerMs = 200;

interface Seat {
  readonly account: Address;
  readonly operator: Address;
  failures: number;
  dueMs: number;
  held: boolean;
  sending: boolean;
}

/**
 * The validation rows on their way to a committee, each seat by itself: one that hangs or is down holds up nobody. They travel
 * encrypted; each seat gets its part of the key. Envelope and parts are made once and kept beside the rows before any leaves:
 * other ones after a restart would be a second dealing.
 */
export class ValidationDelivery {
  readonly #session: Session;
  readonly #job: JobRecord;
  readonly #seats: Seat[];
  readonly #stop = new AbortController();
  readonly #path: string;
  #dealt: Promise<Dealt> | undefined;

  /** @param path of the payload: rows and salt, as `encodeValidation` made them */
  constructor(session: Session, job: JobRecord, path: string) {
    this.#session = session;
    this.#job = job;
    this.#path = path;
    this.#seats = seatsOf(job).map((seat) => ({ ...seat, failures: 0, dueMs: 0, held: false, sending: false }));
  }

  /** How many seats said that they hold the rows. */
  get holding(): number {
    return this.#seats.filter((seat) => seat.held).length;
  }

  /** Starts what is due, and returns without waiting for a seat. Call again until all hold them. Throws when the rows cannot be read here. */
  async step(): Promise<void> {
    const now = this.#session.clock.nowMs();
    const due = this.#seats.filter((seat) => !seat.held && !seat.sending && seat.dueMs <= now);
    if (due.length === 0) return;
    this.#dealt ??= dealOnce(this.#session, this.#job, this.#path);
    const { envelope, parts } = await this.#dealt;
    for (const seat of due) {
      void this.#send(seat, encodeFrames([envelope, parts[this.#seats.indexOf(seat)] ?? new Uint8Array()]));
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.#stop.abort();
  }

  async #send(seat: Seat, plaintext: Uint8Array): Promise<void> {
    seat.sending = true;
    try {
      const board = await boardOf(this.#session, seat.account);
      if (board === null) throw noBoard(seat.account);
      const bytes = await sealedRows(this.#session, this.#job, board.encryptionKey, seat.operator, plaintext);
      const timeoutMs = leastMs + Math.ceil(bytes.length / bytesPerMs);
      await board.client.deliver(bytes, { signal: this.#stop.signal, timeoutMs });
      seat.held = true;
    } catch {
      // Tried again; that a seat lacks the rows shows in the count.
      seat.dueMs = this.#session.clock.nowMs() + Math.min(firstPauseMs * 2 ** seat.failures, longestPauseMs);
      seat.failures += 1;
    } finally {
      seat.sending = false;
    }
  }
}

function noBoard(account: Address): FarshoreError {
  return new FarshoreError({
    code: "board/none",
    message: `oracle ${account} has no board`,
    party: account,
    retryable: true,
  });
}

/** What all seats get under one signature, and each seat's part. */
interface Dealt {
  readonly envelope: Uint8Array;
  readonly parts: readonly Uint8Array[];
}

async function dealOnce(session: Session, job: JobRecord, path: string): Promise<Dealt> {
  const kept = `${path}.${job.jobId}.dealing`;
  const { k } = job.terms;
  let bytes = readIfThere(kept);
  if (bytes === undefined) {
    bytes = await deal(session, job, new Uint8Array(readFileSync(path)));
    writeFileSync(`${kept}.part`, bytes, { mode: 0o600, flush: true });
    renameSync(`${kept}.part`, kept);
  }
  const [envelope, ...parts] = decodeFrames(bytes, k + 1) as [Uint8Array, ...Uint8Array[]];
  return { envelope, parts };
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function deal(session: Session, job: JobRecord, payload: Uint8Array): Promise<Uint8Array> {
  const { chainId, contracts } = session.chain.manifest;
  const { jobId } = job;
  const scope = validationScope(chainId, jobId);
  const { common, parts } = await dealValidation(scope, payload, job.terms, session.random);
  const sender = session.operator.toLowerCase() as Address;
  const content = encodeUpdate(validatorIndex, common);
  const message = { chainId, market: contracts.JobMarket, jobId, sender, kind, round: 0, content };
  const signed = await signEnvelope({ ...message, time: session.clock.nowSeconds() }, (digest) =>
    signDigest(session.keys.operator, digest),
  );
  return encodeFrames([signed, ...parts]);
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
