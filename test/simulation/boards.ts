import { FarshoreError } from "../../offchain/core/errors.ts";
import type { BoardHandler, ServedCall } from "../../offchain/transport/board.ts";
import type { BoardClient, CallControl } from "../../offchain/transport/client.ts";
import type { VirtualClock } from "./virtualClock.ts";

/** One message on its way to a board. Bytes only of what carries some: an envelope, a document. */
export interface Delivery {
  readonly from: string;
  readonly to: string;
  readonly rpc: keyof BoardHandler;
  readonly bytes: Uint8Array | null;
}

/** What becomes of a message: the default is that it arrives once, at once, as it is. */
export interface Fault {
  /** Arrives so much later (ms). */
  readonly delayMs?: number;
  /** Neither the message nor its answer arrives; or the message does, and its answer is lost. */
  readonly lost?: "message" | "answer";
  /** How often it arrives. */
  readonly times?: number;
  /** Arrives in this form instead. */
  readonly bytes?: Uint8Array;
  /** What the caller gets instead of the board's answer. */
  readonly answer?: (answer: unknown) => unknown;
}

export type Faults = (delivery: Delivery) => Fault | undefined | Promise<Fault | undefined>;

/** Serves a party's board, or says that nobody is there. */
export type Serving = () => BoardHandler | null;

// What a caller waits for an answer that never comes unless it says otherwise (ms).
const usualTimeoutMs = 3000;
const call: ServedCall = { signal: new AbortController().signal };

/** Boards of all parties in one process: a message is copied as if it had travelled, and meets the faults of a test. */
export class Boards {
  readonly #clock: VirtualClock;
  readonly #served = new Map<string, { name: string; serving: Serving }>();
  /** What messages meet; replaced by tests. */
  faults: Faults = () => undefined;
  /** Told of each message that arrives. */
  onArrival: (delivery: Delivery) => void = () => undefined;
  /** Messages that faults hold back at this moment. */
  held = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  serve(url: string, name: string, serving: Serving): void {
    this.#served.set(url, { name, serving });
  }

  /** Clients of one party, by URL. `alive`: false once the party is gone; then its calls reach nobody. */
  clientsOf(from: string, alive: () => boolean): (url: string) => BoardClient {
    return (url) => {
      const go = <T>(
        rpc: keyof BoardHandler,
        control: CallControl | undefined,
        bytes: Uint8Array | null,
        run: (handler: BoardHandler, bytes: Uint8Array) => Promise<T>,
      ) => this.#call({ from, url, alive, rpc, bytes, ...control }, run);
      const none = null;
      return {
        url,
        status: (c) => go("status", c, none, (h) => h.status(call)),
        putDocument: (document, c) => go("putDocument", c, document, (h, bytes) => h.putDocument(bytes, call)),
        getDocument: (hash, c) => go("getDocument", c, hash, (h, bytes) => h.getDocument(bytes, call)),
        deliver: (envelope, c) => go("deliver", c, envelope, (h, bytes) => h.deliver(bytes, call)),
        listAcceptances: (jobId, c) =>
          go("listAcceptances", c, none, async (h) => copies(await h.listAcceptances(jobId, call))),
        awaitState: (request, c) => go("awaitState", c, none, (h) => stateFrom(h, request)),
        inventory: (jobId, c) => go("inventory", c, none, async (h) => [...(await h.inventory(jobId, call))]),
        fetch: (envelope, c) => go("fetch", c, envelope, (h, bytes) => h.fetch(bytes, call)),
        close: () => undefined,
      };
    };
  }

  async #call<T>(
    c: Omit<Delivery, "to"> & CallControl & { url: string; alive: () => boolean },
    run: (handler: BoardHandler, bytes: Uint8Array) => Promise<T>,
  ): Promise<T> {
    if (!c.alive()) throw unreachable(c.url);
    const board = this.#served.get(c.url);
    if (board === undefined) throw unreachable(c.url);
    const delivery = { from: c.from, to: board.name, rpc: c.rpc, bytes: c.bytes };
    const answer = this.#carry(delivery, c, board.serving, run);
    const result = await (c.signal === undefined ? answer : Promise.race([answer, aborted(c.signal, c.url)]));
    if (!c.alive()) throw unreachable(c.url);
    return result;
  }

  async #carry<T>(
    delivery: Delivery,
    { timeoutMs = usualTimeoutMs, url, alive }: CallControl & { url: string; alive: () => boolean },
    serving: Serving,
    run: (handler: BoardHandler, bytes: Uint8Array) => Promise<T>,
  ): Promise<T> {
    const { delayMs = 0, lost, times = 1, bytes = delivery.bytes, answer } = (await this.faults(delivery)) ?? {};
    if (lost === "message") return this.#never(url, timeoutMs);
    if (delayMs > 0) await this.#hold(Math.min(delayMs, timeoutMs));
    // What was not on its way yet when its sender died never comes.
    if (!alive()) throw unreachable(url);
    const answers: T[] = [];
    for (let arrival = 0; arrival < times; arrival++) {
      const handler = serving();
      if (handler === null) throw unreachable(url);
      this.onArrival(delivery);
      answers.push(await this.#answered(url, serving, run(handler, bytes ?? new Uint8Array())));
    }
    if (delayMs > timeoutMs || lost === "answer") return this.#never(url, delayMs > timeoutMs ? 0 : timeoutMs);
    return (answer === undefined ? answers[0] : answer(answers[0])) as T;
  }

  // A board that dies while it works on a call breaks the connection; what no board says reaches no caller.
  async #answered<T>(url: string, serving: Serving, answer: Promise<T>): Promise<T> {
    const before = serving();
    try {
      return await answer;
    } catch (error) {
      if (serving() !== before) throw unreachable(url);
      if (error instanceof FarshoreError) throw error;
      throw new FarshoreError({ code: "transport/internal", message: "the board failed", cause: error });
    }
  }

  async #never(url: string, ms: number): Promise<never> {
    await this.#hold(ms);
    throw new FarshoreError({ code: "transport/timeout", message: `no answer from ${url}`, retryable: true });
  }

  async #hold(ms: number): Promise<void> {
    this.held += 1;
    try {
      await this.#clock.sleep(ms);
    } finally {
      this.held -= 1;
    }
  }
}

async function stateFrom(handler: BoardHandler, request: Parameters<BoardHandler["awaitState"]>[0]) {
  const { state, attestations } = await handler.awaitState(request, call);
  return { state: state.slice(), attestations: copies(attestations) };
}

function copies(messages: readonly Uint8Array[]): Uint8Array[] {
  return messages.map((bytes) => bytes.slice());
}

function aborted(signal: AbortSignal, url: string): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new FarshoreError({ code: "transport/cancelled", message: `${url} was cancelled` }));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

function unreachable(url: string): FarshoreError {
  return new FarshoreError({ code: "transport/unreachable", message: `nobody answers at ${url}`, retryable: true });
}
