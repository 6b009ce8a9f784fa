import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import { expect } from "chai";
import { FarshoreError } from "../../../offchain/core/errors.ts";
import { boardClient } from "../../../offchain/transport/client.ts";
import { type BoardHandler, serveBoard } from "../../../offchain/transport/server.ts";
import { anyEnvelope, failureOf, jobId, memoryBoard } from "./memoryBoard.ts";

const ended: (() => unknown)[] = [];

async function boardWith(over: Partial<BoardHandler>, options: object = {}) {
  const board = await serveBoard({ handler: memoryBoard(over), port: 0, ...options });
  const client = boardClient({ url: board.url, retries: 0 });
  ended.push(
    () => client.close(),
    () => board.close(),
  );
  return { board, client };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  ended.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function clientOf(url: string, options: object = {}) {
  const client = boardClient({ url, retries: 0, ...options });
  ended.push(() => client.close());
  return client;
}

describe("errors between a board and its callers", () => {
  afterEach(async () => {
    for (const end of ended.splice(0)) await end();
  });

  it("an unknown error of a handler tells nothing of itself, and the operator sees it in full", async () => {
    const secret = "privateKey=0xdeadbeef /home/bank/keys.json";
    const seen: unknown[] = [];
    const thrown = new Error(secret, { cause: new TypeError(secret) });
    const { client } = await boardWith(
      { deliver: async () => Promise.reject(thrown) },
      { onError: (error: unknown, rpc: string) => seen.push([rpc, error]) },
    );
    const error = await failureOf(client.deliver(anyEnvelope()));
    expect(error.code).to.equal("transport/board-failed");
    expect(inspect(error, { depth: 9, showHidden: true })).not.to.match(/deadbeef|keys\.json/);
    expect(seen).to.deep.equal([["Deliver", thrown]]);
  });

  it("not one byte of cause or stack of a known error is on the wire", async () => {
    const cause = new Error("seed words of the operator");
    const { board } = await boardWith({
      inventory: async () => {
        throw new FarshoreError({ code: "job/unknown", message: "no such job", cause });
      },
    });
    const answer = await fetch(`${board.url}/farshore.v1.Board/Inventory`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jobId: Buffer.alloc(32).toString("base64") }),
    });
    const text = await answer.text();
    const all = text + Buffer.from(/"value":"([^"]+)"/.exec(text)?.[1] ?? "", "base64").toString("latin1");
    expect(all).to.contain("job/unknown");
    expect(all).not.to.match(/seed words|\.ts:\d+|node_modules/);
  });

  it("a known error arrives with code, facts of every type, party and remedy", async () => {
    const facts = { text: "x", number: 1.5, large: 2n ** 200n, negative: -3n, yes: true, no: false, nothing: null };
    const { client } = await boardWith({
      deliver: async () => {
        throw new FarshoreError({
          ...{
            code: "guard/equivocation",
            message: "two statements",
            facts,
            remedy: "stop",
            party: "0xab",
            retryable: true,
          },
        });
      },
    });
    const error = await failureOf(client.deliver(anyEnvelope()));
    expect({ ...error }).to.deep.include({
      code: "guard/equivocation",
      facts,
      remedy: "stop",
      party: "0xab",
      retryable: true,
    });
    expect(error.message).to.equal("two statements");
  });

  it("text of a board cannot steer a terminal and has an end", async () => {
    const { client } = await boardWith({
      status: async () => {
        throw new FarshoreError({
          code: "job/unknown",
          message: `\u001b[2J\u202e${"a".repeat(5000)}`,
          facts: { x: "\u0007" },
        });
      },
    });
    const error = await failureOf(client.status());
    expect(error.message)
      .to.match(/^ \[2J a+$/)
      .and.have.length(1000);
    expect(error.facts).to.deep.equal({ x: " " });
  });

  it("a dead board is unreachable at its URL, and may be tried again", async () => {
    const { board, client } = await boardWith({});
    await board.close();
    const error = await failureOf(client.status());
    expect(error.code).to.equal("transport/unreachable");
    expect(error.facts).to.deep.equal({ url: board.url, reason: "ECONNREFUSED" });
    expect(error.retryable).to.equal(true);
  });

  it("a board that comes back is found by a later attempt of the same call", async () => {
    const { board } = await boardWith({});
    const client = clientOf(board.url, { retries: 3 });
    await client.status();
    await board.close();
    const call = client.status();
    await pause(150);
    const again = await serveBoard({ handler: memoryBoard(), port: Number(new URL(board.url).port) });
    ended.push(() => again.close());
    expect((await call).chainId).to.equal(1337);
  });

  it("a restart of the board between two calls is not noticed, even without retries", async () => {
    const { board, client } = await boardWith({});
    await client.status();
    await board.close();
    const again = await serveBoard({ handler: memoryBoard(), port: Number(new URL(board.url).port) });
    ended.push(() => again.close());
    expect((await client.status()).chainId).to.equal(1337);
  });

  it("a slow board costs the caller its time-out and is not asked twice", async () => {
    let asked = 0;
    const { board } = await boardWith({
      status: async () => {
        asked += 1;
        await pause(1_000);
        throw new Error("too late");
      },
    });
    const client = clientOf(board.url, { timeoutMs: 100, retries: 3 });
    const error = await failureOf(client.status());
    expect(error.code).to.equal("transport/timeout");
    expect(error.retryable).to.equal(true);
    expect(asked).to.equal(1);
  });

  it("a caller that gives up is told so, and the handler's signal aborts", async () => {
    let aborted: Promise<void> | undefined;
    const { client } = await boardWith({
      deliver: async (_, { signal }) => {
        aborted = new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
        return new Promise(() => undefined);
      },
    });
    const controller = new AbortController();
    const call = client.deliver(anyEnvelope(), { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    expect((await failureOf(call)).code).to.equal("transport/cancelled");
    await aborted;
  });

  it("a caller that gives up between two attempts is told so at once", async () => {
    const client = clientOf("http://127.0.0.1:1", { retries: 20 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 150);
    const start = performance.now();
    expect((await failureOf(client.status({ signal: controller.signal }))).code).to.equal("transport/cancelled");
    expect(performance.now() - start).to.be.lessThan(2_000);
  });

  it("what answers without being a board gives a bad answer, and its text is not repeated", async () => {
    const garbage = "<html>evil \u001b[2J</html>";
    const answers: [string, number, string][] = [
      ["text/html", 200, garbage],
      ["application/proto", 200, garbage],
      ["application/json", 500, garbage],
      ["application/json", 400, '{"code":"invalid_argument","message":"evil"}'],
    ];
    for (const [type, status, body] of answers) {
      const server = createHttpServer((request, response) => {
        request.resume();
        response.writeHead(status, { "content-type": type }).end(body);
      });
      const error = await failureOf(clientOf(await listening(server)).inventory(jobId));
      expect(error.code, `${type} ${status}`).to.equal("transport/bad-answer");
      expect(error.message + JSON.stringify(error.facts)).not.to.contain("evil");
    }
  });

  it("what does not speak HTTP, or hangs up, fails with a code", async () => {
    const noise = createServer((socket) => socket.on("error", () => undefined).end("\u0000\u0001 noise\r\n\r\n"));
    expect((await failureOf(clientOf(await listening(noise)).status())).code).to.equal("transport/bad-answer");
    const rude = createServer((socket) => socket.on("error", () => undefined).destroy());
    expect((await failureOf(clientOf(await listening(rude)).status())).code).to.equal("transport/unreachable");
  });

  it("a board that answers with another document, or a wrong address of it, is caught", async () => {
    const { client } = await boardWith({
      getDocument: async () => new Uint8Array([1]),
      putDocument: async () => new Uint8Array(32),
    });
    expect((await failureOf(client.getDocument(new Uint8Array(32)))).code).to.equal("transport/bad-answer");
    expect((await failureOf(client.putDocument(new Uint8Array([1])))).code).to.equal("transport/bad-answer");
  });

  it("addresses of the wrong length in an answer are caught", async () => {
    const { client } = await boardWith({
      inventory: async () => [{ kind: "update", round: 1, sender: "0xab", hash: jobId }],
    });
    expect((await failureOf(client.inventory(jobId))).code).to.equal("transport/bad-answer");
  });

  it("a URL that is none, or that holds a password, is refused without repeating it", () => {
    for (const url of ["board.bank", "ftp://board", "http://user:hunter2@board"]) {
      expect(() => boardClient({ url }))
        .to.throw(/^((?!hunter2).)*$/)
        .with.property("code", "transport/bad-url");
    }
  });

  it("an address that is taken cannot be served", async () => {
    const { board } = await boardWith({});
    const error = await failureOf(serveBoard({ handler: memoryBoard(), port: Number(new URL(board.url).port) }));
    expect(error.code).to.equal("transport/cannot-listen");
  });
});
