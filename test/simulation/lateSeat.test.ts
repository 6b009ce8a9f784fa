import { expect } from "chai";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { readEnvelope } from "../../offchain/transport/envelope.ts";
import { expectWhole } from "./closedByTheRules.ts";
import { Federation } from "./federation.ts";
import { sharedMarket } from "./market.ts";

const late = "oracle-5";
const dying = "oracle-3";

describe("a seat that opened a sum before it held all dealings", () => {
  it("releases its share once it holds them: another's may have reached nobody else", async function () {
    this.timeout(60_000);
    const f = await Federation.open(await sharedMarket());
    try {
      f.boards.faults = ({ from, to, rpc, bytes }) => {
        if (rpc !== "deliver" || bytes === null) return undefined;
        const { kind, round } = readEnvelope(bytes);
        // The last round: in the one before sizes are opened too, and a late seat would release those.
        if (round !== 2) return undefined;
        if (from.startsWith("bank") && to === late) return { delayMs: 900 };
        if (from === dying && kind === "share" && to !== late) return { lost: "message" };
        return undefined;
      };
      let sums = 0;
      f.onStep = ({ party, step, phase }) => {
        if (party !== late || step !== "oracle.keepSum" || phase !== "after") return;
        sums += 1;
        if (sums === 3) f.kill(dying, null);
      };
      await f.post();
      await f.untilClosed();
      expect(f.killed.has(dying), "it died with its share at the late seat alone").to.equal(true);
      expectWhole(f.job as JobRecord);
    } finally {
      f.close();
    }
  });
});
