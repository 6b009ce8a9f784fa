import { expect } from "chai";
import { steps } from "../../offchain/node/steps.ts";
import { expectClosedByTheRules, expectWhole } from "./closedByTheRules.ts";
import { Federation } from "./federation.ts";
import { type SimulatedMarket, sharedMarket } from "./market.ts";
import { balancesOf } from "./money.ts";
import { KeptShares } from "./secrets.ts";
import { seatsThatServe } from "./served.ts";

describe("a federation in one process, undisturbed", () => {
  let m: SimulatedMarket;
  before(async function () {
    this.timeout(60_000);
    m = await sharedMarket();
  });

  it("settles by the rules, computes what one program with all rows computes, and goes through every step of the list", async () => {
    const f = await Federation.open(m);
    const shares = new KeptShares(f);
    const seen = new Set<string>();
    const foundBefore = new Map<string, number>();
    f.onStep = (step) => {
      shares.see(step);
      seen.add(step.step);
      if (step.step === "node.erase" && step.phase === "before") {
        foundBefore.set(step.party, shares.foundOf(f.node(step.party)));
      }
    };
    const before = await balancesOf(f);
    await f.post();
    expectWhole(await f.untilClosed());
    await expectClosedByTheRules(f, before, shares);
    expect([...seen].sort()).to.deep.equal(Object.values(steps).flat().sort());
    // What is looked for in the files afterwards was there: 3 dealings a round and the key; 3 rounds of 5 parts.
    for (const { name } of f.oracles) expect(foundBefore.get(name)).to.equal(3 * 3 + 1);
    for (const name of ["bank-1", "bank-2", "bank-3"]) expect(foundBefore.get(name)).to.equal(3 * 5);
    // Long after, and in processes that never saw the job run.
    for (const { name } of f.oracles) f.kill(name, 0);
    await f.until(() => f.oracles.every(({ alive }) => alive));
    expect(await seatsThatServe(f)).to.have.length(5);
    f.close();
  });
});
