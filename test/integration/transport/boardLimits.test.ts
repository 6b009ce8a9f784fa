import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { boardClient } from "../../../offchain/transport/client.ts";
import type { BoardLimits } from "../../../offchain/transport/limits.ts";
import { type BoardHandler, type ServedBoard, serveBoard } from "../../../offchain/transport/server.ts";
import { anyEnvelope, failureOf, jobId, type MemoryBoard, memoryBoard } from "./memoryBoard.ts";

const ended: (() => unknown)[] = [];

async function limited(limits: Partial<BoardLimits>, over: Partial<BoardHandler> = {}) {
  const handler: MemoryBoard = memoryBoard(over);
  const board = await serveBoard({ handler, port: 0, limits });
  const client = boardClient({ url: board.url, retries: 0 });
  ended.push(
    () => client.close(),
    () => board.close(),
  );
  return { board, client, handler };
}

/** Writes raw bytes to the board and gives everything that it answers until it hangs up. */
async function raw(board: ServedBoard, ...pieces: (string | Uint8Array)[]): Promise<string> {
  const socket = connect(Number(new URL(board.url).port), "127.0.0.1").on("error", () => undefined);
  let answer = "";
  socket.on("data", (bytes) => {
    answer += bytes.toString("latin1");
  });
  for (const piece of pieces) socket.write(piece);
  await once(socket, "close");
  return answer;
}

const head = (rpc: string, ...headers: string[]) =>
  [
    `POST /farshore.v1.Board/${rpc} HTTP/1.1`,
    "host: board",
    "content-type: application/proto",
    ...headers,
    "",
    "",
  ].join("\r\n");

describe("what a board refuses to take", () => {
  afterEach(async () => {
    for (const end of ended.splice(0)) await end();
  });

  it("a document above its limit, by a few bytes or by many, never reaches the handler", async () => {
    let stored = 0;
    const put = async () => {
      stored += 1;
      return new Uint8Array(32);
    };
    const { client } = await limited({ documentBytes: 10_000 }, { putDocument: put });
    for (const size of [10_001, 50_000, 5_000_000]) {
      expect((await failureOf(client.putDocument(new Uint8Array(size)))).code, String(size)).to.equal(
        "transport/too-large",
      );
    }
    expect(stored).to.equal(0);
  });

  it("a document of exactly the limit is taken", async () => {
    const { client } = await limited({ documentBytes: 10_000 });
    expect(await client.putDocument(new Uint8Array(10_000))).to.have.length(32);
  });

  it("a message above the limit is refused, and the next one on the same board is taken", async () => {
    const { client, handler } = await limited({ bodyBytes: 100_000 });
    expect((await failureOf(client.deliver(anyEnvelope(3_000_000)))).code).to.equal("transport/too-large");
    expect(await client.deliver(anyEnvelope(100_000))).to.deep.equal({ known: false });
    expect(handler.delivered).to.have.length(1);
  });

  it("an rpc without a payload takes only a small request", async () => {
    const { board } = await limited({});
    const answer = await fetch(`${board.url}/farshore.v1.Board/Status`, {
      method: "POST",
      headers: { "content-type": "application/proto" },
      body: new Uint8Array(20_000),
    });
    expect(answer.status).to.equal(429);
    expect(await answer.text()).to.contain("resource_exhausted");
  });

  it("an answer above the client's limit is not read", async () => {
    const { board } = await limited({}, { fetch: async () => new Uint8Array(200_000) });
    const client = boardClient({ url: board.url, answerBytes: 100_000, retries: 0 });
    ended.push(() => client.close());
    expect((await failureOf(client.fetch(anyEnvelope()))).code).to.equal("transport/too-large");
  });

  it("a compressed request is refused unread: nothing is ever inflated", async () => {
    const { board, handler } = await limited({});
    const answer = await fetch(`${board.url}/farshore.v1.Board/Deliver`, {
      method: "POST",
      headers: { "content-type": "application/proto", "content-encoding": "gzip" },
      body: gzipSync(new Uint8Array(1_000_000)),
    });
    expect(await answer.text()).to.contain("unimplemented");
    expect(handler.delivered).to.have.length(0);
  });

  it("a request that is cut off never reaches the handler", async () => {
    const { board, handler } = await limited({ receiveMs: 200 });
    const socket = connect(Number(new URL(board.url).port), "127.0.0.1");
    socket.write(head("Deliver", "content-length: 300"));
    socket.write(anyEnvelope().subarray(0, 100));
    await pause(50);
    socket.destroy();
    await pause(50);
    expect(handler.delivered).to.have.length(0);
  });

  it("a message that is cut short inside its framing is refused without a stack", async () => {
    const { board, handler } = await limited({});
    const answer = await fetch(`${board.url}/farshore.v1.Board/Deliver`, {
      method: "POST",
      headers: { "content-type": "application/proto" },
      body: new Uint8Array([0x0a, 100, 1, 2, 3]),
    });
    expect(answer.status).to.be.within(400, 500);
    expect(await answer.text()).not.to.match(/\.[jt]s:\d+|node_modules/);
    expect(handler.delivered).to.have.length(0);
  });

  it("a deliver without an envelope is malformed", async () => {
    const { board, handler } = await limited({});
    const answer = await fetch(`${board.url}/farshore.v1.Board/Deliver`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(answer.status).to.equal(400);
    expect(handler.delivered).to.have.length(0);
  });

  it("callers who send headers or bodies drop by drop are hung up on", async () => {
    const { board } = await limited({ headersMs: 200, receiveMs: 400 });
    const start = performance.now();
    const [headers, body] = await Promise.all([
      raw(board, "POST /farshore.v1.Board/Status HTTP/1.1\r\nhost: bo"),
      raw(board, head("Deliver", "content-length: 300"), "a"),
    ]);
    expect(headers).to.match(/^HTTP\/1\.1 408/);
    expect(body).to.match(/^(HTTP\/1\.1 408|$)/);
    expect(performance.now() - start).to.be.lessThan(5_000);
  });

  it("a caller who goes on sending after a refusal loses the connection", async () => {
    const { board } = await limited({ bodyBytes: 1_000 });
    const answer = await raw(board, head("Deliver", "content-length: 50000000"), new Uint8Array(100_000));
    expect(answer).to.contain("resource_exhausted");
  });

  it("unknown paths and methods get nothing", async () => {
    const { board } = await limited({});
    expect((await fetch(`${board.url}/etc/passwd`)).status).to.equal(404);
    expect((await fetch(`${board.url}/farshore.v1.Board/Status`)).status).to.equal(405);
    expect((await fetch(`${board.url}/farshore.v1.Board/Shutdown`, { method: "POST" })).status).to.equal(404);
  });

  it("too many waiting callers are refused, and messages still come through", async () => {
    const { client, handler } = await limited({ waiting: 2, requests: 10 });
    const control = new AbortController();
    const wait = () => client.awaitState({ jobId, round: 9, waitMs: 5_000 }, { signal: control.signal });
    const waiting = [wait(), wait()].map((call) => failureOf(call));
    while (handler.waits.length < 2) await pause(5);
    const error = await failureOf(wait());
    expect(error.code).to.equal("transport/busy");
    expect(error.retryable).to.equal(true);
    expect(await client.deliver(anyEnvelope())).to.deep.equal({ known: false });
    control.abort();
    expect((await Promise.all(waiting)).map(({ code }) => code)).to.deep.equal([
      "transport/cancelled",
      "transport/cancelled",
    ]);
  });

  it("a request above the number that run together is refused, and taken once another one is done", async () => {
    let release = () => undefined as unknown;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const deliver = async () => {
      await held;
      return { known: false };
    };
    const { board, client } = await limited({ requests: 1 }, { deliver });
    const first = client.deliver(anyEnvelope());
    await pause(50);
    expect((await failureOf(client.status())).code).to.equal("transport/busy");
    const patient = boardClient({ url: board.url, retries: 5 });
    ended.push(() => patient.close());
    const second = patient.status();
    await pause(20);
    release();
    expect(await first).to.deep.equal({ known: false });
    expect((await second).chainId).to.equal(1337);
  });

  it("all bodies together have a limit, which is free again afterwards", async () => {
    const { board, client } = await limited({ bytesInFlight: 300_000 });
    const socket = connect(Number(new URL(board.url).port), "127.0.0.1").on("error", () => undefined);
    socket.write(head("Deliver", "content-length: 250000"));
    socket.write(new Uint8Array(200_000));
    await pause(50);
    expect((await failureOf(client.deliver(anyEnvelope(150_000)))).code).to.equal("transport/busy");
    socket.destroy();
    await pause(50);
    expect(await client.deliver(anyEnvelope(150_000))).to.deep.equal({ known: false });
  });

  it("a handler that never ends is given up on, and its signal aborts", async () => {
    let aborted = false;
    const status: BoardHandler["status"] = ({ signal }) => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      return new Promise(() => undefined);
    };
    const { client } = await limited({ answerMs: 100 }, { status });
    const error = await failureOf(client.status());
    expect(error.code).to.equal("transport/timeout");
    expect(error.facts).to.deep.equal({ limitMs: 100 });
    expect(aborted).to.equal(true);
  });

  it("a wait is cut to the board's longest", async () => {
    const { client } = await limited({ waitMs: 100 });
    const start = performance.now();
    await client.awaitState({ jobId, round: 9, waitMs: 60_000 });
    expect(performance.now() - start).to.be.lessThan(5_000);
  });
});
