import { expect } from "chai";
import fc from "fast-check";
import { connect } from "../chain.ts";
import { openWide } from "./disputed.ts";
import { incentiveOf, missingFrom, sum } from "./money.ts";
import type { Stage } from "./stage.ts";
import { type Move, move, stepNames, type Walk } from "./walk.ts";

const chain = await connect();
const open = () => openWide(chain);

// Invariant 4 (test/contracts/invariants): after any sequence of calls the market's stable tokens are all credits and what the
// jobs that are not closed hold: their terms' amounts, the deposit, and once they are seated the bonds, and of open disputes theirs.

/** Random moves, of which those that bring a job forward are the likelier. */
const moves = fc.array(
  fc.record({
    step: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom<Move["step"]>("post", "start", "seat", "propose", "settle") },
      { weight: 9, arbitrary: fc.constant<Move["step"]>("forward") },
      { weight: 2, arbitrary: fc.constantFrom<Move["step"]>("failRunning", "failFinished", "absent", "ready") },
      {
        weight: 3,
        arbitrary: fc.constantFrom<Move["step"]>(
          "challenge",
          "challenge",
          "join",
          "serve",
          "resolve",
          "adjudicate",
          "closeDispute",
        ),
      },
      { weight: 2, arbitrary: fc.constantFrom(...stepNames) },
    ),
    job: fc.nat(1000),
    chance: fc.integer({ min: 1, max: 2 ** 20 }),
  }),
  { minLength: 90, maxLength: 100 },
);

async function incentivesOf(stage: Stage): Promise<bigint> {
  const credits = await Promise.all(stage.banks.map(({ account }) => incentiveOf(stage, account)));
  return sum(credits) + ((await stage.incentive.totalSupply()) as bigint);
}

describe("Market: conservation", () => {
  it("holds after every one of some hundred random steps of many jobs at once", async () => {
    const reached = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(moves, async (sequence) => {
        const stage = await chain.loadFixture(open);
        const walk: Walk = { stage, jobs: [], done: new Map() };
        const before = await incentivesOf(stage);
        for (const next of sequence) {
          await move(walk, next);
          expect(await missingFrom(stage, walk.jobs), next.step).to.equal(0n);
        }
        const earned = walk.jobs.map(({ record }) => sum(record.closing?.incentives ?? []));
        expect((await incentivesOf(stage)) - before).to.equal(sum(earned));
        for (const { record } of walk.jobs) {
          const closing = record.dispute?.closing;
          const adjudicated = closing?.answered === 0n && closing.ruling !== "undecided" ? ["answered by nobody"] : [];
          for (const end of [record.state, ...(closing ? [closing.ruling, ...adjudicated] : [])]) {
            reached.set(end, (reached.get(end) ?? 0) + 1);
          }
        }
      }),
      // One seed: 7the run has to reach every end, which the lines below check.
      { numRuns: 14, endOnFailure: true, seed: 7 },
    );
    const states = [...reached.keys()];
    expect(states).to.include.members([
      "Settled",
      "Failed",
      "Cancelled",
      "Running",
      "upheld",
      "overturned",
      "nothingValued",
    ]);
    expect(states).to.include.members(["undecided", "answered by nobody"]);
  });
});
