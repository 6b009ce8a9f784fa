import { expect } from "chai";
import { packResult } from "../../../offchain/chain/packedResult.ts";
import { keccakHex } from "../../../offchain/core/hash.ts";
import type { JobResult } from "../../../offchain/protocol/chainStructs.ts";
import { packTable } from "../../../offchain/valuation/shapley.ts";
import { connect } from "../chain.ts";
import { fixtureOf, type Job, threeValues } from "./job.ts";

const chain = await connect();
const { ethers } = chain;
const running = fixtureOf(chain, (job) => job.toRound(4));
const finished = fixtureOf(chain, (job) => job.toFinished());
const total = 100_000_000n;

type Brought = ReturnType<Job["result"]>;

async function refuses(job: Job, brought: Brought, error: string, ...facts: unknown[]) {
  await expect(job.as().propose(...(await job.proposeArguments(brought))))
    .to.be.revertedWithCustomError(job.stage.jobs, error)
    .withArgs(...facts);
}

/** A result whose words are these bytes, hashed as they are. */
function withWords(job: Job, words: Uint8Array, fields: object = {}): Brought {
  const { result } = job.result(undefined, { wordsHash: keccakHex(words), ...fields });
  return { result, words };
}

const bad: readonly [field: string, what: string, brought: (job: Job) => Brought][] = [
  ["kind", "beyond the last", (job) => job.result(undefined, { kind: 3 })],
  ["scoreTotal", "one more than the gain", (job) => job.result(undefined, { scoreTotal: total + 1n })],
  ["scoreTotal", "beside another gain", (job) => job.result(undefined, { utilityEnd: -399_999_999n })],
  [
    "scoreTotal",
    "one less than everybody's value",
    (job) => job.result(undefined, { scoreTotal: total - 1n, utilityEnd: -400_000_001n }),
  ],
  ["removed", "something from exact scores", (job) => job.result(undefined, { removed: 1n })],
  ["ridgeTerm", "a ridge term of exact scores", (job) => job.result(undefined, { ridgeTerm: -1n })],
  ["words", "a table that gives nobody something", (job) => job.result(threeValues.with(0, 1n))],
  ["words", "of two contributors", (job) => withWords(job, packTable([0n, 1n, 2n, total]))],
  ["words", "a byte short", (job) => withWords(job, packTable(threeValues).slice(0, -1))],
  ["words", "a byte long", (job) => withWords(job, new Uint8Array([...packTable(threeValues), 0]))],
  ["words", "none", (job) => withWords(job, new Uint8Array())],
];

describe("propose: the result", () => {
  for (const [field, what, brought] of bad) {
    it(`is refused with ${field}: ${what}`, async () => {
      const job = await finished();
      await refuses(job, brought(job), "JobMarket_BadResult", field);
    });
  }

  it("is refused by weight with words or with a score", async () => {
    const job = await finished();
    const words = packTable(threeValues);
    const wordy = { ...job.byWeight({ wordsHash: keccakHex(words) }), words };
    await refuses(job, wordy, "JobMarket_BadResult", "words");
    const scored = { scoreTotal: 1n, utilityEnd: -499_999_999n };
    await refuses(job, job.byWeight(scored), "JobMarket_BadResult", "scoreTotal");
  });

  it("is one of this job and of its terms", async () => {
    const job = await finished();
    const jobId = ethers.id("another job");
    await refuses(job, job.result(undefined, { jobId }), "JobMarket_UnknownJob", jobId);
    // What the job and the words say themselves is not brought: a result that was signed with others is another one.
    for (const field of ["termsHash", "roundsDigest", "wordsHash"]) {
      const args = await job.proposeArguments(job.result(undefined, { [field]: ethers.id("other") }));
      await expect(job.as().propose(...args), field).to.be.revertedWithCustomError(
        job.stage.jobs,
        "JobMarket_BadSignature",
      );
    }
  });
});

describe("propose: what is brought", () => {
  it("has the terms of the head: a larger pot is refused", async () => {
    const job = await finished();
    const [head, terms, ...rest] = await job.proposeArguments();
    const richer = { ...(terms as object), performance: job.terms.performance + 1n };
    await expect(job.as().propose(head, richer, ...rest))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TermsMismatch")
      .withArgs(await job.as().hashTerms(richer), job.record.termsHash);
  });

  it("has the job's parts: rounds of a smaller cohort are refused", async () => {
    const job = await finished();
    const [head, terms, parties, committee, rounds, ...rest] = await job.proposeArguments();
    const smaller = { ...(rounds as object), cohort: 1n };
    await expect(job.as().propose(head, terms, parties, committee, smaller, ...rest))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_PartsMismatch")
      .withArgs(job.id);
  });

  it("is signed by m seats, each over the fields as they are", async () => {
    const job = await finished();
    const { jobs } = job.stage;
    await expect(job.as().propose(...(await job.proposeArguments(job.result(), [0, 3, 4]))))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TooFewSignatures")
      .withArgs(3, 4);
    for (const field of ["modelRoot", "evidenceRoot", "deliveryRoot"]) {
      const [, signed] = [await job.proposeArguments(), job.result(undefined, { [field]: ethers.id("other") })];
      const attestation = await job.attest("JobResult", signed.result);
      const args = [...(await job.proposeArguments()).slice(0, -1), attestation];
      await expect(job.as().propose(...args), field).to.be.revertedWithCustomError(jobs, "JobMarket_BadSignature");
    }
  });

  it("with bits that no field has is refused: there is one way only to write the same result", async () => {
    const job = await finished();
    const args = await job.proposeArguments();
    const packed = packResult(args[6] as JobResult);
    for (const bit of [72n, 255n]) {
      const odd = [...args.slice(0, 6), { ...packed, rest: packed.rest | (1n << bit) }, ...args.slice(7)];
      await expect(job.as().propose(...odd))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadResult")
        .withArgs("rest");
    }
    await job.apply("propose", job.as().propose(...args));
    expect(job.record.result).to.deep.equal(args[6]);
  });
});

describe("propose: time and state", () => {
  it("is until the deadline", async () => {
    const job = await finished();
    const args = await job.proposeArguments();
    await job.waitUntilAfter(job.record.deadline);
    await expect(job.as().propose(...args))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooLate")
      .withArgs(job.id, job.record.deadline);
  });

  it("is after `finish`, and once", async () => {
    const early = await running();
    await expect(early.as().propose(...(await early.proposeArguments())))
      .to.be.revertedWithCustomError(early.stage.jobs, "JobMarket_WrongState")
      .withArgs(early.id, 3, 4);
    const job = await finished();
    const args = await job.proposeArguments();
    await job.propose();
    await expect(job.as().propose(...args))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_WrongState")
      .withArgs(job.id, 5, 4);
  });

  it("opens the window for challenges, in the deadline's second too, whoever calls", async () => {
    const job = await finished();
    const args = await job.proposeArguments(job.result(), [0, 1, 2, 4]);
    await job.waitUntil(job.record.deadline);
    await job.apply("propose", job.as(job.stage.stranger).propose(...args));
    const [state, deadline] = await job.stage.jobs.jobOf(job.id);
    expect([state, Number(deadline)]).to.deep.equal([5n, (await chain.time.latest()) + job.terms.challengeSeconds]);
    const { modelRoot, evidenceRoot, deliveryRoot } = job.result().result;
    expect(job.record.proposal).to.include({ kind: 0, signers: 0b10111n, modelRoot, evidenceRoot, deliveryRoot });
  });
});
