import { expect } from "chai";
import type { Address, Hex } from "../../../offchain/core/bytes.ts";
import { leafHash, MountainRange, type UsageLeaf } from "../../../offchain/crypto/mmr.ts";
import { connect } from "../chain.ts";
import { Job, noisyTermsOf, type Terms, termsOf } from "./job.ts";
import { openStage, type Stage } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const outcome = { settled: 1, failed: 2, settledAfterAbsence: 3 } as const;
const open = () => openStage(chain);

/** Leaves that a job leaves behind, as the terms, the events and the listings tell them. */
async function leavesOf({ stage, record, terms }: Job, fields: Partial<UsageLeaf>): Promise<UsageLeaf[]> {
  const time = BigInt(await chain.time.latest());
  return stage.banks.map(({ account, assetId, listing }) => ({
    ...{ jobId: record.jobId, assetId, version: 1, datasetRoot: listing.version.datasetRoot as Hex },
    ...{ institution: account.address as Address, buyer: stage.buyer.account.address as Address },
    ...{ purpose: terms.purpose, legalBasis: terms.legalBasis, termsHash: record.termsHash },
    ...{ codeHash: terms.codeHash as Hex, rulesVersion: terms.rulesVersion, aggregation: terms.aggregation },
    ...{ rhoNano: 0n, roundsDigest: record.rounds?.digest as Hex, modelRoot: ethers.id("model") as Hex },
    ...{ outcome: outcome.settled, time, ...fields },
  }));
}

/** Appends the leaves to the range and checks that the ledger holds them, and has the range's root. */
async function expectAppended(stage: Stage, range: MountainRange, leaves: readonly UsageLeaf[], first: bigint | null) {
  expect(first).to.equal(BigInt(range.size));
  for (const leaf of leaves) range.append(leafHash(leaf));
  expect(await stage.usage.root()).to.equal(range.root());
  for (const [i, leaf] of leaves.entries()) {
    const index = Number(first) + i;
    expect(await stage.usage.verify(leaf, index, range.proof(index))).to.equal(true);
    const forged = { ...leaf, outcome: leaf.outcome + 1 };
    expect(await stage.usage.verify(forged, index, range.proof(index))).to.equal(false);
  }
}

function jobOn(stage: Stage, number: number, terms: Terms = termsOf(stage)): Job {
  return new Job(stage, { ...terms, validationRoot: ethers.id(`validation ${number}`) });
}

const first = (job: Job) => job.record.closing?.firstProof ?? null;

describe("Usage proofs of jobs", () => {
  it("are one leaf an asset when the job is settled, with outcome 1 and the model that was proposed", async () => {
    const stage = await chain.loadFixture(open);
    for (const name of ["rules 2", "rules 3"]) await stage.rules.publish(ethers.id(name), "board:rules", 0);
    const job = jobOn(stage, 1, termsOf(stage, { purpose: 1, legalBasis: 7, aggregation: 1, rulesVersion: 3 }));
    await job.toFinished();
    await job.proposeProjected();
    await job.settle();
    await expectAppended(stage, new MountainRange(), await leavesOf(job, {}), first(job));
  });

  it("have outcome 3 after an absence, and 2 without a model when the job failed; one range holds them all", async () => {
    const stage = await chain.loadFixture(open);
    const range = new MountainRange();
    const absent = jobOn(stage, 1);
    await absent.toRound(2);
    await absent.waitUntilAfter(absent.record.deadline);
    await absent.finish({ reason: 2 });
    await absent.propose();
    await absent.settle();
    const left = await leavesOf(absent, { outcome: outcome.settledAfterAbsence });
    await expectAppended(stage, range, left, first(absent));
    for (const [number, bring] of [
      [2, (job: Job) => job.toRound(3)],
      [3, (job: Job) => job.toFinished()],
    ] as const) {
      const job = jobOn(stage, number);
      await bring(job);
      await job.waitForGrace();
      await job.fail();
      const failed = { outcome: outcome.failed, modelRoot: ethers.ZeroHash as Hex };
      await expectAppended(stage, range, await leavesOf(job, failed), first(job));
    }
  });

  it("tell the rho that the certified rounds spent, not what was reserved", async () => {
    const stage = await chain.loadFixture(open);
    const job = jobOn(stage, 1, noisyTermsOf(stage, 7001));
    await job.toRound(3);
    await job.finish();
    await job.propose();
    await job.settle();
    const leaves = await leavesOf(job, { rhoNano: 30_603_501n });
    await expectAppended(stage, new MountainRange(), leaves, first(job));
  });

  it("are none for a job that ended before a round was certified, or before it was seated", async () => {
    const stage = await chain.loadFixture(open);
    const [cancelled, expired, failed] = [jobOn(stage, 1), jobOn(stage, 2), jobOn(stage, 3)];
    await cancelled.post();
    await cancelled.cancel();
    await failed.toSeated();
    await expired.post();
    await expired.start();
    await expired.waitForGrace();
    await expired.expire();
    await failed.waitForGrace();
    await failed.fail();
    expect(await stage.usage.size()).to.equal(0n);
  });
});
