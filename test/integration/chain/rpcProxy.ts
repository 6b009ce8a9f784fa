import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to a JSON-RPC question on its way: before the node sees it, or before its answer comes back. */
export interface Interception {
  readonly before?: (method: string) => Promise<void> | void;
  readonly after?: (method: string) => Promise<void> | void;
}

/** A JSON-RPC proxy in front of a node, to stop a process at a chosen moment. `interception` may be set at any time. */
export async function startProxy(target: string): Promise<{ url: string; interception: Interception; stop(): void }> {
  const proxy = { url: "", interception: {} as Interception, stop: () => {} };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { method } = JSON.parse(body.toString()) as { method: string };
    await proxy.interception.before?.(method);
    const answer = await fetch(target, { method: "POST", headers: { "content-type": "application/json" }, body });
    const text = await answer.text();
    await proxy.interception.after?.(method);
    response.writeHead(answer.status, { "content-type": "application/json" }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  proxy.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return proxy;
}
