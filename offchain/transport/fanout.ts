import { FarshoreError } from "../core/errors.ts";
import type { BoardClient } from "./client.ts";

/** What came back, by party. A party is in one of the two; in none when it was no longer waited for. */
export interface FanoutAnswers<T> {
  readonly results: ReadonlyMap<string, T>;
  readonly failures: ReadonlyMap<string, FarshoreError>;
}

/** `need`: how many must succeed. `stopWhenEnough`: then the others are aborted instead of waited for. */
export interface FanoutOptions {
  readonly need?: number | undefined;
  readonly stopWhenEnough?: boolean | undefined;
}

/**
 * Calls all boards at the same time and collects answers and failures by party (the map's key). One bad party makes it
 * neither throw nor give up; only when fewer than `need` succeed it throws `transport/too-few-answers`, which names them.
 * `call` gets a signal that aborts when its answer is no longer needed.
 */
export async function toAll<T>(
  clients: ReadonlyMap<string, BoardClient>,
  call: (client: BoardClient, party: string, signal: AbortSignal) => Promise<T>,
  { need = 0, stopWhenEnough = false }: FanoutOptions = {},
): Promise<FanoutAnswers<T>> {
  const results = new Map<string, T>();
  const failures = new Map<string, FarshoreError>();
  const enough = new AbortController();
  const one = async (party: string, client: BoardClient) => {
    try {
      const result = await call(client, party, enough.signal);
      if (!enough.signal.aborted) results.set(party, result);
    } catch (error) {
      if (!enough.signal.aborted) failures.set(party, failureOf(error, party));
    }
    if (stopWhenEnough && results.size >= need) enough.abort();
  };
  const all = Promise.all([...clients].map(([party, client]) => one(party, client)));
  await Promise.race([all, aborted(enough.signal)]);
  if (results.size < need) throw tooFew(need, results.size, failures);
  return { results, failures };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function failureOf(error: unknown, party: string): FarshoreError {
  if (error instanceof FarshoreError) return error;
  return new FarshoreError({
    code: "transport/call-failed",
    message: `the call to ${party} failed`,
    party,
    cause: error,
  });
}

function tooFew(need: number, had: number, failures: ReadonlyMap<string, FarshoreError>): FarshoreError {
  const reasons = [...failures].map(([party, { code }]) => `${party}: ${code}`).join(", ");
  return new FarshoreError({
    code: "transport/too-few-answers",
    message: `${had} of at least ${need} boards answered (${reasons})`,
    facts: { had, need, failed: [...failures.keys()].join(" ") },
    remedy: "bring the named boards back, then try again",
    party: failures.size === 1 ? ([...failures.keys()][0] as string) : "nobody",
    retryable: [...failures.values()].some((failure) => failure.retryable),
  });
}
