import { expect } from "chai";
import { getBeaconRound } from "../../offchain/chain/reads/beacon.ts";
import { expectWhole } from "./closedByTheRules.ts";
import type { Federation } from "./federation.ts";
import { play } from "./play.ts";

const roundOf = (f: Federation) => getBeaconRound(f.market.access);

describe("the beacon that draws a job's committee", () => {
  it("has a part of every oracle, opened once", () =>
    play({
      judge: async (f, job) => {
        expectWhole(job);
        const { round, revealed, expected } = await roundOf(f);
        expect([round, revealed, expected]).to.deep.equal([job.parties?.beaconRound, 5, 5]);
      },
    }));

  it("does not wait longer than its time for an oracle that is down", () =>
    play({
      prepare: (f) => f.kill("oracle-5", null),
      judge: async (f, job) => {
        expectWhole(job);
        const { round, revealed, expected } = await roundOf(f);
        expect([round, revealed, expected]).to.deep.equal([job.parties?.beaconRound, 4, 5]);
      },
    }));
});
