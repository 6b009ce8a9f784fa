import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { FarshoreError } from "../core/errors.ts";

/** The board's address without a path's last slash; throws `transport/bad-url` for what is no http(s) URL. */
export function boardUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== "http:" && parsed?.protocol !== "https:") throw badUrl("no http or https URL");
  // A password in a URL ends up in logs and error texts.
  if (parsed.username !== "" || parsed.password !== "") throw badUrl("a URL with a user name or password");
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`;
}

function badUrl(what: string): FarshoreError {
  return new FarshoreError({
    code: "transport/bad-url",
    message: `the board's address is ${what}`,
    remedy: "an endpoint looks like http://host:port",
  });
}

/** Keeps connections open for the next call, and gives up on a new one after `connectMs`. */
export function keptConnections(url: string, connectMs: number): HttpAgent {
  const options = { keepAlive: true, maxFreeSockets: 16, noDelay: true };
  const agent = url.startsWith("https:") ? new HttpsAgent(options) : new HttpAgent(options);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (connectOptions, callback) => limited(connect(connectOptions, callback), connectMs);
  return agent;
}

function limited<T extends Duplex | null | undefined>(socket: T, connectMs: number): T {
  if (!(socket instanceof Socket)) return socket;
  const timer = setTimeout(() => socket.destroy(connectTimeout(connectMs)), connectMs);
  const clear = () => clearTimeout(timer);
  socket.once("connect", clear).once("close", clear);
  return socket;
}

// Node's own code for this, so that every layer above takes it for an unreachable host.
function connectTimeout(connectMs: number): Error {
  return Object.assign(new Error(`no connection within ${connectMs} ms`), { code: "ETIMEDOUT" });
}
