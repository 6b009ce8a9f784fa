import { expect } from "chai";
import { connect, type Signer } from "../chain.ts";
import { challenge, fundBond } from "./disputed.ts";
import { fixtureOf, Job, termsOf } from "./job.ts";
import { missingFrom, stableOf } from "./money.ts";

const chain = await connect();
const { ethers } = chain;
const proposed = fixtureOf(chain, (job) => job.toProposed());

/** Two more jobs on the stage of the first, with results. */
async function three(): Promise<[Job, Job, Job]> {
  const first = await proposed();
  const others = [2, 3].map(
    (i) => new Job(first.stage, termsOf(first.stage, { validationRoot: ethers.id(`validation ${i}`) })),
  ) as [Job, Job];
  for (const job of others) await job.toProposed();
  return [first, ...others];
}

/** Arguments of `settle` of this job, ABI-encoded without the selector. */
async function encoded(job: Job): Promise<string> {
  const { data } = await job.as().settle.populateTransaction(...job.settleArguments());
  return `0x${data.slice(10)}`;
}

describe("settleBatch", () => {
  it("settles every job that can be, and says which it skipped for which error", async () => {
    const [first, second, third] = await three();
    const { jobs, banks } = first.stage;
    const challenger = banks[0]?.account as Signer;
    await fundBond(second, challenger);
    await challenge(second, challenger);
    await third.waitUntilAfter(third.record.deadline);
    const batch = [await encoded(first), await encoded(second), "0x1234", await encoded(third)];
    const skipped = jobs.interface.getError("JobMarket_WrongState").selector;
    const sent = await jobs.connect(first.stage.stranger).settleBatch(batch);
    await expect(sent).to.emit(jobs, "SettlementSkipped").withArgs(second.id, skipped);
    await expect(sent).to.emit(jobs, "SettlementSkipped").withArgs(ethers.zeroPadBytes("0x1234", 32), "0x00000000");
    const states = await Promise.all([first, second, third].map(async ({ id }) => (await jobs.jobOf(id)).state));
    expect(states).to.deep.equal([7n, 6n, 7n]);
    for (const job of [first, third]) await job.apply("settle", Promise.resolve(sent));
    expect(await missingFrom(first.stage, [second])).to.equal(0n);
  });

  it("pays as single settlements do: one withdrawal is one transfer, however many jobs led to it", async () => {
    const all = await three();
    const [first, , third] = all;
    const { jobs, stable, banks } = first.stage;
    const bank = banks[1]?.account as Signer;
    await third.waitUntilAfter(third.record.deadline);
    await jobs.settleBatch(await Promise.all(all.map(encoded)));
    const price = 100_000_000n;
    const own = all.map(
      ({ record }) => (record.proposal?.amounts[1] as bigint) + BigInt(record.terms.assets[1]?.price ?? price),
    );
    const owed = own.reduce((a, b) => a + b, 0n);
    expect(await stableOf(first.stage, bank)).to.equal(owed);
    const receipt = await (await jobs.connect(bank).withdraw(2n ** 128n - 1n, 0n)).wait();
    const { topicHash } = stable.interface.getEvent("Transfer");
    const transfers = receipt.logs.filter(({ topics }: { topics: string[] }) => topics[0] === topicHash);
    expect(transfers).to.have.length(1);
    expect(await stable.balanceOf(bank)).to.equal(owed);
  });

  it("of the half itself settles nothing", async () => {
    const job = await proposed();
    const { ending, jobs } = job.stage;
    await job.waitUntilAfter(job.record.deadline);
    await expect(ending.settleBatch([await encoded(job)])).to.emit(ending, "SettlementSkipped");
    expect((await jobs.jobOf(job.id)).state).to.equal(5n);
  });
});
