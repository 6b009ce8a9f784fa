import { expect } from "chai";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { release } from "../../offchain/node/oracle/releases.ts";
import { finishReasons } from "../../offchain/protocol/chainStructs.ts";
import type { StateAnswer } from "../../offchain/transport/board.ts";
import { rejection } from "../offchain/failure.ts";
import { expectWhole } from "./closedByTheRules.ts";
import type { Federation } from "./federation.ts";
import { messageIn, statedBy } from "./forge.ts";
import { seatOf } from "./lyingDealer.ts";
import { firstOf, kindOf, lateBut, wrongShares, wrongWords } from "./lyingOracle.ts";
import { faultsAt, play } from "./play.ts";

const liar = "oracle-2";

function honest(f: Federation, liars: readonly string[]): string[] {
  return f.oracles.filter(({ name, alive }) => alive && !liars.includes(name)).map(({ name }) => name);
}

function expectVoidAfter(job: JobRecord, completed: number): void {
  expect(job.state).to.equal("Settled");
  expect(finishReasons[job.rounds?.reason ?? 0]).to.equal("absent");
  expect([job.rounds?.completed, job.rounds?.certified]).to.deep.equal([completed, completed + 1]);
}

describe("an oracle that lies", () => {
  for (const order of ["first", "last"] as const) {
    it(`about its sum is named by decoding at all five seats when it is heard ${order}`, () =>
      play({
        prepare: (f) => {
          const late = order === "first" ? lateBut(f, [liar], "sum") : lateBut(f, honest(f, [liar]), "sum");
          const lie = wrongShares(f, [liar], "sum", 1);
          f.boards.faults = async (delivery) => {
            const fault = { ...(await late(delivery)), ...(await lie(delivery)) };
            return Object.keys(fault).length === 0 ? undefined : fault;
          };
        },
        judge: (f, job) => {
          const fault = { round: 1, party: f.market.party(liar).operator, code: "share/sum" };
          for (const name of honest(f, [liar])) expect(faultsAt(f, name), name).to.deep.equal([fault]);
          expectWhole(job);
        },
      }));
  }

  it("about its sum is not named while only four are there, and neither is anybody else: the round is void", () =>
    play({
      prepare: (f) => {
        const silent = "oracle-5";
        f.boards.faults = firstOf(wrongShares(f, [liar], "sum", 1), async (delivery) => {
          const sum = delivery.from === silent && (await kindOf(f, delivery)) === "sum";
          return sum && messageIn(delivery)?.round === 1 ? { lost: "message" } : undefined;
        });
      },
      judge: (f, job) => {
        for (const name of honest(f, [liar, "oracle-5"])) expect(faultsAt(f, name), name).to.deep.equal([]);
        // The silent one hears everybody, itself included: five sums, one liar.
        const fault = { round: 1, party: f.market.party(liar).operator, code: "share/sum" };
        expect(faultsAt(f, "oracle-5")).to.deep.equal([fault]);
        expectVoidAfter(job, 1);
      },
    }));

  it("about its sum together with another is named with it, in a committee of (7,2,5,2)", () =>
    play({
      oracles: 7,
      change: { committee: { k: 7, t: 2, m: 5, f: 2 } },
      prepare: (f) => {
        const liars = [liar, "oracle-6"];
        f.boards.faults = firstOf(wrongShares(f, liars, "sum", 1), lateBut(f, liars, "sum"));
      },
      judge: (f, job) => {
        const fault = (name: string) => ({ round: 1, party: f.market.party(name).operator, code: "share/sum" });
        for (const name of honest(f, [liar, "oracle-6"])) {
          expect(faultsAt(f, name), name).to.have.deep.members([fault(liar), fault("oracle-6")]);
        }
        expectWhole(job);
      },
    }));

  it("about its share of the validation key is named, and the rows open all the same", () =>
    play({
      prepare: (f) => {
        f.boards.faults = firstOf(wrongShares(f, [liar], "validationKey", 0), lateBut(f, [liar], "validationKey"));
      },
      judge: (f, job) => {
        const fault = { round: 0, party: f.market.party(liar).operator, code: "share/validationKey" };
        for (const name of honest(f, [liar])) expect(faultsAt(f, name), name).to.deep.equal([fault]);
        expectWhole(job);
      },
    }));

  it("about its words is named and left out: the job settles with the others' words", () =>
    play({
      prepare: (f) => {
        f.boards.faults = firstOf(wrongWords(f, liar), lateBut(f, [liar], "words"));
      },
      judge: (f, job) => {
        const fault = { round: 0, party: f.market.party(liar).operator, code: "words/wrong" };
        for (const name of honest(f, [liar])) expect(faultsAt(f, name), name).to.deep.equal([fault]);
        expectWhole(job);
        const signers = job.proposal?.signers ?? 0n;
        expect((signers >> BigInt(seatOf(f, liar))) & 1n, "the liar signed").to.equal(0n);
      },
    }));

  it("about a state is not believed: the bank names it and takes the state that m seats signed", () =>
    play({
      prepare: (f) => {
        f.boards.faults = ({ to, rpc }) => {
          if (rpc !== "awaitState" || to !== liar) return f.boards.usual({ to, rpc });
          return {
            answer: (answer) => {
              const { state, attestations } = answer as StateAnswer;
              return { state: state.length === 0 ? state : state.with(3, (state[3] as number) ^ 1), attestations };
            },
          };
        };
      },
      judge: (f, job) => {
        const party = f.market.party(liar).account;
        const named = ["bank-1", "bank-2", "bank-3"].flatMap((bank) => faultsAt(f, bank));
        expect(named.length, "times that a bank was served the lie").to.be.at.least(1);
        for (const fault of named) expect(fault).to.include({ party, code: "state/not-attested" });
        expectWhole(job);
      },
    }));

  for (const kind of ["RoundSet", "StateAttestation", "Finish", "JobResult", "sum", "size", "validationKey", "words"]) {
    it(`by saying no ${kind} holds up nobody: the job settles with four seats`, () =>
      play({
        prepare: (f) => {
          f.boards.faults = async (delivery) =>
            delivery.from === liar && (await kindOf(f, delivery)) === kind ? { lost: "message" } : undefined;
        },
        judge: (f, job) => {
          for (const { name } of f.oracles) expect(faultsAt(f, name), name).to.deep.equal([]);
          expectWhole(job);
        },
      }));
  }

  it("cannot have a round certified that three seats hold: the contract counts signatures", () =>
    play({
      prepare: (f) => {
        f.boards.faults = (delivery) => {
          const message = delivery.from === "bank-2" ? messageIn(delivery) : undefined;
          const skipped = message?.kind === "update" && message.round === 1 && seatOf(f, delivery.to) >= 3;
          return skipped ? { lost: "message" } : undefined;
        };
        f.onRunning = async (job) => {
          const { ctx } = f.node(liar).running;
          const held = ctx.store.messages(job.jobId, "attestation", 1).filter(({ slot }) => slot === "RoundSet");
          const view = ctx.network.job(job.jobId);
          if (held.length < 3 || view === undefined || f.tried !== null) return;
          const said = f.statementsOf(liar, "RoundSet", 1);
          f.tried = await ctx.network.certify(view, said.message, { signatures: said.signatures });
        };
      },
      judge: (f, job) => {
        expect(f.tried?.status).to.equal("reverted");
        expect(job.state).to.equal("Settled");
        expect(job.rounds?.completed).to.equal(1);
      },
    }));

  it("gets no second sum: a seat releases one for a round, and refuses another also when it died in between", () =>
    play({
      prepare: (f) => {
        void [release, rejection, statedBy];
      },
      judge: (_, job) => expectWhole(job),
    }));
});
