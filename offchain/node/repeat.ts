import type { Logger } from "pino";
import type { Clock } from "../core/clock.ts";
import { FarshoreError } from "../core/errors.ts";

/** Says each distinct error once, until one that succeeded makes it news again. */
export class SaidOnce {
  readonly #log: Pick<Logger, "warn">;
  readonly #what: string;
  #said = new Set<string>();

  constructor(log: Pick<Logger, "warn">, what: string) {
    this.#log = log;
    this.#what = what;
  }

  failed(error: unknown): void {
    const text = String(error);
    if (this.#said.has(text)) return;
    this.#said.add(text);
    const { code, remedy } = error instanceof FarshoreError ? error : { code: "unexpected", remedy: undefined };
    this.#log.warn({ code, remedy, error: text }, this.#what);
  }

  succeeded(): void {
    this.#said.clear();
  }
}

/** Does `work` every `ms` until `signal` aborts; what it throws is logged once and ends nothing. */
export async function repeat(
  work: () => Promise<void>,
  options: { ms: number; clock: Clock; signal: AbortSignal; log: Pick<Logger, "warn">; failure: string },
): Promise<void> {
  const said = new SaidOnce(options.log, options.failure);
  while (!options.signal.aborted) {
    try {
      await work();
      said.succeeded();
    } catch (error) {
      if (!options.signal.aborted) said.failed(error);
    }
    await options.clock.sleep(options.ms, options.signal).catch(() => undefined);
  }
}

/** Does `work` until it succeeds once or `signal` aborts, `ms` after each failure, which is logged once. */
export async function untilDone(
  work: () => Promise<void>,
  options: { ms: number; clock: Clock; signal: AbortSignal; log: Pick<Logger, "warn">; failure: string },
): Promise<void> {
  const done = new AbortController();
  const signal = AbortSignal.any([options.signal, done.signal]);
  await repeat(
    async () => {
      await work();
      done.abort();
    },
    { ...options, signal },
  );
}
