import { expect } from "chai";
import type { Logger } from "pino";
import type { Address, Hex } from "../../../offchain/core/bytes.ts";
import { FarshoreError } from "../../../offchain/core/errors.ts";
import { PeerCalls } from "../../../offchain/node/peerCalls.ts";
import { Retry } from "../../../offchain/node/retry.ts";
import { standingClock } from "./committee.ts";

const one: Hex = `0x${"01".repeat(32)}`;
const other: Hex = `0x${"02".repeat(32)}`;
const [anna, bert]: Address[] = [`0x${"aa".repeat(20)}`, `0x${"bb".repeat(20)}`];
const silence = new FarshoreError({ code: "transport/timeout", message: "no answer" });
const refusal = new FarshoreError({ code: "transport/not-allowed", message: "no" });
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("calls to other parties", () => {
  function make() {
    const clock = standingClock();
    const retry = new Retry(clock);
    const back: Hex[] = [];
    const log = { debug: () => undefined } as unknown as Logger;
    const calls = new PeerCalls({ retry, clock, log, onBack: (jobId) => back.push(jobId) });
    const made: string[] = [];
    const start = (jobId: Hex, about: string, party: Address, outcome?: Promise<void> | Error) =>
      calls.start({
        ...{ jobId, about, party },
        run: async () => {
          made.push(`${jobId.slice(3, 4)} ${about} ${party.slice(2, 4)}`);
          if (outcome instanceof Error) throw outcome;
          await outcome;
        },
      });
    return { clock, retry, calls, back, made, start };
  }
  const never = new Promise<void>(() => undefined);

  it("are not waited for: one that hangs holds up neither the step nor the calls to others", async () => {
    const { made, start } = make();
    start(one, "set:0", anna as Address, never);
    start(one, "set:0", bert as Address);
    start(one, "set:1", anna as Address);
    await settled();
    expect(made).to.deep.equal(["1 set:0 aa", "1 set:0 bb", "1 set:1 aa"]);
  });

  it("run once at a time each, and again after a pause when they failed", async () => {
    const { clock, made, start } = make();
    start(one, "set:0", anna as Address, refusal);
    start(one, "set:0", anna as Address, refusal);
    await settled();
    start(one, "set:0", anna as Address);
    await settled();
    expect(made).to.have.length(1);
    clock.pass(300);
    start(one, "set:0", anna as Address);
    await settled();
    expect(made).to.have.length(2);
  });

  it("of one message that is refused for good starve no later round and no other job", async () => {
    const { clock, made, start } = make();
    for (let i = 0; i < 12; i++) {
      start(one, "update:0:3", anna as Address, refusal);
      await settled();
      clock.pass(5000);
    }
    start(one, "update:0:3", anna as Address, refusal);
    await settled();
    made.length = 0;
    start(one, "update:0:3", anna as Address);
    start(one, "update:0:4", anna as Address);
    start(other, "update:0:3", anna as Address);
    await settled();
    expect(made).to.deep.equal(["1 update:0:4 aa", "2 update:0:3 aa"]);
  });

  it("to a party that does not answer are probes, one at a time; the first that is answered wakes its job", async () => {
    const { clock, calls, back, made, start } = make();
    start(one, "set:0", anna as Address, silence);
    await settled();
    expect(calls.isAway(anna as Address)).to.equal(true);
    expect(calls.isAway(bert as Address)).to.equal(false);
    start(one, "set:1", anna as Address);
    await settled();
    expect(made, "too soon").to.have.length(1);
    clock.pass(500);
    let answer = () => {};
    start(one, "set:1", anna as Address, new Promise<void>((resolve) => (answer = resolve)));
    start(other, "set:0", anna as Address);
    await settled();
    expect(made, "a second probe").to.deep.equal(["1 set:0 aa", "1 set:1 aa"]);
    answer();
    await settled();
    expect(back).to.deep.equal([one]);
    expect(calls.isAway(anna as Address)).to.equal(false);
  });

  it("that are refused say that the party is there", async () => {
    const { calls, start } = make();
    start(one, "set:0", anna as Address, refusal);
    await settled();
    expect(calls.isAway(anna as Address)).to.equal(false);
  });

  it("that take longer than a second say that the party is away before they time out; long polls do not", async () => {
    const { clock, calls, start } = make();
    start(one, "set:0", anna as Address, never);
    calls.start({ jobId: one, about: "state:1", party: bert as Address, waits: true, run: () => never });
    clock.pass(1001);
    expect(calls.isAway(anna as Address)).to.equal(true);
    expect(calls.isAway(bert as Address)).to.equal(false);
  });

  it("end with their job, which counts as no failure, and with the node", async () => {
    const { retry, calls } = make();
    let aborted = 0;
    const run = (signal: AbortSignal) =>
      new Promise<void>((_, reject) =>
        signal.addEventListener("abort", () => {
          aborted += 1;
          reject(silence);
        }),
      );
    calls.start({ jobId: one, about: "set:0", party: anna as Address, run });
    calls.start({ jobId: other, about: "set:0", party: anna as Address, run });
    await settled();
    calls.forget(one);
    await settled();
    expect(aborted).to.equal(1);
    expect(calls.isAway(anna as Address)).to.equal(false);
    await calls.close();
    expect(aborted).to.equal(2);
    retry.failed(`${one}:certify:1`);
    retry.failed(`${other}:certify:1`);
    retry.forget(one);
    expect([retry.due(`${one}:certify:1`), retry.due(`${other}:certify:1`)]).to.deep.equal([true, false]);
  });
});
