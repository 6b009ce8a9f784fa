import { expect } from "chai";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { expectWhole } from "./closedByTheRules.ts";
import type { Federation } from "./federation.ts";
import { floodOfDealings, oracleAt } from "./lyingDealer.ts";
import { faultsAt, play } from "./play.ts";

const liar = "bank-2";
const flooded = 3;
const round = 1;
// Well above the number of seats.
const count = 12;

/** Rows that the flooded seat's store has of the liar in the round, by kind. */
function rowsOf(f: Federation): Record<string, number> {
  const { store } = f.node(oracleAt(f, flooded)).running.ctx;
  const { operator } = f.market.party(liar);
  const rows: Record<string, number> = {};
  for (const message of store.inventory((f.job as JobRecord).jobId)) {
    if (message.sender === operator && message.round === round) rows[message.kind] = (rows[message.kind] ?? 0) + 1;
  }
  return rows;
}

describe("a dealer that floods one seat with different dealings of a round", () => {
  for (const when of ["before", "after"] as const) {
    it(`${when} its honest one fills no store: as many second ones as there are seats, and no part but of those`, () => {
      let most: Record<string, number> = {};
      return play({
        prepare: (f) => {
          f.boards.faults = floodOfDealings(f, liar, round, flooded, { count, when });
        },
        meanwhile: async (f) => {
          await f.until(({ certified }) => certified.length > round);
          most = rowsOf(f);
        },
        judge: (f, job) => {
          const { k } = job.terms;
          const { part, ...others } = most;
          expect(others).to.deep.equal({ dealing: 1, "second-dealing": k });
          // One that another seat showed has no part here.
          expect(part).to.be.within(k, 1 + k);
          const fault = { round, party: f.market.party(liar).operator, code: "update/second-dealing" };
          expect(faultsAt(f, oracleAt(f, flooded))).to.deep.include(fault);
          // Whoever was shown another envelope than it holds has the proof too; nobody else is named.
          for (const { name } of f.oracles) {
            for (const { party } of faultsAt(f, name)) expect(["nobody", fault.party], name).to.include(party);
          }
          expectWhole(job);
        },
      });
    });
  }
});
