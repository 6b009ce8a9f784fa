import { expect } from "chai";
import { noPart, partiesHash, proposalHash, roundsHash } from "../../../offchain/chain/partsHash.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { connect } from "../chain.ts";
import { toChallenged } from "./disputed.ts";
import { fixtureOf, type Job, noParties } from "./job.ts";

// Every entry point in every state. Where the state does not have the step, the step is refused for that; where it has, the call
// made here is refused for another reason, which shows that it got past the state.

const chain = await connect();
const { ethers } = chain;
const stateNumbers = {
  Open: 1,
  Seating: 2,
  Running: 3,
  Finished: 4,
  Proposed: 5,
  Disputed: 6,
  Settled: 7,
  Failed: 8,
  Cancelled: 9,
};
type State = keyof typeof stateNumbers;

const reached: Record<State, () => Promise<Job>> = {
  Open: fixtureOf(chain, (job) => job.post()),
  Seating: fixtureOf(chain, async (job) => {
    await job.post();
    await job.start();
  }),
  Running: fixtureOf(chain, (job) => job.toRound(1)),
  Finished: fixtureOf(chain, (job) => job.toFinished()),
  Proposed: fixtureOf(chain, (job) => job.toProposed()),
  Disputed: fixtureOf(chain, (job) => toChallenged(job)),
  Settled: fixtureOf(chain, (job) => job.toSettled()),
  Failed: fixtureOf(chain, async (job) => {
    await job.toSeated();
    await job.waitForGrace();
    await job.fail();
  }),
  Cancelled: fixtureOf(chain, async (job) => {
    await job.post();
    await job.cancel();
  }),
};

const noCommittee = { seatBond: 0n, accounts: noPart, operators: [] };
const noRounds = { certified: 0, completed: 0, reason: 0, cohort: 0n, kin: 0n, digest: noPart, lastState: noPart };
const roots = { modelRoot: noPart, evidenceRoot: noPart, deliveryRoot: noPart };
const noProposal = { kind: 0, signers: 0n, excess: 0n, ...roots, amounts: [], shares: [] };
const nobody = { signers: 0n, signatures: "0x" };

/** The parts as callers bring them; those that do not exist yet are empty. */
function partsOf({ record, terms }: Job) {
  const [committee, rounds] = [record.committee ?? noCommittee, record.rounds ?? noRounds];
  const hot = [record.head, partiesHash(record.parties), committee];
  const parties = record.parties ?? noParties;
  const closing = [record.head, terms, parties, committee, record.seatAccounts, rounds];
  return { hot, rounds, parties, closing, head: record.head, terms, proposal: record.proposal ?? noProposal };
}

const roundsPart = (job: Job, rounds: typeof noRounds) => (job.record.rounds === null ? noPart : roundsHash(rounds));
const proposalPart = (job: Job, proposal: typeof noProposal) =>
  job.record.proposal === null ? noPart : proposalHash(proposal);

/** Parts as `challenge` and `serveEvidence` take them. */
function disputable(job: Job) {
  const { hot, rounds, proposal } = partsOf(job);
  return [...hot, job.record.seatAccounts, roundsPart(job, rounds as typeof noRounds), proposal];
}

function wholeOf(job: Job) {
  const { head, terms, parties, rounds, proposal, hot } = partsOf(job);
  const committee = hot[2] as typeof noCommittee;
  return {
    ...{ head, terms, parties, committee, accounts: job.record.seatAccounts },
    ...{ rounds: rounds as typeof noRounds, proposal: proposal as typeof noProposal, groups: "0x" },
  };
}

/** A verdict on no proposal. */
function noVerdict(job: Job) {
  return { proposalHash: noPart, ruling: 1, result: job.result().result };
}

interface Step {
  readonly name: string;
  /** Arguments that name the job `id` and bring the parts of `job`. */
  readonly args: (job: Job, id: Hex) => unknown[];
  /** States that have the step, each with the reason for which the call made here is refused. */
  readonly states: Partial<Record<State, string>>;
}

const steps: Step[] = [
  { name: "cancel", args: (job, id) => [id, ...job.cancelArguments().slice(1)], states: { Open: "NotBuyer" } },
  {
    name: "expire",
    args: (job, id) => [id, ...job.expireArguments().slice(1)],
    states: { Open: "TooEarly", Seating: "TooEarly" },
  },
  {
    name: "start",
    args: (job, id) => [id, ...job.cancelArguments().slice(1), job.listings(), []],
    states: { Open: "BadAcceptance" },
  },
  {
    name: "seat",
    args: (job, id) => [id, job.record.head, partsOf(job).parties, []],
    states: { Seating: "RosterMismatch" },
  },
  {
    name: "certify",
    args: (job, jobId) => [...partsOf(job).hot, partsOf(job).rounds, job.roundSet({ jobId, bitmap: 0n }), nobody],
    states: { Running: "NotFullSet" },
  },
  {
    name: "certifySmaller",
    args: (job, jobId) => {
      const { head, parties, hot, rounds } = partsOf(job);
      return [head, parties, hot[2], rounds, job.roundSet({ jobId, bitmap: 1n }), nobody];
    },
    states: { Running: "NotFullSet" },
  },
  {
    name: "ready",
    args: (job, id) => [id, ...partsOf(job).hot, job.record.seatAccounts, roundsHash(job.record.rounds), noPart],
    states: { Running: "NotSeat", Finished: "NotSeat" },
  },
  {
    name: "finish",
    args: (job, jobId) => {
      const message = { jobId, round: 0, stateHash: noPart, reason: 1 };
      return [...partsOf(job).hot, partsOf(job).rounds, message, nobody];
    },
    states: { Running: "WrongRound" },
  },
  {
    name: "propose",
    args: (job, jobId) => {
      const { result, words } = job.result(undefined, { jobId });
      const { hot, rounds } = partsOf(job);
      return [job.record.head, job.terms, ...hot.slice(1), rounds, job.groups(), result, words, nobody];
    },
    states: { Finished: "TooFewSignatures" },
  },
  {
    name: "settle",
    args: (job, id) => [id, ...partsOf(job).closing, partsOf(job).proposal],
    states: { Proposed: "TooEarly" },
  },
  {
    name: "fail",
    args: (job, id) => [id, ...partsOf(job).closing],
    states: { Running: "TooEarly", Finished: "TooEarly" },
  },
  {
    name: "challenge",
    args: (job, id) => [id, 2, noPart, ...disputable(job)],
    states: { Proposed: "NotActive", Disputed: "NotActive" },
  },
  { name: "serveEvidence", args: (job, id) => [id, ...disputable(job)], states: { Disputed: "NotSeat" } },
  {
    name: "seatSecond",
    args: (job, id) => {
      const { head, parties, committee, rounds, proposal } = wholeOf(job);
      const hashes = [roundsPart(job, rounds), proposalPart(job, proposal)];
      return [id, head, parties, committee, job.record.seatAccounts, ...hashes, []];
    },
    states: { Disputed: "TooEarly" },
  },
  {
    name: "resolve",
    args: (job, id) => [id, wholeOf(job), { accounts: [], operators: [] }, noVerdict(job), "0x", nobody],
    states: { Disputed: "NoPanel" },
  },
  {
    name: "closeDispute",
    args: (job, id) => [id, wholeOf(job), { accounts: [], operators: [] }],
    states: { Disputed: "TooEarly" },
  },
];

describe("States", () => {
  it("there are none of a job that was not posted: every step is refused", async () => {
    const job = await reached.Open();
    const unknown = ethers.id("no job") as Hex;
    for (const { name, args } of steps) {
      await expect(job.as()[name](...args(job, unknown)), name)
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_UnknownJob")
        .withArgs(unknown);
    }
  });

  for (const state of Object.keys(reached) as State[]) {
    const own = steps.filter(({ states }) => state in states).map(({ name }) => name);
    it(`${state} has ${own.join(", ") || "no step"}, and no other`, async () => {
      const job = await reached[state]();
      const { jobs, committee, stranger } = job.stage;
      expect(Number((await jobs.jobOf(job.id)).state)).to.equal(stateNumbers[state]);
      for (const { name, args, states } of steps) {
        const call = job.as(stranger)[name](...args(job, job.id));
        const reason = states[state];
        if (reason === "RosterMismatch") {
          await expect(call, name).to.be.revertedWithCustomError(committee, `OracleCommittee_${reason}`);
        } else if (reason !== undefined) {
          await expect(call, name).to.be.revertedWithCustomError(jobs, `JobMarket_${reason}`);
        } else {
          const needed = stateNumbers[Object.keys(states)[0] as State];
          await expect(call, name)
            .to.be.revertedWithCustomError(jobs, "JobMarket_WrongState")
            .withArgs(job.id, stateNumbers[state], needed);
        }
      }
    });

    it(`${state}: the same job is not posted again`, async () => {
      const job = await reached[state]();
      await expect(job.as().post(job.terms))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_AlreadyPosted")
        .withArgs(job.id);
    });
  }
});
