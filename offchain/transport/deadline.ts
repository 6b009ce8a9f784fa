import { Code, ConnectError } from "@connectrpc/connect";
import { FarshoreError } from "../core/errors.ts";

/**
 * Runs `work` until it is done, `ms` milliseconds are over (`transport/timeout`) or a signal aborts; then the signal that
 * `work` got aborts too, and what it still does goes nowhere.
 */
export async function withDeadline<T>(
  ms: number,
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(overdue(ms)), ms);
  const signal = AbortSignal.any([...signals, deadline.signal]);
  try {
    return await Promise.race([work(signal), rejection(signal)]);
  } finally {
    clearTimeout(timer);
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(stopped(signal.reason));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

function stopped(reason: unknown): FarshoreError {
  if (reason instanceof FarshoreError) return reason;
  if (reason instanceof ConnectError && reason.code === Code.DeadlineExceeded) return overdue();
  return new FarshoreError({ code: "transport/cancelled", message: "the caller went away" });
}

function overdue(ms?: number): FarshoreError {
  return new FarshoreError({
    code: "transport/timeout",
    message: "the board did not answer in time",
    ...(ms === undefined ? {} : { facts: { limitMs: ms } }),
    remedy: "try again, or ask another board",
    retryable: true,
  });
}
