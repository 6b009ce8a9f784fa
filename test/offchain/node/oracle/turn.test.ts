import { expect } from "chai";
import { FarshoreError } from "../../../../offchain/core/errors.ts";
import type { NodeContext } from "../../../../offchain/node/context.ts";
import type { CallOutcome, JobView } from "../../../../offchain/node/network.ts";
import { stepOracle } from "../../../../offchain/node/oracle/step.ts";
import { inTurn, seatPlace } from "../../../../offchain/node/oracle/turn.ts";
import { rankOf } from "../../../../offchain/protocol/rank.ts";
import {
  jobId,
  jobView,
  makeTestParties,
  nodeOf,
  standingClock,
  type TestParties,
  type TestParty,
} from "../committee.ts";

const done: CallOutcome = { status: "done" };
const silence = new FarshoreError({ code: "transport/unreachable", message: "no answer" });

describe("an oracle's turn to call the contract", () => {
  let parties: TestParties;
  before(async () => {
    parties = await makeTestParties();
  });

  /** Steps of one job at one oracle; tells how long it waited until it called, and what. */
  async function waited(me: TestParty, job: JobView, during = 20_000): Promise<[string, number] | null> {
    const clock = standingClock(job.deadline * 1000 + 61_000);
    const called: string[] = [];
    const say = (what: string) => async () => {
      called.push(what);
      return done;
    };
    const network = { settle: say("settle"), fail: say("fail"), expire: say("expire"), ready: say("ready") };
    const ctx = nodeOf(me, parties, { clock, network });
    for (let ms = 0; ms <= during; ms += 250) {
      await stepOracle(ctx, job);
      if (called.length > 0) return [called[0] as string, ms];
      clock.pass(250);
    }
    return null;
  }
  const stranded = (state: JobView["state"]) => jobView(parties, { state, deadline: 1_790_000_000 });

  it("comes for those without a seat after every seat's, one after another, for settle and for fail", async () => {
    for (const [state, way] of [
      ["Proposed", "settle"],
      ["Running", "fail"],
      ["Finished", "fail"],
    ] as const) {
      const turns = await Promise.all([...parties.seats, ...parties.bystanders].map((p) => waited(p, stranded(state))));
      expect(turns.map((t) => t?.[0])).to.deep.equal(Array(7).fill(way));
      const times = turns.map((t) => t?.[1] as number);
      expect(times.slice(0, 5).sort(), state).to.deep.equal([0, 1000, 2000, 3000, 4000]);
      expect(times.slice(5).sort(), state).to.deep.equal([5000, 6000]);
    }
  });

  it("does not come for those without a seat before deadline and grace", async () => {
    const early = jobView(parties, { state: "Running", deadline: 1_790_000_000 + 200 });
    const clock = standingClock(1_790_000_000_000 + 259_000);
    const ctx = nodeOf(parties.bystanders[0] as TestParty, parties, { clock, network: { fail: async () => done } });
    await stepOracle(ctx, early);
    expect([...ctx.turns.keys()]).to.deep.equal([]);
    clock.pass(2000);
    await stepOracle(ctx, early);
    expect([...ctx.turns.keys()]).to.deep.equal([`${jobId}:fail`]);
  });

  it("does not wait for a seat that does not answer", async () => {
    const job = jobView(parties);
    const [first, second] = [0, 1].map((rank) =>
      [0, 1, 2, 3, 4].find((s) => rankOf(jobId, "certify:2", s, 5) === rank),
    );
    const clock = standingClock();
    const ctx: NodeContext = nodeOf(parties.seats[second as number] as TestParty, parties, { clock });
    let calls = 0;
    const call = async () => {
      calls += 1;
      return done;
    };
    await inTurn(ctx, jobId, "certify:2", seatPlace(job, second as number), call);
    expect(calls, "before the first").to.equal(0);
    const party = (parties.seats[first as number] as TestParty).account;
    ctx.calls.start({ jobId, about: "RoundSet:2", party, run: async () => Promise.reject(silence) });
    await new Promise((resolve) => setImmediate(resolve));
    await inTurn(ctx, jobId, "certify:2", seatPlace(job, second as number), call);
    expect(calls).to.equal(1);
  });
});
