import type { Clock } from "../core/clock.ts";

// First pauses after failures and the longest one, in milliseconds: a call that is a block too early is soon in time.
const firstMs = 250;
const firstPauses = 4;
const longestMs = 5000;

/**
 * When what failed may be tried again: four short pauses, then they double up to five seconds. In memory only. A key
 * begins with its job, and names everything that tells it from the job's others: what failed for good starves nothing else.
 */
export class Retry {
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  due(key: string): boolean {
    const failure = this.#failures.get(key);
    return failure === undefined || this.#clock.nowMs() >= failure.at + pauseMs(failure.count);
  }

  /** How often in a row it failed. */
  failures(key: string): number {
    return this.#failures.get(key)?.count ?? 0;
  }

  failed(key: string): void {
    this.#failures.set(key, { count: this.failures(key) + 1, at: this.#clock.nowMs() });
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  /** Drops every key of a job. */
  forget(jobId: string): void {
    for (const key of this.#failures.keys()) if (key.startsWith(jobId)) this.#failures.delete(key);
  }
}

function pauseMs(failures: number): number {
  return Math.min(firstMs * 2 ** Math.max(0, failures - firstPauses), longestMs);
}
