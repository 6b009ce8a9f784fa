import type { Clock } from "../core/clock.ts";

// First pause after a failure and the longest one, in milliseconds.
const firstMs = 250;
const longestMs = 5000;

/** When a party that did not answer may be tried again: pauses double up to five seconds. In memory only. */
export class Retry {
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  due(key: string): boolean {
    const failure = this.#failures.get(key);
    return (
      failure === undefined || this.#clock.nowMs() >= failure.at + Math.min(firstMs * 2 ** failure.count, longestMs)
    );
  }

  failed(key: string): void {
    this.#failures.set(key, { count: (this.#failures.get(key)?.count ?? -1) + 1, at: this.#clock.nowMs() });
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }
}
