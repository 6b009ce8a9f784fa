import type { Logger } from "pino";
import type { Address, Hex } from "../core/bytes.ts";
import type { Clock } from "../core/clock.ts";
import { FarshoreError } from "../core/errors.ts";
import type { Retry } from "./retry.ts";

// A board that did not answer is tried with one call at a time, this long after the last that failed (ms).
const probeEveryMs = 500;
// A call that takes longer than this says that the other side is away, before its time-out does (ms).
const suspectMs = 1000;
// A small message's time-out (ms), and how fast a slow line carries a large one (bytes a millisecond: 1 MB/s).
const leastMs = 3000;
const bytesPerMs = 1000;

// A board that is only slow answers a later attempt, which gets up to this many times the time.
const mostPatience = 8;

/** Time-out of a call that carries this many bytes, in milliseconds, at its first attempt. */
export function timeoutFor(bytes: number): number {
  return leastMs + Math.ceil(bytes / bytesPerMs);
}

/** One call to another party's board. `about` tells it from the job's other calls to the same party. */
export interface PeerCall {
  readonly jobId: Hex;
  readonly about: string;
  readonly party: Address;
  /** A long poll: that it takes long says nothing about the party. */
  readonly waits?: boolean;
  /** `patience`: how many times the first attempt's time-out this one may take. */
  readonly run: (signal: AbortSignal, patience: number) => Promise<void>;
}

interface UnderWay {
  readonly party: Address;
  readonly since: number;
  readonly waits: boolean;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Calls to other parties that a step starts and never waits for: whoever hangs holds up nobody. Each (job, what, party)
 * runs once at a time and, when it failed, again after its own pause; a party that does not answer is only probed.
 */
export class PeerCalls {
  readonly #retry: Retry;
  readonly #clock: Clock;
  readonly #log: Pick<Logger, "debug">;
  readonly #onBack: (jobId: Hex) => void;
  readonly #underWay = new Map<string, UnderWay>();
  /** When a party last failed to answer (ms); absent once it answered, if only by a refusal. */
  readonly #silent = new Map<Address, number>();
  #closed = false;

  /** `onBack`: told the job whose call was the first to reach a party that was away. */
  constructor(parts: { retry: Retry; clock: Clock; log: Pick<Logger, "debug">; onBack: (jobId: Hex) => void }) {
    this.#retry = parts.retry;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#onBack = parts.onBack;
  }

  /** How many calls are under way, long polls apart. */
  get underWay(): number {
    return [...this.#underWay.values()].filter(({ waits }) => !waits).length;
  }

  /** Starts a call unless it is under way, failed too recently, or its party is away and being probed. Returns at once. */
  start(call: PeerCall): void {
    const key = `${call.jobId}:${call.about}:${call.party}`;
    if (this.#closed || this.#underWay.has(key) || !this.#retry.due(key) || this.#isProbed(call.party)) return;
    const stop = new AbortController();
    const ended = this.#run(key, call, stop.signal).finally(() => this.#underWay.delete(key));
    const { party, waits = false } = call;
    this.#underWay.set(key, { party, since: this.#clock.nowMs(), waits, stop, ended });
  }

  /** True while a party does not answer: its last call failed on the way, or one has been open for a second. */
  isAway(party: Address): boolean {
    if (this.#silent.has(party)) return true;
    const late = this.#clock.nowMs() - suspectMs;
    return [...this.#underWay.values()].some((c) => c.party === party && !c.waits && c.since < late);
  }

  /** Ends a job's calls. */
  forget(jobId: Hex): void {
    for (const [key, { stop }] of this.#underWay) if (key.startsWith(jobId)) stop.abort();
  }

  /** Ends all calls; resolves when none touches anything any more. */
  async close(): Promise<void> {
    this.#closed = true;
    const running = [...this.#underWay.values()];
    for (const { stop } of running) stop.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }

  #isProbed(party: Address): boolean {
    const silentSince = this.#silent.get(party);
    if (silentSince === undefined) return false;
    const probing = [...this.#underWay.values()].some((c) => c.party === party);
    return probing || this.#clock.nowMs() < silentSince + probeEveryMs;
  }

  async #run(key: string, { jobId, about, party, run }: PeerCall, signal: AbortSignal): Promise<void> {
    // Later than `start` returns, so that a call that fails at once finds itself under way.
    await Promise.resolve();
    try {
      await run(signal, Math.min(2 ** this.#retry.failures(key), mostPatience));
      this.#retry.succeeded(key);
      if (this.#silent.delete(party)) this.#onBack(jobId);
    } catch (error) {
      if (signal.aborted) return;
      this.#retry.failed(key);
      const code = error instanceof FarshoreError ? error.code : "unexpected";
      this.#log.debug({ jobId, about, party, code, cause: String(error) }, "a call to another party failed");
      if (isSilence(code)) this.#silent.set(party, this.#clock.nowMs());
      else if (this.#silent.delete(party)) this.#onBack(jobId);
    }
  }
}

// Whoever refuses a message is there.
function isSilence(code: string): boolean {
  return ["transport/unreachable", "transport/timeout", "transport/busy", "transport/bad-answer"].includes(code);
}
