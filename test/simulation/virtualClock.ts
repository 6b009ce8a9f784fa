import type { Clock } from "../../offchain/core/clock.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that stands still until somebody moves it; then whoever slept until that time or before wakes, in order of time. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  /** @param startMs milliseconds since 1970 */
  constructor(startMs: number) {
    this.#now = startMs;
  }

  nowMs(): number {
    return this.#now;
  }

  nowSeconds(): bigint {
    return BigInt(Math.floor(this.#now / 1000));
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Milliseconds until the next sleeper wakes; infinite when nobody sleeps. */
  get untilNext(): number {
    return Math.min(...[...this.#sleepers].map(({ at }) => at)) - this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      const sleeper = { at: this.#now + ms, wake };
      if (signal?.aborted === true) return reject(signal.reason);
      signal?.addEventListener("abort", abort, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Moves the time on by `ms`. */
  pass(ms: number): void {
    this.#now += ms;
    const due = [...this.#sleepers].filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    for (const sleeper of due) {
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }

  /** Sets the time, forward or back, and forgets who slept: another case begins. */
  reset(ms: number): void {
    this.#sleepers.clear();
    this.#now = ms;
  }
}
