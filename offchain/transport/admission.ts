import type { HandlerContext } from "@connectrpc/connect";
import { FarshoreError } from "../core/errors.ts";
import { toConnectError } from "./failure.ts";
import { Board } from "./generated/board_pb.ts";
import type { BoardLimits } from "./limits.ts";

/** One request that a board works on. */
export interface Admitted {
  bytes: number;
  waits: boolean;
}

/** Counts what all callers together ask of a board, and refuses what is too much with `transport/busy`. */
export class Admission {
  readonly #limits: BoardLimits;
  readonly #running = new Set<Admitted>();
  #bytes = 0;

  constructor(limits: BoardLimits) {
    this.#limits = limits;
  }

  enter(path: string): Admitted {
    const request = { bytes: 0, waits: path.endsWith(`/${Board.method.awaitState.name}`) };
    this.#running.add(request);
    return request;
  }

  leave(request: Admitted): void {
    if (this.#running.delete(request)) this.#bytes -= request.bytes;
  }

  /** Before a request's body is read: throws when too many run, or too many wait. */
  gate(context: HandlerContext): void {
    const waits = context.method === Board.method.awaitState;
    const waiting = [...this.#running].filter((request) => request.waits).length;
    if (this.#running.size > this.#limits.requests || (waits && waiting > this.#limits.waiting)) {
      throw toConnectError(busy(waits ? "too many callers wait for a state" : "too many requests at the same time"));
    }
  }

  /** As a body comes in: throws when all bodies together are too large. */
  async *metered(request: Admitted, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of body) {
      request.bytes += chunk.length;
      this.#bytes += chunk.length;
      if (this.#bytes > this.#limits.bytesInFlight)
        throw toConnectError(busy("too much is being sent at the same time"));
      yield chunk;
    }
  }
}

function busy(why: string): FarshoreError {
  return new FarshoreError({
    code: "transport/busy",
    message: `the board is busy: ${why}`,
    remedy: "try again in a moment, or ask another board",
    retryable: true,
  });
}
