import { expect } from "chai";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { simulate } from "../../offchain/chain/simulate.ts";
import { packAttestation } from "../../offchain/chain/writes/attestation.ts";
import { certify } from "../../offchain/chain/writes/market.ts";
import type { FarshoreError } from "../../offchain/core/errors.ts";
import { addVectors, type FieldVector, fieldPrime } from "../../offchain/crypto/field61.ts";
import type { JobView } from "../../offchain/node/network.ts";
import { heldStatements } from "../../offchain/node/oracle/attest.ts";
import { certifiedSet, contributions } from "../../offchain/node/oracle/certifiedSet.ts";
import { type Release, release } from "../../offchain/node/oracle/releases.ts";
import { decodeAttestation } from "../../offchain/protocol/attestations.ts";
import type { RoundSet } from "../../offchain/protocol/chainStructs.ts";
import { gradientSlice } from "../../offchain/protocol/newtonJob.ts";
import type { StateAnswer } from "../../offchain/transport/board.ts";
import { rejection } from "../offchain/failure.ts";
import { expectWhole } from "./closedByTheRules.ts";
import type { Federation } from "./federation.ts";
import { messageIn, statedBy } from "./forge.ts";
import { seatOf } from "./lyingDealer.ts";
import { firstOf, kindOf, lateBut, twoStates, valuesBesideStatement, wrongShares } from "./lyingOracle.ts";
import type { SimulatedParty } from "./parties.ts";
import { faultsAt, play } from "./play.ts";
import { Killed } from "./simulatedNode.ts";

const liar = "oracle-2";
const gone = "oracle-5";

function honest(f: Federation, liars: readonly string[]): string[] {
  return f.oracles.filter(({ name, alive }) => alive && !liars.includes(name)).map(({ name }) => name);
}

function viewOf(f: Federation, oracle = "oracle-3"): JobView {
  return f.node(oracle).running.ctx.network.job((f.job as JobRecord).jobId) as JobView;
}

/** The liar computes its words from another share than it holds: they are wrong wherever it brings them. */
function spoilShare(f: Federation): void {
  const { ctx } = f.node(liar).running;
  const view = viewOf(f, liar);
  const { set } = view.sets[1] as JobView["sets"][number];
  // In memory from here on, where the words are made of it.
  const [first] = certifiedSet(ctx, view, f.specification, 1, set.dealingsRoot) ?? [];
  const share = first?.held.share as FieldVector;
  const { from } = gradientSlice(f.specification);
  share[from] = ((share[from] as bigint) + 1n) % fieldPrime;
}

/** What an oracle would release for round 1 without the last contributor: with the sum of all it would give that one away. */
function smallerSum(f: Federation, oracle = "oracle-3"): Release {
  const { ctx } = f.node(oracle).running;
  const view = viewOf(f, oracle);
  const { set, digest } = view.sets[1] as JobView["sets"][number];
  const held = certifiedSet(ctx, view, f.specification, 1, set.dealingsRoot) as NonNullable<
    ReturnType<typeof certifiedSet>
  >;
  const shares = contributions(held).map((dealing) => dealing.held.share as FieldVector);
  return { kind: "sum", round: 1, roundsDigest: digest, values: addVectors(shares.slice(0, -1)) };
}

/** What the contract says when all oracles sign another set than was or would be certified, and one of them brings it. */
async function refusalOf(f: Federation, change: Partial<RoundSet>): Promise<string | undefined> {
  const { access, parties } = f.market;
  const view = viewOf(f);
  const { set } = view.sets[1] as JobView["sets"][number];
  const message = { ...set, ...change };
  const signatures = new Map(
    view.seats.map(({ operator }, seat) => {
      const party = parties.find((p) => p.operator === operator) as SimulatedParty;
      return [seat, decodeAttestation(statedBy(f.market, party, { kind: "RoundSet", message })).signature];
    }),
  );
  const call = certify(access, f.job as JobRecord, message, packAttestation(signatures));
  return (await simulate(access, f.market.party("oracle-3").operator, call))?.error;
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

  it("about its sum is not named while only four are there, and neither is anybody else: the job is closed by fault", () =>
    play({
      prepare: (f) => {
        f.boards.faults = wrongShares(f, [liar], "sum", 1);
        const watch = f.onStep;
        f.onStep = (seen) => {
          watch(seen);
          if (seen.party === gone && seen.step === "oracle.recordShare" && viewOf(f, gone).sets.length === 2) {
            f.kill(gone, null);
            throw new Killed("it releases nothing");
          }
        };
      },
      judge: (f, job) => {
        for (const name of honest(f, [liar])) expect(faultsAt(f, name), name).to.deep.equal([]);
        // One that lies and one that is gone are more than f: three know no sum, and four signatures are needed to say so.
        expect(job.state).to.equal("Failed");
        expect(job.rounds?.certified).to.equal(2);
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

  it("together with another, on a polynomial through two honest sums, cannot have a third honest one named", () =>
    play({
      oracles: 7,
      change: { committee: { k: 7, t: 2, m: 5, f: 2 } },
      prepare: (f) => {
        const liars = [liar, "oracle-6"];
        const zeros = ["oracle-1", "oracle-3"];
        // The difference to the true polynomial is zero at two honest seats: with five sums, four agree on the lie.
        const off = (seat: number) => zeros.reduce((product, name) => product * BigInt(seat - seatOf(f, name)), 1n);
        f.boards.faults = firstOf(wrongShares(f, liars, "sum", 1, off), lateBut(f, [...zeros, "oracle-4"], "sum"));
      },
      judge: (f, job) => {
        const fault = (name: string) => ({ round: 1, party: f.market.party(name).operator, code: "share/sum" });
        for (const name of honest(f, [liar, "oracle-6"])) {
          expect(faultsAt(f, name), name).to.have.deep.members([fault(liar), fault("oracle-6")]);
        }
        expectWhole(job);
      },
    }));

  it("by sending other values than its statement hashes is refused: one signature stands for one sum", () =>
    play({
      prepare: (f) => {
        f.boards.faults = valuesBesideStatement(f, liar, 1);
      },
      judge: (f, job) => {
        const { operator } = f.market.party(liar);
        for (const name of honest(f, [liar])) {
          const held = f.node(name).running.ctx.store.messages(job.jobId, "share", 1);
          expect(held.filter(({ sender }) => sender === operator)).to.have.length(0);
          expect(faultsAt(f, name), name).to.deep.equal([]);
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
        f.boards.faults = lateBut(f, [liar], "words");
        const watch = f.onStep;
        f.onStep = (seen) => {
          watch(seen);
          if (seen.party === liar && seen.step === "oracle.keepRows" && seen.phase === "after") spoilShare(f);
        };
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
        const lie = (answer: unknown) => {
          const { state, attestations } = answer as StateAnswer;
          return { state: state.length === 0 ? state : state.with(3, (state[3] as number) ^ 1), attestations };
        };
        f.boards.faults = ({ to, rpc }) => {
          if (rpc !== "awaitState") return undefined;
          // It is the first to answer.
          return to === liar ? { answer: lie } : { delayMs: 300 };
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

  it("by signing two states of one round is proven to have done so at every seat, and the round goes on without it", () =>
    play({
      prepare: (f) => {
        f.boards.faults = twoStates(f, liar, 2);
      },
      judge: (f, job) => {
        const { operator } = f.market.party(liar);
        const fault = { round: 2, party: operator, code: "attestation/equivocation" };
        for (const name of honest(f, [liar])) {
          expect(faultsAt(f, name), name).to.deep.equal([fault]);
          const { store } = f.node(name).running.ctx;
          const held = [
            ...store.messages(job.jobId, "attestation", 2),
            ...store.messages(job.jobId, "equivocation", 2),
          ];
          const states = held.filter(({ sender, slot }) => sender === operator && slot.startsWith("StateAttestation"));
          expect(states, "both statements, for whoever slashes").to.have.length(2);
        }
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
      },
      meanwhile: async (f) => {
        const { ctx } = f.node(liar).running;
        const held = () => heldStatements(ctx, viewOf(f, liar), "RoundSet", 1);
        await f.until(({ seatAccounts }) => seatAccounts.length > 0 && held().length === 3);
        const signatures = new Map(held().map(({ seat, attestation }) => [seat, attestation.signature]));
        const set = held()[0]?.attestation.message as RoundSet;
        const outcome = await ctx.network.certify(viewOf(f, liar), set, { signatures });
        expect(outcome.status).to.equal("reverted");
        expect(outcome.reason).to.include("JobMarket_TooFewSignatures");
      },
      judge: (_, job) => {
        expect(job.state).to.equal("Settled");
        expect([job.rounds?.completed, job.rounds?.certified]).to.deep.equal([1, 1]);
      },
    }));

  it("gets no second sum of a round: neither from the contract for another set, nor from a seat that died in between", () => {
    const refusals: Promise<FarshoreError>[] = [];
    // After the sum of round 0 and the opening of H[0,0].
    const sumOfRoundOne = 3;
    let kept = 0;
    return play({
      prepare: (f) => {
        // So that round 1 is over for a while before round 2 is.
        f.boards.faults = (delivery) => {
          const message = delivery.from === "bank-1" ? messageIn(delivery) : undefined;
          return message?.kind === "update" && message.round === 2 ? { delayMs: 2000 } : undefined;
        };
        const watch = f.onStep;
        f.onStep = (seen) => {
          watch(seen);
          if (seen.party !== "oracle-3" || seen.step !== "oracle.keepShare" || seen.phase !== "before") return;
          kept += 1;
          if (kept !== sumOfRoundOne) return;
          const { ctx } = f.node("oracle-3").running;
          refusals.push(rejection(release(ctx, viewOf(f), smallerSum(f))));
          throw new Error("the disk is full");
        };
      },
      meanwhile: async (f) => {
        await f.until(({ certified }) => certified.length === 2);
        const { ctx } = f.node("oracle-1").running;
        const own = () => ctx.store.messages(viewOf(f).jobId, "share", 1).map(({ hash }) => hash);
        const before = own();
        await release(ctx, viewOf(f), smallerSum(f, "oracle-1"));
        expect(own(), "what it released stands").to.deep.equal(before);
        expect(await refusalOf(f, { dealingsRoot: `0x${"01".repeat(32)}` })).to.equal("JobMarket_WrongRound");
        expect(await refusalOf(f, { bitmap: 0b011n })).to.equal("JobMarket_NotFullSet");
        expect(await refusalOf(f, { round: 2, bitmap: 0b011n })).to.equal("JobMarket_NotFullSet");
      },
      judge: async (_, job) => {
        expect(refusals).to.have.length(1);
        expect((await refusals[0])?.code).to.equal("guard/equivocation");
        expectWhole(job);
      },
    });
  });
});
