import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { FarshoreError } from "../../../offchain/core/errors.ts";
import type { BoardClient } from "../../../offchain/transport/client.ts";
import { toAll } from "../../../offchain/transport/fanout.ts";

const parties = new Map(["a", "b", "c"].map((party) => [party, { url: party } as BoardClient]));

const down = (party: string) =>
  new FarshoreError({ code: "transport/unreachable", message: `${party} is down`, retryable: true });

describe("a call to all boards", () => {
  it("throws only when too few answered, and names those that did not", async () => {
    const call = async (client: BoardClient) => (client.url === "a" ? 1 : Promise.reject(down(client.url)));
    const error: unknown = await toAll(parties, call, { need: 2 }).catch((reason: unknown) => reason);
    expect(error).to.include({ code: "transport/too-few-answers", party: "nobody", retryable: true });
    expect(error).to.have.deep.property("facts", { had: 1, need: 2, failed: "b c" });
  });

  it("names the party when it is the only one that failed", async () => {
    const call = async (client: BoardClient) => (client.url === "b" ? Promise.reject(down("b")) : 1);
    const error: unknown = await toAll(parties, call, { need: 3 }).catch((reason: unknown) => reason);
    expect(error).to.include({ code: "transport/too-few-answers", party: "b" });
  });

  it("collects answers and failures by party; one that throws at once, or throws no error, spoils nothing", async () => {
    const { results, failures } = await toAll(parties, (client) => {
      if (client.url === "a") throw new TypeError("broken");
      return client.url === "b" ? Promise.reject("text") : Promise.resolve(7);
    });
    expect([...results]).to.deep.equal([["c", 7]]);
    expect(failures.get("a")).to.include({ code: "transport/call-failed", party: "a" });
    expect(failures.get("b")).to.include({ code: "transport/call-failed", party: "b" });
  });

  it("calls all at the same time", async () => {
    let running = 0;
    let most = 0;
    await toAll(parties, async () => {
      running += 1;
      most = Math.max(most, running);
      await pause(20);
      running -= 1;
    });
    expect(most).to.equal(3);
  });

  it("waits for everybody, unless it is told to stop when it has enough", async () => {
    const call = async (client: BoardClient, _: string, signal: AbortSignal) => {
      await pause(client.url === "a" ? 1 : 400, undefined, { signal });
      return client.url;
    };
    expect((await toAll(parties, call, { need: 1 })).results.size).to.equal(3);
    const start = performance.now();
    const { results, failures } = await toAll(parties, call, { need: 1, stopWhenEnough: true });
    expect([...results.keys()]).to.deep.equal(["a"]);
    expect(failures.size).to.equal(0);
    expect(performance.now() - start).to.be.lessThan(300);
  });

  it("of nobody gives nothing", async () => {
    const { results, failures } = await toAll(new Map(), async () => 1, { stopWhenEnough: true });
    expect(results.size + failures.size).to.equal(0);
  });
});
