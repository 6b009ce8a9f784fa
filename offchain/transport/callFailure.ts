import { Code, ConnectError } from "@connectrpc/connect";
import { FarshoreError, hasCode } from "../core/errors.ts";
import { fromConnectError } from "./failure.ts";

// What Node calls a connection that never was or that broke.
const unreachableCodes = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EPIPE", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"],
  ...["EHOSTDOWN", "ENETDOWN", "EADDRNOTAVAIL", "ECONNABORTED", "ERR_STREAM_WRITE_AFTER_END", "ERR_STREAM_DESTROYED"],
]);

/** Why a call of the board at `url` failed, as a FarshoreError: the board's own one, or one of the transport. */
export function callFailure(error: unknown, url: string, timeoutMs: number): FarshoreError {
  // Thrown by wire.ts, about the answer: what the board itself calls malformed comes as a ConnectError.
  if (hasCode(error, "transport/malformed")) return badAnswer(url, "malformed", error);
  if (error instanceof FarshoreError) return error;
  const connect = ConnectError.from(error);
  const code = nodeCode(error);
  return (
    fromConnectError(connect) ??
    (code === undefined ? byConnectCode(connect, url, timeoutMs) : unreachable(url, code, connect))
  );
}

/** True for a connection that broke under a call. */
export function brokeOff(error: FarshoreError): boolean {
  return error.code === "transport/unreachable" && ["ECONNRESET", "EPIPE"].includes(String(error.facts.reason));
}

/** The code of the first error in the chain of causes that tells of a broken or missing connection. */
function nodeCode(error: unknown): string | undefined {
  let reason = error;
  for (let depth = 0; reason instanceof Error && depth < 8; depth += 1) {
    const code = "code" in reason ? reason.code : undefined;
    if (typeof code === "string" && unreachableCodes.has(code)) return code;
    reason = reason.cause instanceof AggregateError ? reason.cause.errors[0] : reason.cause;
  }
  return undefined;
}

function byConnectCode(error: ConnectError, url: string, timeoutMs: number): FarshoreError {
  if (error.code === Code.DeadlineExceeded) return late(url, timeoutMs, error);
  if (error.code === Code.Canceled) return cancelled(url, error);
  if (error.code === Code.ResourceExhausted) return tooLarge(url, error);
  if (error.code === Code.Unavailable) return unreachable(url, "unavailable", error);
  return badAnswer(url, Code[error.code], error);
}

function unreachable(url: string, reason: string, cause: unknown): FarshoreError {
  return new FarshoreError({
    code: "transport/unreachable",
    message: `no board answers at ${url} (${reason})`,
    facts: { url, reason },
    remedy: "check that its node runs and that the endpoint is right; another board holds the same",
    retryable: true,
    cause,
  });
}

function late(url: string, timeoutMs: number, cause: unknown): FarshoreError {
  return new FarshoreError({
    code: "transport/timeout",
    message: `the board at ${url} did not answer within ${timeoutMs} ms`,
    facts: { url, limitMs: timeoutMs },
    remedy: "try again, or ask another board",
    retryable: true,
    cause,
  });
}

function cancelled(url: string, cause: unknown): FarshoreError {
  return new FarshoreError({
    code: "transport/cancelled",
    message: `the call of ${url} was cancelled`,
    facts: { url },
    cause,
  });
}

function tooLarge(url: string, cause: unknown): FarshoreError {
  return new FarshoreError({
    code: "transport/too-large",
    message: `request or answer is larger than the board at ${url}, or this client, takes`,
    facts: { url },
    remedy: "send less, or raise the limit at the side that refuses",
    cause,
  });
}

/** An answer that is no board's, or does not fit its question. Its text is not repeated: it is not trusted. */
export function badAnswer(url: string, reason: string, cause?: unknown): FarshoreError {
  return new FarshoreError({
    code: "transport/bad-answer",
    message: `what answers at ${url} is no board, or it answers wrongly (${reason})`,
    facts: { url, reason },
    remedy: "check the endpoint; ask another board",
    cause,
  });
}
