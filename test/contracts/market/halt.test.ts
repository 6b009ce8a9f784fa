import { expect } from "chai";
import { fromRlp, keccak256, toRlp } from "viem";
import { headerOf, type RpcBlock } from "../../../offchain/chain/blockHeader.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { connect, type Signer } from "../chain.ts";
import { challengeArguments, fundBond, openWide, resolveArguments, ruling, toPanel, verdictOf } from "./disputed.ts";
import { fixtureOf, type Job } from "./job.ts";
import { grace, haltGap } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const length = 5000;

async function header(number: number): Promise<Hex> {
  const quantity = ethers.toQuantity(number);
  return headerOf((await ethers.provider.send("eth_getBlockByNumber", [quantity, false])) as RpcBlock);
}

/** The headers of the newest block and of the one before it. */
async function newest(): Promise<[parent: Hex, header: Hex]> {
  const number = await ethers.provider.getBlockNumber();
  return [await header(number - 1), await header(number)];
}

/** The chain makes no block for so long; what proves it. */
async function halts(seconds = length): Promise<[Hex, Hex]> {
  await chain.time.increase(seconds);
  return newest();
}

/** A halt that is on record. */
async function recorded(job: Job, seconds = length): Promise<void> {
  await job.stage.jobs.recordHalt(...(await halts(seconds)));
}

const posted = fixtureOf(chain, (job) => job.post());
const seating = fixtureOf(chain, async (job) => {
  await job.post();
  await job.start();
});
const running = fixtureOf(chain, (job) => job.toRound(1));
const finished = fixtureOf(chain, (job) => job.toFinished());
const proposed = fixtureOf(chain, (job) => job.toProposed());
const judged = fixtureOf(chain, (job) => toPanel(job), openWide);

describe("recordHalt, refused", () => {
  const refused = async (job: Job, parent: Hex, own: Hex, reason: string) =>
    expect(job.stage.jobs.recordHalt(parent, own), reason)
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadHeader")
      .withArgs(reason);

  it("for bytes that are no header, and for one that is not the chain's", async () => {
    const job = await posted();
    const [parent, own] = await halts();
    await refused(job, parent, "0x", "header");
    await refused(job, parent, `${own}00`, "header");
    // One second more in the time of a true header: 12 fields on, before extra data, mixHash and nonce.
    const block = (await ethers.provider.send("eth_getBlockByNumber", ["latest", false])) as RpcBlock;
    const later = ethers.toQuantity(BigInt(block.timestamp as string) + 100n);
    expect(keccak256(own)).to.equal(block.hash);
    const fields = fromRlp(own, "hex") as Hex[];
    fields[11] = later as Hex;
    await refused(job, parent, toRlp(fields), "blockhash");
  });

  it("for a parent that is another block, and for a block whose hash the chain has forgotten", async () => {
    const job = await posted();
    await chain.mine(1);
    const [parent, own] = await halts();
    const number = await ethers.provider.getBlockNumber();
    await refused(job, await header(number - 2), own, "parentHash");
    await chain.mine(257);
    await refused(job, parent, own, "blockhash");
  });

  it("for a block that nobody has seen in a block yet: the one that would hold the call", async () => {
    const job = await posted();
    const [parent, own] = await halts();
    const fields = fromRlp(own, "hex") as Hex[];
    fields[8] = ethers.toBeHex((await ethers.provider.getBlockNumber()) + 1) as Hex;
    await refused(job, parent, toRlp(fields), "blockhash");
  });

  it("for a pause of no more than the gap, and a second time", async () => {
    const job = await posted();
    const { jobs } = job.stage;
    await expect(jobs.recordHalt(...(await halts(haltGap))))
      .to.be.revertedWithCustomError(jobs, "JobMarket_NoHalt")
      .withArgs(haltGap, haltGap + 1);
    const from = await chain.time.latest();
    const proof = await halts(haltGap + 1);
    await jobs.recordHalt(...proof);
    await expect(jobs.recordHalt(...proof))
      .to.be.revertedWithCustomError(jobs, "JobMarket_HaltKnown")
      .withArgs(from);
  });
});

describe("recordHalt", () => {
  it("says from when to when the chain made no block", async () => {
    const job = await posted();
    const from = await chain.time.latest();
    const proof = await halts();
    const number = await ethers.provider.getBlockNumber();
    await expect(job.stage.jobs.recordHalt(...proof))
      .to.emit(job.stage.jobs, "HaltRecorded")
      .withArgs(from, from + length, number);
  });

  const late: [string, () => Promise<Job>, (job: Job) => Promise<unknown[]>][] = [
    ["start", posted, (job) => job.startArguments()],
    ["seat", seating, (job) => job.seatArguments()],
    ["certify", running, (job) => job.certifyArguments()],
    ["ready", running, async (job) => job.readyArguments()],
    ["propose", finished, (job) => job.proposeArguments()],
    ["challenge", proposed, async (job) => challengeArguments(job)],
    ["resolve", judged, (job) => resolveArguments(job, verdictOf(job, ruling.upheld))],
  ];
  for (const [step, fixture, args] of late) {
    it(`gives ${step} the time that the halt took, to the second, and no more`, async () => {
      const job = await fixture();
      const { stage } = job;
      const caller = step === "ready" ? job.seatOf(0).account : (stage.banks[0]?.account as Signer);
      if (step === "challenge") await fundBond(job, caller);
      if (step === "seat") {
        await chain.mine(2);
        await stage.beacon.record(job.record.parties?.beaconRound);
      }
      const { deadline } = job.record;
      const call = async () => job.as(caller)[step](...(await args(job)));
      const proof = await halts(length);
      await expect(call(), "without a record").to.be.revertedWithCustomError(stage.jobs, "JobMarket_TooLate");
      await stage.jobs.recordHalt(...proof);
      const snapshot = await chain.takeSnapshot();
      await job.waitUntilAfter(deadline + length);
      await expect(call(), "after it").to.be.revertedWithCustomError(stage.jobs, "JobMarket_TooLate");
      await snapshot.restore();
      await job.waitUntil(deadline + length);
      await call();
    });
  }

  const exits: [string, () => Promise<Job>, (job: Job) => unknown[], number][] = [
    ["expire", posted, (job) => job.expireArguments(), grace],
    ["expire", seating, (job) => job.expireArguments(), grace],
    ["fail", running, (job) => job.failArguments(), grace],
    ["fail", finished, (job) => job.failArguments(), grace],
    ["settle", proposed, (job) => job.settleArguments(), 0],
  ];
  for (const [exit, fixture, args, patience] of exits) {
    it(`holds ${exit} off for as long, from ${exit === "expire" ? "Open and Seating" : "its state"}`, async () => {
      const job = await fixture();
      const { deadline } = job.record;
      await recorded(job);
      await job.waitUntil(deadline + length + patience);
      await expect(job.as()[exit](...args(job)))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooEarly")
        .withArgs(job.id, deadline + length + patience + 1);
      await job.waitUntilAfter(deadline + length + patience);
      await job.apply(exit, job.as()[exit](...args(job)));
      expect(job.record.closing).to.not.equal(null);
    });
  }

  it("does nothing for a window that was opened by a later block, however late the record comes", async () => {
    const job = await running();
    const { jobs } = job.stage;
    const proof = await halts(haltGap + 30);
    // The window of the next round opens after the halt; the one before it was over.
    await jobs.recordHalt(...proof);
    await job.certify();
    const { deadline } = job.record;
    await job.waitUntilAfter(deadline);
    await expect(job.as().certify(...(await job.certifyArguments())))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TooLate")
      .withArgs(job.id, deadline);
  });

  it("counts one that began in the last seconds of a window, and not one after it", async () => {
    const job = await running();
    const { deadline } = job.record;
    await chain.time.increaseTo(deadline - 3);
    await recorded(job, 1000);
    await job.waitUntil(deadline + 1000);
    await job.certify();
    const other = await running();
    await chain.time.increaseTo(other.record.deadline + 1);
    await recorded(other, 1000);
    await expect(other.as().certify(...(await other.certifyArguments())))
      .to.be.revertedWithCustomError(other.stage.jobs, "JobMarket_TooLate")
      .withArgs(other.id, other.record.deadline);
  });

  it("adds up over halts, told in any order, and one that began in the time of another", async () => {
    const job = await running();
    const { jobs } = job.stage;
    const { deadline } = job.record;
    const first = await halts(1000);
    // Past the deadline, within the time that the first one gives back.
    const second = await halts(2000);
    await chain.mine(1);
    const third = await halts(500);
    for (const proof of [third, first, second]) await jobs.recordHalt(...proof);
    const snapshot = await chain.takeSnapshot();
    const { deadline: same } = job.record;
    expect(same).to.equal(deadline);
    await job.waitUntilAfter(deadline + 3500);
    await expect(job.as().certify(...(await job.certifyArguments())))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TooLate")
      .withArgs(job.id, deadline + 3500);
    await snapshot.restore();
    await job.waitUntil(deadline + 3500);
    await job.certify();
  });

  it("may be told in the grace; untold, others close the job", async () => {
    for (const told of [true, false]) {
      const job = await finished();
      const { jobs } = job.stage;
      const { deadline } = job.record;
      await chain.time.increaseTo(deadline - 100);
      const proof = await halts(haltGap + 1);
      await chain.time.increaseTo(deadline + grace - 1);
      if (told) await jobs.recordHalt(...proof);
      await job.waitUntilAfter(deadline + grace);
      const closing = job.as().fail(...job.failArguments());
      if (told) await expect(closing).to.be.revertedWithCustomError(jobs, "JobMarket_TooEarly");
      else await closing;
    }
  });
});
