import { expect } from "chai";
import { systemClock } from "../../../offchain/core/clock.ts";
import { systemRandom } from "../../../offchain/core/rng.ts";

describe("system clock", () => {
  it("stops sleeping as soon as its signal aborts", async () => {
    const stop = new AbortController();
    const started = systemClock.nowMs();
    const sleep = systemClock.sleep(60_000, stop.signal).catch((error: unknown) => error);
    stop.abort();
    expect(((await sleep) as Error).name).to.equal("AbortError");
    expect(systemClock.nowMs() - started).to.be.below(5_000);
  });

  it("counts seconds and milliseconds since 1970", () => {
    expect(Math.abs(Number(systemClock.nowSeconds()) - Date.now() / 1000)).to.be.below(2);
    expect(Math.abs(systemClock.nowMs() - Date.now())).to.be.below(1_000);
  });

  it("sleeps about as long as asked", async () => {
    const started = performance.now();
    await systemClock.sleep(20);
    expect(performance.now() - started).to.be.above(15);
  });
});

describe("system randomness", () => {
  it("gives as many bytes as asked, and others each time", () => {
    expect(systemRandom(32)).to.have.length(32);
    expect(systemRandom(32)).to.not.deep.equal(systemRandom(32));
  });
});
