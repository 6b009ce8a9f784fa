import { setTimeout as pause } from "node:timers/promises";
import { type CallOptions, type Client, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { equalBytes, type Hex, hexToBytes } from "../core/bytes.ts";
import type { FarshoreError } from "../core/errors.ts";
import { keccak256 } from "../core/hash.ts";
import type { BoardStatus, Held, StateAnswer, StateRequest } from "./board.ts";
import { badAnswer, brokeOff, callFailure } from "./callFailure.ts";
import { boardUrl, keptConnections } from "./connection.ts";
import { Board } from "./generated/board_pb.ts";
import { defaultLimits, overheadBytes } from "./limits.ts";
import { envelopeFromWire, envelopeToWire, heldFromWire, statusFromWire } from "./wire.ts";

/** Times in milliseconds, sizes in bytes. */
export interface BoardClientOptions {
  readonly url: string;
  /** For one attempt, from the call to the whole answer; a wait for a state comes on top. 30 s. */
  readonly timeoutMs?: number | undefined;
  /** Further attempts when the board is unreachable or busy; each waits twice as long as the one before, from 100 ms. 2. */
  readonly retries?: number | undefined;
  /** For a new connection. 1 s. */
  readonly connectMs?: number | undefined;
  /** The largest answer that is read. 64 MiB. */
  readonly answerBytes?: number | undefined;
}

/** `signal` ends the call with `transport/cancelled`. */
export interface CallControl {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * A board as its callers see it, the methods of BoardHandler. Every call may throw the board's own FarshoreError, or
 * `transport/unreachable`, `transport/timeout`, `transport/busy` (retryable), `transport/bad-answer`,
 * `transport/too-large` or `transport/cancelled`.
 */
export interface BoardClient {
  readonly url: string;
  status(control?: CallControl): Promise<BoardStatus>;
  /** keccak256 of the document, checked. */
  putDocument(document: Uint8Array, control?: CallControl): Promise<Uint8Array>;
  /** The document with this keccak256 (32 bytes), checked. */
  getDocument(hash: Uint8Array, control?: CallControl): Promise<Uint8Array>;
  deliver(envelope: Uint8Array, control?: CallControl): Promise<{ readonly known: boolean }>;
  listAcceptances(jobId: Hex, control?: CallControl): Promise<Uint8Array[]>;
  awaitState(request: StateRequest, control?: CallControl): Promise<StateAnswer>;
  inventory(jobId: Hex, control?: CallControl): Promise<Held[]>;
  fetch(envelope: Uint8Array, control?: CallControl): Promise<Uint8Array>;
  /** Ends the kept connections. */
  close(): void;
}

// First pause before another attempt, in milliseconds.
const firstPauseMs = 100;

/** Client of the board at `url`. Connects when first called and keeps the connection. Throws `transport/bad-url`. */
export function boardClient(options: BoardClientOptions): BoardClient {
  const url = boardUrl(options.url);
  const agent = keptConnections(url, options.connectMs ?? 1000);
  const transport = createConnectTransport({
    ...{ baseUrl: url, httpVersion: "1.1", useBinaryFormat: true, acceptCompression: [] },
    nodeOptions: { agent },
    readMaxBytes: options.answerBytes ?? defaultLimits.bodyBytes + overheadBytes,
  });
  const calling = { url, retries: options.retries ?? 2, timeoutMs: options.timeoutMs ?? 30_000 };
  return { url, ...boardCalls(createClient(Board, transport), calling), close: () => agent.destroy() };
}

interface Calling {
  readonly url: string;
  readonly retries: number;
  readonly timeoutMs: number;
}

function boardCalls(rpc: Client<typeof Board>, calling: Calling): Omit<BoardClient, "url" | "close"> {
  const call = <T>(control: CallControl | undefined, attempt: (options: CallOptions) => Promise<T>) =>
    persistently(calling, control ?? {}, attempt);
  return {
    status: (control) => call(control, async (o) => statusFromWire(await rpc.status({}, o))),
    putDocument: (document, control) =>
      call(control, async (o) => addressed(document, (await rpc.putDocument({ document }, o)).hash, calling.url).hash),
    getDocument: (hash, control) =>
      call(control, async (o) => addressed((await rpc.getDocument({ hash }, o)).document, hash, calling.url).document),
    deliver: (bytes, control) => {
      const envelope = envelopeToWire(bytes);
      return call(control, async (o) => ({ known: (await rpc.deliver({ envelope }, o)).known }));
    },
    listAcceptances: (jobId, control) =>
      call(control, async (o) =>
        (await rpc.listAcceptances({ jobId: hexToBytes(jobId) }, o)).acceptances.map(envelopeFromWire),
      ),
    awaitState: ({ jobId, round, waitMs }, control) => {
      const waits = { ...control, timeoutMs: control?.timeoutMs ?? calling.timeoutMs + waitMs };
      return call(waits, async (o) => {
        const { state, attestations } = await rpc.awaitState({ jobId: hexToBytes(jobId), round, waitMs }, o);
        return { state, attestations: attestations.map(envelopeFromWire) };
      });
    },
    inventory: (jobId, control) =>
      call(control, async (o) => (await rpc.inventory({ jobId: hexToBytes(jobId) }, o)).held.map(heldFromWire)),
    fetch: (bytes, control) => {
      const envelope = envelopeToWire(bytes);
      return call(control, async (o) => (await rpc.fetch({ envelope }, o)).sealed);
    },
  };
}

// Every rpc may be repeated: documents and messages have one address, and the rest only reads.
async function persistently<T>(
  calling: Calling,
  control: CallControl,
  attempt: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const timeoutMs = control.timeoutMs ?? calling.timeoutMs;
  const options = { timeoutMs, ...(control.signal === undefined ? {} : { signal: control.signal }) };
  let free = true;
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt(options);
    } catch (error) {
      const failure = callFailure(error, calling.url, timeoutMs);
      // A connection that breaks says little about the board, which may have closed it since the last call: one attempt on
      // a new one costs no retry.
      if (free && brokeOff(failure)) failures -= 1;
      else if (failures >= calling.retries || !passes(failure)) throw failure;
      else await pauseOrAbort(firstPauseMs * 2 ** failures, control.signal, calling.url);
      free = false;
    }
  }
}

function passes(failure: FarshoreError): boolean {
  return failure.code === "transport/unreachable" || failure.code === "transport/busy";
}

async function pauseOrAbort(ms: number, signal: AbortSignal | undefined, url: string): Promise<void> {
  try {
    await pause(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw callFailure(error, url, ms);
  }
}

function addressed(document: Uint8Array, hash: Uint8Array, url: string): { document: Uint8Array; hash: Uint8Array } {
  if (equalBytes(keccak256(document), hash)) return { document, hash };
  throw badAnswer(url, "the document has another hash");
}
