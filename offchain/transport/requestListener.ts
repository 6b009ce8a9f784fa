import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import type { Admission, Admitted } from "./admission.ts";

// A caller that is refused while it still sends may read the answer for this long; then its connection ends.
const lingerMs = 500;

/** Listener for Node's server: Connect's own adapter, with an account of requests and bytes, and nothing on the console. */
export function requestListener(
  handlers: readonly UniversalHandler[],
  admission: Admission,
  onError: (error: unknown, rpc: string) => void,
): RequestListener {
  const byPath = new Map(handlers.map((handler) => [handler.requestPath, handler]));
  return (request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "";
    const handler = byPath.get(path);
    // Node takes the socket off a request that is done.
    const { socket } = request;
    response.once("finish", () => endUnread(request, socket));
    if (handler === undefined) {
      response.writeHead(404).end();
      return;
    }
    const admitted = admission.enter(path);
    response.once("close", () => admission.leave(admitted));
    run(handler, admission, admitted, request, response).catch((error: unknown) => {
      if (ConnectError.from(error).code !== Code.Aborted) onError(error, handler.method.name);
      socket.destroy();
    });
  };
}

async function run(
  handler: UniversalHandler,
  admission: Admission,
  admitted: Admitted,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const universal = universalRequestFromNodeRequest(request, response, undefined, undefined);
  const body = admission.metered(admitted, universal.body as AsyncIterable<Uint8Array>);
  await universalResponseToNodeResponse(await handler({ ...universal, body }), response);
}

function endUnread(request: IncomingMessage, socket: Socket): void {
  if (request.complete) return;
  setTimeout(() => {
    if (!request.complete) socket.destroy();
  }, lingerMs).unref();
}
