import type { Logger } from "pino";
import type { Hex } from "../core/bytes.ts";
import type { Clock } from "../core/clock.ts";
import { FarshoreError } from "../core/errors.ts";

/** Runs a job's steps one after another: again at once when something arrived meanwhile, and at every tick. */
export class JobLoop {
  readonly #step: (jobId: Hex) => Promise<void>;
  readonly #log: Logger;
  readonly #running = new Map<Hex, Promise<void>>();
  readonly #again = new Set<Hex>();
  readonly #waiters = new Map<Hex, Set<() => void>>();
  readonly #clock: Clock;
  readonly #reported = new Map<Hex, string>();
  #closed = false;

  constructor(parts: { step: (jobId: Hex) => Promise<void>; log: Logger; clock: Clock }) {
    this.#step = parts.step;
    this.#log = parts.log;
    this.#clock = parts.clock;
  }

  /** How many jobs' steps are under way. */
  get underWay(): number {
    return this.#running.size;
  }

  /** Something arrived for this job: step it soon. */
  wake(jobId: Hex): void {
    this.#notify(jobId);
    if (this.#closed) return;
    if (this.#running.has(jobId)) {
      this.#again.add(jobId);
      return;
    }
    const run = this.#run(jobId).finally(() => this.#running.delete(jobId));
    this.#running.set(jobId, run);
  }

  /** Resolves at the next arrival for this job, or after `ms`. */
  async wait(jobId: Hex, ms: number): Promise<void> {
    const stop = new AbortController();
    const waiters = this.#waiters.get(jobId) ?? new Set();
    this.#waiters.set(jobId, waiters);
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    waiters.add(arrive);
    await Promise.race([arrived, this.#clock.sleep(ms, stop.signal).catch(() => undefined)]);
    // A reason of its own: an error with a stack for each of the many who wait would be all that is seen of this.
    stop.abort("over");
    waiters.delete(arrive);
    // Anybody may wait for a job that never was.
    if (waiters.size === 0 && this.#waiters.get(jobId) === waiters) this.#waiters.delete(jobId);
  }

  /** Drops what is remembered of a job that is closed. */
  forget(jobId: Hex): void {
    this.#reported.delete(jobId);
  }

  /** No new steps; resolves when those under way are done. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const jobId of this.#waiters.keys()) this.#notify(jobId);
    await Promise.allSettled(this.#running.values());
  }

  #notify(jobId: Hex): void {
    const waiters = this.#waiters.get(jobId) ?? new Set();
    this.#waiters.delete(jobId);
    for (const resolve of waiters) resolve();
  }

  async #run(jobId: Hex): Promise<void> {
    do {
      this.#again.delete(jobId);
      try {
        await this.#step(jobId);
        this.#reported.delete(jobId);
      } catch (error) {
        this.#report(jobId, error);
      }
      this.#notify(jobId);
    } while (this.#again.has(jobId) && !this.#closed);
  }

  // A step that fails alike at every tick is one thing to say.
  #report(jobId: Hex, error: unknown): void {
    if (this.#reported.get(jobId) === String(error)) return;
    this.#reported.set(jobId, String(error));
    if (error instanceof FarshoreError) {
      const { code, message, party, remedy } = error;
      this.#log.warn({ jobId, code, party, remedy }, message);
      return;
    }
    this.#log.error({ jobId, error: error instanceof Error ? error.stack : String(error) }, "a step failed");
  }
}
