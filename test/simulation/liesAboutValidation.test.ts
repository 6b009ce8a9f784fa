import { expect } from "chai";
import { systemRandom } from "../../offchain/core/rng.ts";
import { encodeValidation } from "../../offchain/data/validationRows.ts";
import { resultKinds } from "../../offchain/protocol/chainStructs.ts";
import { dealValidation, validationScope } from "../../offchain/protocol/validationDelivery.ts";
import { expectWhole } from "./closedByTheRules.ts";
import { oracleAt, secondValidation } from "./lyingDealer.ts";
import { faultsAt, play } from "./play.ts";
import { drawRows } from "./rows.ts";

// As many rows as were committed to, but others.
const otherRows = () => encodeValidation(drawRows(123, 80, 60), systemRandom(32));
const byWeight = resultKinds.indexOf("byWeight");

describe("whoever owes the validation rows and lies", () => {
  it("with other rows than it committed to: the pot goes by weight, and the buyer's deposit is the treasury's", () =>
    play({
      payload: otherRows(),
      judge: async (f, job) => {
        const fault = { round: 0, party: f.market.party("buyer").account, code: "validation/refused" };
        for (const { name } of f.oracles) expect(faultsAt(f, name), name).to.deep.equal([fault]);
        expectWhole(job);
        expect(job.proposal?.kind).to.equal(byWeight);
        const deposit = await f.market.access.call("JobMarket", "jobDeposit", []);
        expect(job.closing?.treasury).to.be.at.least(Number(deposit));
        const whole = job.terms.base + job.terms.performance;
        expect(job.proposal?.amounts.reduce((sum, amount) => sum + amount, 0n)).to.equal(whole);
      },
    }));

  it("as an evaluator: its bond is the treasury's", async () => {
    let evaluator = "";
    await play({
      change: (m) => {
        evaluator = m.party("evaluator").account;
        return { evaluator };
      },
      payload: otherRows(),
      judge: (f, job) => {
        const fault = { round: 0, party: evaluator, code: "validation/refused" };
        for (const { name } of f.oracles) expect(faultsAt(f, name), name).to.deep.equal([fault]);
        expectWhole(job);
        expect(job.proposal?.kind).to.equal(byWeight);
      },
    });
  });

  it("by bringing bytes that are no rows at all: the same", () =>
    play({
      payload: systemRandom(100),
      judge: (f, job) => {
        const fault = { round: 0, party: f.market.party("buyer").account, code: "validation/refused" };
        for (const { name } of f.oracles) expect(faultsAt(f, name), name).to.deep.equal([fault]);
        expectWhole(job);
        expect(job.proposal?.kind).to.equal(byWeight);
      },
    }));

  it("by bringing two seats another dealing: it is proven to have signed both, and no round is certified", () =>
    play({
      prepare: (f) => {
        f.boards.faults = secondValidation(f, [1, 3], (job) =>
          dealValidation(validationScope(f.market.manifest.chainId, job.jobId), otherRows(), job.terms, systemRandom),
        );
      },
      judge: (f, job) => {
        const fault = { round: 0, party: f.market.party("buyer").operator, code: "update/second-dealing" };
        for (const seat of [0, 1, 2, 3, 4]) {
          expect(faultsAt(f, oracleAt(f, seat)), `seat ${seat}`).to.deep.equal([fault]);
        }
        expect([job.state, job.rounds?.certified]).to.deep.equal(["Failed", 0]);
      },
    }));

  it("by bringing one seat another dealing holds up nobody: four have the same, and the job settles", () =>
    play({
      prepare: (f) => {
        f.boards.faults = secondValidation(f, [2], (job) =>
          dealValidation(validationScope(f.market.manifest.chainId, job.jobId), otherRows(), job.terms, systemRandom),
        );
      },
      judge: (f, job) => {
        const fault = { round: 0, party: f.market.party("buyer").operator, code: "update/second-dealing" };
        expect(faultsAt(f, oracleAt(f, 2)).map(({ code }) => code)).to.include(fault.code);
        expectWhole(job);
      },
    }));

  it("as an evaluator that is honest gets its bond back, and the job settles as with the buyer's rows", () =>
    play({
      change: (m) => ({ evaluator: m.party("evaluator").account }),
      judge: (f, job) => {
        for (const { name } of f.oracles) expect(faultsAt(f, name), name).to.deep.equal([]);
        expectWhole(job);
        expect(job.proposal?.kind).to.equal(resultKinds.indexOf("projected"));
      },
    }));
});
