import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { boardClient } from "../../../offchain/transport/client.ts";
import { type BoardHandler, serveBoard } from "../../../offchain/transport/server.ts";
import { anyEnvelope, failureOf, jobId, memoryBoard } from "./memoryBoard.ts";

async function started(over: Partial<BoardHandler> = {}, limits: object = {}) {
  const handler = memoryBoard(over);
  const board = await serveBoard({ handler, port: 0, limits });
  const client = boardClient({ url: board.url, retries: 0 });
  return { handler, board, client };
}

describe("the end of a board", () => {
  it("ends a wait for a state at once, with an error that says why", async () => {
    const { handler, board, client } = await started();
    const wait = failureOf(client.awaitState({ jobId, round: 9, waitMs: 15_000 }));
    while (handler.waits.length === 0) await pause(5);
    const start = performance.now();
    await board.close();
    const error = await wait;
    expect(error.code).to.equal("transport/closing");
    expect(error.retryable).to.equal(true);
    expect(handler.waits[0]?.aborted).to.equal(true);
    expect(performance.now() - start).to.be.lessThan(1_500);
    client.close();
  });

  it("lets a message that is being taken finish", async () => {
    let begun = false;
    const { board, client } = await started({
      deliver: async () => {
        begun = true;
        await pause(200);
        return { known: true };
      },
    });
    const call = client.deliver(anyEnvelope());
    while (!begun) await pause(5);
    const closed = board.close();
    expect(await call).to.deep.equal({ known: true });
    await closed;
    client.close();
  });

  it("does not wait for a handler that hangs", async () => {
    const { board, client } = await started({ deliver: () => new Promise(() => undefined) }, { closeMs: 100 });
    const call = failureOf(client.deliver(anyEnvelope()));
    await pause(50);
    const start = performance.now();
    await board.close();
    expect(performance.now() - start).to.be.lessThan(2_000);
    expect((await call).code).to.be.oneOf(["transport/closing", "transport/unreachable"]);
    client.close();
  });

  it("does not wait for callers that keep idle connections, and may be asked for twice", async () => {
    const { board, client } = await started();
    await client.status();
    const start = performance.now();
    await Promise.all([board.close(), board.close()]);
    expect(performance.now() - start).to.be.lessThan(1_000);
    expect((await failureOf(client.status())).code).to.equal("transport/unreachable");
    client.close();
  });
});
