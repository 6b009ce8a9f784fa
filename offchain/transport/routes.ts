import type { ConnectRouter, HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { FarshoreError } from "../core/errors.ts";
import type { BoardHandler, ServedCall } from "./board.ts";
import { withDeadline } from "./deadline.ts";
import { toConnectError } from "./failure.ts";
import { Board } from "./generated/board_pb.ts";
import { type BoardLimits, overheadBytes } from "./limits.ts";
import { envelopeFromWire, envelopeToWire, exactly, heldToWire, hexFromWire, statusToWire } from "./wire.ts";

/** What the routes need of the server they run in. */
export interface Serving {
  readonly handler: BoardHandler;
  readonly limits: BoardLimits;
  /** Aborts when the board begins to close: nobody waits for a state any longer. */
  readonly closing: AbortSignal;
  /** Aborts when running requests had their time to finish. */
  readonly closed: AbortSignal;
  /** Gets every error of a handler before it is made fit to be sent. */
  readonly onError: (error: unknown, rpc: string) => void;
}

/** Registers every rpc of the board, each with the largest request that it takes. */
export function boardRoutes(serving: Serving): (router: ConnectRouter) => void {
  const rpcs = implementation(serving);
  const { bodyBytes, documentBytes } = serving.limits;
  const small = { readMaxBytes: overheadBytes };
  const message = { readMaxBytes: bodyBytes + overheadBytes };
  return (router) => {
    router.rpc(Board.method.status, rpcs.status, small);
    router.rpc(Board.method.putDocument, rpcs.putDocument, { readMaxBytes: documentBytes + overheadBytes });
    router.rpc(Board.method.getDocument, rpcs.getDocument, small);
    router.rpc(Board.method.deliver, rpcs.deliver, message);
    router.rpc(Board.method.listAcceptances, rpcs.listAcceptances, small);
    router.rpc(Board.method.awaitState, rpcs.awaitState, small);
    router.rpc(Board.method.inventory, rpcs.inventory, small);
    router.rpc(Board.method.fetch, rpcs.fetch, message);
  };
}

function implementation(serving: Serving): ServiceImpl<typeof Board> {
  const { handler, limits } = serving;
  const waitOf = (waitMs: number) => Math.min(waitMs, limits.waitMs);
  return {
    status: answer(serving, async (_, call) => statusToWire(await handler.status(call))),
    putDocument: answer(serving, async ({ document }, call) => {
      expectSize(document, limits.documentBytes);
      return { hash: await handler.putDocument(document, call) };
    }),
    getDocument: answer(serving, async ({ hash }, call) => {
      return { document: await handler.getDocument(exactly(hash, 32, "hash"), call) };
    }),
    deliver: answer(serving, async ({ envelope }, call) => handler.deliver(envelopeFromWire(envelope), call)),
    listAcceptances: answer(serving, async ({ jobId }, call) => {
      const acceptances = await handler.listAcceptances(hexFromWire(jobId, 32, "job_id"), call);
      return { acceptances: acceptances.map(envelopeToWire) };
    }),
    awaitState: (request, context) => {
      const waitMs = waitOf(request.waitMs);
      const waiting = { ...serving, closed: serving.closing };
      return answer(
        waiting,
        async (_: typeof request, call) => {
          const wanted = { jobId: hexFromWire(request.jobId, 32, "job_id"), round: request.round, waitMs };
          const { state, attestations } = await handler.awaitState(wanted, call);
          return { state, attestations: attestations.map(envelopeToWire) };
        },
        waitMs,
      )(request, context);
    },
    inventory: answer(serving, async ({ jobId }, call) => {
      const held = await handler.inventory(hexFromWire(jobId, 32, "job_id"), call);
      return { held: held.map(heldToWire) };
    }),
    fetch: answer(serving, async ({ envelope }, call) => ({
      sealed: await handler.fetch(envelopeFromWire(envelope), call),
    })),
  };
}

/** One rpc with the deadline, the end of the board and the errors that all have; `extraMs` comes on top of the deadline. */
function answer<I, O>(serving: Serving, work: (request: I, call: ServedCall) => Promise<O>, extraMs = 0) {
  return async (request: I, context: HandlerContext): Promise<O> => {
    const signals = [context.signal, serving.closed];
    try {
      return await withDeadline(serving.limits.answerMs + extraMs, signals, (signal) => work(request, { signal }));
    } catch (error) {
      serving.onError(error, context.method.name);
      throw toConnectError(error);
    }
  };
}

function expectSize(document: Uint8Array, most: number): void {
  if (document.length <= most) return;
  throw new FarshoreError({
    code: "transport/too-large",
    message: `a document has at most ${most} bytes, this one ${document.length}`,
    facts: { bytes: document.length, most },
  });
}
