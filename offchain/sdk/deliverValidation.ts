import { type JobRecord, seatsOf } from "../chain/jobRecord.ts";
import { type Address, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { signDigest } from "../crypto/secp256k1.ts";
import { encodeFrames } from "../protocol/frames.ts";
import { signEnvelope } from "../transport/envelope.ts";
import { sealTo } from "../transport/sealedMessage.ts";
import { type Board, boardOf } from "./boards.ts";
import { type DealtValidation, dealValidationOnce, type Validator, validationKind } from "./validationDealing.ts";

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

/** How a delivery reaches boards, and who is told of its acts; tests bring their own. */
export interface DeliveryWays {
  readonly boardOf: (account: Address) => Promise<Pick<Board, "encryptionKey" | "client"> | null>;
  readonly observe: (step: "validator.keepDealing" | "validator.send", phase: "before" | "after") => void;
}

/**
 * The validation rows on their way to a committee, each seat by itself: one that hangs or is down holds up nobody. They travel
 * encrypted; each seat gets its part of the key. Envelope and parts are made once and kept beside the rows before any leaves:
 * other ones after a restart would be a second dealing.
 */
export class ValidationDelivery {
  readonly #validator: Validator;
  readonly #ways: DeliveryWays;
  readonly #job: JobRecord;
  readonly #seats: Seat[];
  readonly #stop = new AbortController();
  readonly #path: string;
  #dealt: DealtValidation | undefined;

  /** @param path of the payload: rows and salt, as `encodeValidation` made them */
  constructor(validator: Validator, job: JobRecord, path: string, ways: Partial<DeliveryWays> = {}) {
    this.#validator = validator;
    this.#ways = { boardOf: (account) => boardOf(validator, account), observe: () => undefined, ...ways };
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
    const now = this.#validator.clock.nowMs();
    const due = this.#seats.filter((seat) => !seat.held && !seat.sending && seat.dueMs <= now);
    if (due.length === 0) return;
    const keeping = (phase: "before" | "after") => this.#ways.observe("validator.keepDealing", phase);
    this.#dealt ??= await dealValidationOnce(this.#validator, this.#job, this.#path, keeping);
    const { envelope, parts } = this.#dealt;
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
      const board = await this.#ways.boardOf(seat.account);
      if (board === null) throw noBoard(seat.account);
      const bytes = await sealedRows(this.#validator, this.#job, board.encryptionKey, seat.operator, plaintext);
      const timeoutMs = leastMs + Math.ceil(bytes.length / bytesPerMs);
      this.#ways.observe("validator.send", "before");
      await board.client.deliver(bytes, { signal: this.#stop.signal, timeoutMs });
      seat.held = true;
      this.#ways.observe("validator.send", "after");
    } catch {
      // Tried again; that a seat lacks the rows shows in the count.
      seat.dueMs = this.#validator.clock.nowMs() + Math.min(firstPauseMs * 2 ** seat.failures, longestPauseMs);
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
  validator: Validator,
  job: JobRecord,
  encryptionKey: `0x${string}`,
  to: `0x${string}`,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const { jobId } = job;
  const recipient = to.toLowerCase() as `0x${string}`;
  const sender = validator.operator.toLowerCase() as `0x${string}`;
  const recipientKey = hexToBytes(encryptionKey);
  const content = await sealTo({
    recipientKey,
    jobId,
    round: 0,
    kind: validationKind,
    from: sender,
    to: recipient,
    plaintext,
  });
  const { chainId, contracts } = validator.chain.manifest;
  const message = {
    chainId,
    market: contracts.JobMarket,
    jobId,
    sender,
    recipient,
    kind: validationKind,
    round: 0,
    content,
  };
  return signEnvelope({ ...message, time: validator.clock.nowSeconds() }, (digest) =>
    signDigest(validator.keys.operator, digest),
  );
}
