import { request } from "node:http";
import { expect } from "chai";
import { boardUrl, keptConnections } from "../../../offchain/transport/connection.ts";

describe("connections to boards", () => {
  it("a host that is not there costs the connection time-out, not the call's", async () => {
    const agent = keptConnections("http://board.bank", 100);
    const start = performance.now();
    const code = await new Promise((resolve) => {
      // A name that is never resolved stands for packets that are never answered: both are before `connect`.
      const call = request({ host: "board.bank", agent, lookup: () => undefined });
      call.on("error", (error) => resolve((error as NodeJS.ErrnoException).code)).end();
    });
    expect(code).to.equal("ETIMEDOUT");
    expect(performance.now() - start).to.be.within(90, 2_000);
    agent.destroy();
  });

  it("a URL keeps its path and loses the last slash", () => {
    expect(boardUrl("http://127.0.0.1:8700/")).to.equal("http://127.0.0.1:8700");
    expect(boardUrl("https://bank.example/board//")).to.equal("https://bank.example/board");
    expect(boardUrl("http://bank.example:80/a?x=1#y")).to.equal("http://bank.example/a");
  });
});
