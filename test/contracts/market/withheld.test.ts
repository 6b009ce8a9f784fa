import { expect } from "chai";
import { connect } from "../chain.ts";
import { Job, termsOf } from "./job.ts";
import { openStage, type Stage } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const trials = 24;

/** A market whose beacon's value is set by the test, with so many oracles of equal stake. */
async function stageOf(oracles: number): Promise<Stage> {
  const beacon = await chain.deploy("WithheldBeacon");
  const stage = await openStage(chain, 3, {}, oracles, { beacon });
  for (const oracle of [0, 1]) await beacon.withhold(accountOf(stage, oracle));
  return stage;
}

const seven = () => stageOf(7);
const six = () => stageOf(6);
const accountOf = (stage: Stage, oracle: number): string => stage.oracles[oracle]?.account.address as string;

async function started(stage: Stage): Promise<Job> {
  const job = new Job(stage, termsOf(stage));
  await job.post();
  await job.start();
  return job;
}

/** Committees of one job by so many values of the beacon, each the only draw. */
async function committees(job: Job, complete: boolean): Promise<(readonly string[])[]> {
  const drawn: (readonly string[])[] = [];
  for (let i = 0; i < trials; i++) {
    const snapshot = await chain.takeSnapshot();
    await job.stage.beacon.set(ethers.id(`seed ${i}`), complete);
    const fork = job.fork();
    await fork.seat();
    drawn.push(fork.record.seatAccounts.map((account) => account.toLowerCase()));
    await snapshot.restore();
  }
  return drawn;
}

describe("seat, by a value of which somebody withheld a part", () => {
  it("draws those who revealed alone, where they suffice: else withholding would be a choice of committees", async () => {
    const stage = await chain.loadFixture(seven);
    const job = await started(stage);
    const withheld = [0, 1].map((oracle) => accountOf(stage, oracle).toLowerCase());
    const sits = (seats: readonly string[]) => withheld.some((account) => seats.includes(account));
    expect((await committees(job, false)).filter(sits)).to.deep.equal([]);
    // The same values, did the draw not look: the attack pays.
    expect((await committees(job, true)).filter(sits)).to.have.length.above(trials / 2);
  });

  it("draws from them too where the others do not suffice, after all the others", async () => {
    const stage = await chain.loadFixture(six);
    const job = await started(stage);
    const revealed = [2, 3, 4, 5].map((oracle) => accountOf(stage, oracle).toLowerCase());
    const last = new Set<string>();
    for (const seats of await committees(job, false)) {
      expect([...seats.slice(0, 4)].sort()).to.deep.equal([...revealed].sort());
      last.add(seats[4] as string);
    }
    expect(last.size, "either of the two comes to it").to.equal(2);
  });
});
