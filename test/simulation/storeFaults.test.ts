import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { steps } from "../../offchain/node/steps.ts";
import { expectWhole } from "./closedByTheRules.ts";
import type { SeenStep } from "./federation.ts";
import { faultsAt, play } from "./play.ts";
import { KeptShares } from "./secrets.ts";

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

describe("a program that reads a node's store while a job is closed", () => {
  it("delays what is erased, and keeps nothing of it: the next look after it ended leaves no share in the files", async () => {
    const name = "oracle-3";
    let traces: KeptShares | undefined;
    await play({
      prepare: (f) => {
        const shares = new KeptShares(f);
        const watch = f.onStep;
        f.onStep = (seen) => {
          shares.see(seen);
          watch(seen);
        };
        traces = shares;
      },
      meanwhile: async (f) => {
        await f.until(({ result }) => result !== null);
        const node = f.node(name);
        const { store } = node.running.ctx;
        const reader = new DatabaseSync(join(node.stateFolder, "node.sqlite"), { readOnly: true });
        reader.exec("BEGIN");
        reader.prepare("SELECT COUNT(*) FROM messages").get();
        const { jobId } = await f.untilClosed();
        expect(store.isErased(jobId), "erased while somebody reads").to.equal(false);
        expect(store.messages(jobId, "part"), "parts in the tables").to.have.length(0);
        expect(traces?.foundOf(node), "shares in the files while somebody reads").to.be.greaterThan(0);
        for (const other of f.oracles.filter((oracle) => oracle !== node)) {
          expect(traces?.foundOf(other), other.name).to.equal(0);
        }
        reader.exec("COMMIT");
        reader.close();
        await f.settle();
        expect(store.isErased(jobId)).to.equal(true);
        expect(traces?.foundOf(node), "shares in the files afterwards").to.equal(0);
      },
      judge: (f, job) => {
        for (const node of f.nodes) expect(faultsAt(f, node.name), node.name).to.deep.equal([]);
        expectWhole(job);
      },
    });
  });
});
