const mebibyte = 1024 * 1024;

/** What one caller, and all callers together, may ask of a board. Sizes in bytes, times in milliseconds. */
export interface BoardLimits {
  /** One message: an update of a million values, sealed, has 8 MB. */
  readonly bodyBytes: number;
  /** One public document. */
  readonly documentBytes: number;
  /** Everything that callers are sending at the same time. */
  readonly bytesInFlight: number;
  /** Requests at the same time, and how many of them may be waiting for a state. */
  readonly requests: number;
  readonly waiting: number;
  readonly connections: number;
  /** From the first byte of a request until its headers, and until its last byte. */
  readonly headersMs: number;
  readonly receiveMs: number;
  /** From the whole request until the answer; a wait for a state comes on top, up to `waitMs`. */
  readonly answerMs: number;
  readonly waitMs: number;
  /** A connection without any byte in either direction: an answer that nobody reads. */
  readonly silentMs: number;
  /** A connection kept open for the next request. */
  readonly keepMs: number;
  /** How long `close` lets running requests finish. */
  readonly closeMs: number;
}

export const defaultLimits: BoardLimits = {
  bodyBytes: 64 * mebibyte,
  documentBytes: mebibyte,
  bytesInFlight: 512 * mebibyte,
  requests: 256,
  waiting: 192,
  connections: 1024,
  headersMs: 10_000,
  receiveMs: 60_000,
  answerMs: 30_000,
  waitMs: 20_000,
  silentMs: 60_000,
  keepMs: 30_000,
  closeMs: 2_000,
};

/** What a request carries beside its payload: tags, lengths, ids, a signature. */
export const overheadBytes = 4096;
