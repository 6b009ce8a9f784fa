import { expect } from "chai";
import { packAttestation } from "../../../offchain/chain/writes/attestation.ts";
import * as disputes from "../../../offchain/chain/writes/disputes.ts";
import type { Addresses } from "../../../offchain/chain/writes/encode.ts";
import { connect, type Signer } from "../chain.ts";
import {
  bondOf,
  dispute,
  fundBond,
  majorityOf,
  openWide,
  panelOf,
  readySecond,
  ruling,
  seatedPanel,
  verdictOf,
} from "./disputed.ts";
import { fixtureOf, type Job } from "./job.ts";
import { adjudicationSeconds, grace } from "./stage.ts";

// A dispute from its first challenge to its end by the calls that the product encodes, as nodes and tools send them.

const chain = await connect();
const { ethers } = chain;
const proposed = fixtureOf(chain, (job) => job.toProposed(), openWide);
const digest = ethers.id("evidence") as `0x${string}`;

type Call = ReturnType<typeof disputes.serveEvidence>;

function product({ stage }: Job): Addresses {
  return { address: () => stage.jobs.target } as unknown as Addresses;
}

async function send(job: Job, by: Signer, call: Call): Promise<void> {
  await job.apply("send", by.sendTransaction({ to: call.to, data: call.data as string }));
}

/** Challenged and seated by the product's calls. */
async function toPanel(): Promise<Job> {
  const job = await proposed();
  const bank = job.stage.banks[0]?.account as Signer;
  await fundBond(job, bank);
  await send(job, bank, disputes.challenge(product(job), job.record, "sum", digest));
  expect(dispute(job).challenges).to.deep.equal([
    { account: bank.address, kind: "sum", evidenceHash: digest, bond: bondOf(job) },
  ]);
  await send(job, job.seatOf(3).account, disputes.serveEvidence(product(job), job.record));
  expect([...dispute(job).served]).to.deep.equal([3]);
  await chain.mine(2);
  await job.stage.beacon.record(dispute(job).beaconRound);
  await job.waitUntilAfter(dispute(job).openUntil);
  const candidates = (await job.rosterOf(dispute(job).roster)) as Parameters<typeof disputes.seatSecond>[2];
  await send(job, bank, disputes.seatSecond(product(job), job.record, candidates));
  expect(dispute(job).panel?.accounts).to.have.length(7);
  return job;
}

describe("The product's calls in a dispute", () => {
  it("carry it to an overturned result, by verdicts that the product signs", async () => {
    const job = await toPanel();
    const { verdict, words } = verdictOf(job, ruling.overturned);
    const own = disputes.verdictOn(job.record, "overturned", verdict.result as never);
    expect(own).to.deep.equal(verdict);
    const panel = panelOf(job);
    const signed = majorityOf(job).map(async (seat) => {
      return [seat, await job.sign(panel[seat]?.operator as never, "Verdict", own)] as const;
    });
    const attestation = packAttestation(new Map(await Promise.all(signed)));
    const { stranger } = job.stage;
    await send(job, stranger, disputes.resolve(product(job), job.record, own, words, attestation));
    expect(job.record.state).to.equal("Settled");
    expect(dispute(job).closing?.ruling).to.equal("overturned");
    expect(job.record.steps.map(({ step }) => step).slice(-5)).to.deep.equal([
      ...["serve", "seatSecond", "resolve", "settle", "closeDispute"],
    ]);
  });

  it("carry it to the adjudicator and to the exit after it", async () => {
    const judged = await toPanel();
    await readySecond(judged, 0);
    await judged.waitUntilAfter(judged.record.deadline + grace);
    const { verdict } = verdictOf(judged, ruling.upheld);
    const own = disputes.verdictOn(judged.record, "upheld", verdict.result as never);
    await send(judged, judged.stage.admin, disputes.adjudicate(product(judged), judged.record, own, new Uint8Array()));
    expect(judged.record.state).to.equal("Settled");
    const silent = await toPanel();
    const seat = panelOf(silent)[2]?.account as Signer;
    await send(silent, seat, disputes.readySecond(product(silent), silent.record, digest));
    expect([...dispute(silent).there]).to.deep.equal([2]);
    await silent.waitUntilAfter(silent.record.deadline + adjudicationSeconds + 2 * grace);
    await send(silent, silent.stage.stranger, disputes.closeDispute(product(silent), silent.record));
    expect(dispute(silent).closing?.ruling).to.equal("undecided");
    expect(seatedPanel(silent).accounts).to.have.length(7);
  });
});
