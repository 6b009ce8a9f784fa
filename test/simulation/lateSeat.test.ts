import { expect } from "chai";
import { expectWhole } from "./closedByTheRules.ts";
import { messageIn } from "./forge.ts";
import { play } from "./play.ts";

const late = "oracle-5";
const dying = "oracle-3";

describe("a seat that opened a sum before it held all dealings", () => {
  it("releases its share once it holds them: another's may have reached nobody else", () =>
    play({
      prepare: (f) => {
        f.boards.faults = (delivery) => {
          const { kind, round } = messageIn(delivery) ?? {};
          // The last round: in the one before sizes are opened too, and a late seat would release those.
          if (round !== 2) return undefined;
          if (delivery.from.startsWith("bank") && delivery.to === late) return { delayMs: 900 };
          if (delivery.from === dying && kind === "share" && delivery.to !== late) return { lost: "message" };
          return undefined;
        };
        const see = f.onStep;
        let sums = 0;
        f.onStep = (seen) => {
          see(seen);
          if (seen.party !== late || seen.step !== "oracle.keepSum" || seen.phase !== "after") return;
          sums += 1;
          if (sums === 3) f.kill(dying, null);
        };
      },
      judge: (f, job) => {
        expect(f.killed.has(dying), "it died with its share at the late seat alone").to.equal(true);
        expectWhole(job);
      },
    }));
});
