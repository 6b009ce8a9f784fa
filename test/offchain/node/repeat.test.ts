import { expect } from "chai";
import { systemClock } from "../../../offchain/core/clock.ts";
import { FarshoreError } from "../../../offchain/core/errors.ts";
import { repeat, untilDone } from "../../../offchain/node/repeat.ts";

describe("work that a node repeats", () => {
  function make() {
    const warned: { code: string }[] = [];
    const stop = new AbortController();
    const log = { warn: (facts: { code: string }) => warned.push(facts) };
    const options = { ms: 1, clock: systemClock, signal: stop.signal, log: log as never, failure: "it failed" };
    return { warned, stop, options };
  }
  const down = new FarshoreError({ code: "inbox/unreadable", message: "no inbox", remedy: "make one" });

  it("survives what it throws, and says each distinct error once until it is news again", async () => {
    const { warned, stop, options } = make();
    const outcomes = [down, down, new Error("disk"), down, null, down];
    await repeat(async () => {
      const outcome = outcomes.shift();
      if (outcomes.length === 0) stop.abort();
      if (outcome !== null) throw outcome;
    }, options);
    expect(warned.map(({ code }) => code)).to.deep.equal(["inbox/unreadable", "unexpected"]);
  });

  it("until it succeeds once is tried again and again, and then no more", async () => {
    const { warned, options } = make();
    let tries = 0;
    await untilDone(async () => {
      tries += 1;
      if (tries < 4) throw down;
    }, options);
    expect(tries).to.equal(4);
    expect(warned).to.have.length(1);
  });

  it("ends with the node", async () => {
    const { stop, options } = make();
    const ended = untilDone(async () => Promise.reject(down), options);
    stop.abort();
    await ended;
  });
});
