import { setTimeout as wait } from "node:timers/promises";

/** Time as an argument: tests and simulations bring their own. */
export interface Clock {
  /** Seconds since 1970, the unit of the chain. */
  nowSeconds(): bigint;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Resolves after `ms` milliseconds; rejects with an `AbortError` as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The computer's own clock, for composition roots; pure rooms get a `Clock` handed in. */
export const systemClock: Clock = {
  nowSeconds: () => BigInt(Math.floor(Date.now() / 1000)),
  nowMs: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
};
