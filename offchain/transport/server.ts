import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createConnectRouter } from "@connectrpc/connect";
import { FarshoreError } from "../core/errors.ts";
import { Admission } from "./admission.ts";
import type { BoardHandler } from "./board.ts";
import { type BoardLimits, defaultLimits } from "./limits.ts";
import { requestListener } from "./requestListener.ts";
import { boardRoutes } from "./routes.ts";

export type { BoardHandler, BoardStatus, Held, ServedCall, StateAnswer, StateRequest } from "./board.ts";

/** `port` 0 takes a free one. `onError` sees every error of the handler, in full: for the operator's log. */
export interface BoardOptions {
  readonly handler: BoardHandler;
  readonly host?: string | undefined;
  readonly port: number;
  readonly limits?: Partial<BoardLimits> | undefined;
  readonly onError?: ((error: unknown, rpc: string) => void) | undefined;
}

/** A board that answers at `url`. `close` ends waiting calls at once and gives the others `closeMs`; it can be repeated. */
export interface ServedBoard {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a board over Connect RPC (HTTP/1.1). Throws `transport/cannot-listen` when the address is taken or not this
 * machine's.
 */
export async function serveBoard(options: BoardOptions): Promise<ServedBoard> {
  const limits = { ...defaultLimits, ...options.limits };
  const closing = new AbortController();
  const closed = new AbortController();
  const onError = options.onError ?? (() => undefined);
  const serving = { handler: options.handler, limits, closing: closing.signal, closed: closed.signal, onError };
  const admission = new Admission(limits);
  // No compression: payloads are sealed or hashes, and a decompressed bomb is no concern then.
  const router = createConnectRouter({ acceptCompression: [], requestGate: (context) => admission.gate(context) });
  boardRoutes(serving)(router);
  const server = httpServer(limits).on("request", requestListener(router.handlers, admission, onError));
  server.prependListener("request", (_, response: ServerResponse) =>
    response.once("close", () => closeIdle(server, closing.signal)),
  );
  const url = await listen(server, options.host ?? "127.0.0.1", options.port);
  let ended: Promise<void> | undefined;
  const close = () => {
    ended ??= closeGracefully(server, closing, closed, limits.closeMs);
    return ended;
  };
  return { url, close };
}

function httpServer(limits: BoardLimits): Server {
  const server = createServer({
    headersTimeout: Math.min(limits.headersMs, limits.receiveMs),
    requestTimeout: limits.receiveMs,
    keepAliveTimeout: limits.keepMs,
    connectionsCheckingInterval: Math.max(50, Math.min(limits.headersMs, limits.receiveMs) / 4),
    noDelay: true,
  });
  server.maxConnections = limits.connections;
  server.timeout = limits.silentMs;
  return server;
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    throw new FarshoreError({
      code: "transport/cannot-listen",
      message: `cannot serve a board at ${host}:${port}`,
      facts: { host, port },
      remedy: "choose another port, or end what uses this one",
      cause,
    });
  }
  const { address, port: bound, family } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`;
}

async function closeGracefully(
  server: Server,
  closing: AbortController,
  closed: AbortController,
  ms: number,
): Promise<void> {
  const done = new Promise<void>((resolve) => server.close(() => resolve()));
  closing.abort(closingError());
  server.closeIdleConnections();
  const late = setTimeout(() => {
    closed.abort(closingError());
    setImmediate(() => server.closeAllConnections());
  }, ms);
  await done;
  clearTimeout(late);
}

// Once the board closes, a connection that a caller keeps for its next call is of no use.
function closeIdle(server: Server, closing: AbortSignal): void {
  if (closing.aborted) setImmediate(() => server.closeIdleConnections());
}

function closingError(): FarshoreError {
  return new FarshoreError({
    code: "transport/closing",
    message: "the board is closing",
    remedy: "ask another board, or this one later",
    retryable: true,
  });
}
