import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { steps } from "../../offchain/node/steps.ts";
import { expectWhole } from "./closedByTheRules.ts";
import type { SeenStep } from "./federation.ts";
import { faultsAt, play } from "./play.ts";

/** True once for every party and step, before it is done. */
function firstTimes(): (seen: SeenStep) => boolean {
  const met = new Set<string>();
  return ({ party, step, phase }) => {
    const key = `${party}:${step}`;
    if (phase === "after" || met.has(key)) return false;
    met.add(key);
    return true;
  };
}

describe("writes that fail", () => {
  it("once at every step of every party: each is done again, and the job settles", async () => {
    const failed = new Set<string>();
    await play({
      prepare: (f) => {
        const watch = f.onStep;
        const isFirst = firstTimes();
        f.onStep = (seen) => {
          watch(seen);
          if (!isFirst(seen)) return;
          failed.add(seen.step);
          throw new Error("the disk is full");
        };
      },
      judge: (f, job) => {
        for (const { name } of f.nodes) expect(faultsAt(f, name), name).to.deep.equal([]);
        expectWhole(job);
        expect([...failed].sort()).to.deep.equal(Object.values(steps).flat().sort());
      },
    });
  });

  it("because another program holds the store for a moment, at every step: the same", async () => {
    let held = 0;
    await play({
      prepare: (f) => {
        const watch = f.onStep;
        const isFirst = firstTimes();
        f.onStep = (seen) => {
          watch(seen);
          const node = f.nodes.find(({ name }) => name === seen.party);
          if (node === undefined || !isFirst(seen)) return;
          const other = new DatabaseSync(join(node.stateFolder, "node.sqlite"));
          other.exec("BEGIN IMMEDIATE");
          held += 1;
          // The act itself runs at once; until the next turn of the event loop its writes are refused.
          setImmediate(() => other.close());
        };
      },
      judge: (f, job) => {
        for (const { name } of f.nodes) expect(faultsAt(f, name), name).to.deep.equal([]);
        expectWhole(job);
        expect(held).to.be.greaterThan(80);
      },
    });
  });
});
