import { readFileSync } from "node:fs";
import { type JobRecord, seatsOf } from "../chain/jobRecord.ts";
import { type Address, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { signDigest } from "../crypto/secp256k1.ts";
import { signEnvelope } from "../transport/envelope.ts";
import { sealTo } from "../transport/sealedMessage.ts";
import { boardOf } from "./boards.ts";
import { postedJob } from "./jobs.ts";
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

/** The validation rows on their way to a committee, each seat by itself: one that hangs or is down holds up nobody. */
export class ValidationDelivery {
  readonly #session: Session;
  readonly #job: JobRecord;
  readonly #seats: Seat[];
  readonly #stop = new AbortController();
  #payload: Uint8Array | undefined;

  constructor(session: Session, job: JobRecord) {
    this.#session = session;
    this.#job = job;
    this.#seats = seatsOf(job).map((seat) => ({ ...seat, failures: 0, dueMs: 0, held: false, sending: false }));
  }

  /** How many seats said that they hold the rows. */
  get holding(): number {
    return this.#seats.filter((seat) => seat.held).length;
  }

  /** Starts what is due, and returns at once. Call again until all hold them. Throws when the rows cannot be read here. */
  step(): void {
    const now = this.#session.clock.nowMs();
    const due = this.#seats.filter((seat) => !seat.held && !seat.sending && seat.dueMs <= now);
    if (due.length === 0) return;
    this.#payload ??= new Uint8Array(readFileSync(postedJob(this.#session, this.#job.jobId).validation));
    for (const seat of due) void this.#send(seat, this.#payload);
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
