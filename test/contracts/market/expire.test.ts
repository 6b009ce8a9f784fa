import { expect } from "chai";
import { connect } from "../chain.ts";
import { fixtureOf, Job, noisyTermsOf, termsOf } from "./job.ts";
import { changesBy, missingFrom } from "./money.ts";
import { packing } from "./packing.ts";
import { grace, jobDeposit, openStage } from "./stage.ts";

const chain = await connect();
const [open, running, cancelled] = [1, 3, 9];
const posted = fixtureOf(chain, (job) => job.post());
const started = fixtureOf(chain, toSeating);
const startedWithNoise = fixtureOf(chain, toSeating, openStage, (stage) => noisyTermsOf(stage, 1000));
const seated = fixtureOf(chain, (job) => job.toSeated());
const everything = 6_253_000_000n + jobDeposit;

async function toSeating(job: Job): Promise<void> {
  await job.post();
  await job.start();
}

describe("expire", () => {
  for (const [name, fixture] of [
    ["Open", posted],
    ["Seating", started],
  ] as const) {
    it(`is refused from ${name} until the deadline and the grace are over`, async () => {
      const job = await fixture();
      const { deadline } = job.record;
      await job.waitUntil(deadline + grace);
      await expect(job.as(job.stage.stranger).expire(...job.expireArguments()))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_TooEarly")
        .withArgs(job.id, deadline + grace + 1);
    });
  }

  it("is refused from a job that runs, and from one that is closed", async () => {
    const job = await seated();
    const { jobs } = job.stage;
    await job.waitForGrace();
    await expect(job.as().expire(...job.expireArguments()))
      .to.be.revertedWithCustomError(jobs, "JobMarket_WrongState")
      .withArgs(job.id, running, open);
    const other = await posted();
    await other.waitForGrace();
    await other.expire();
    await expect(other.as().expire(...other.expireArguments()))
      .to.be.revertedWithCustomError(other.stage.jobs, "JobMarket_WrongState")
      .withArgs(other.id, cancelled, open);
  });

  it("is refused with parties or terms that are not the job's", async () => {
    const job = await started();
    const { jobs } = job.stage;
    await job.waitForGrace();
    const [jobId, head, terms, parties] = job.expireArguments() as [string, object, object, { beaconRound: bigint }];
    await expect(job.as().expire(jobId, head, terms, { ...parties, beaconRound: parties.beaconRound + 1n }))
      .to.be.revertedWithCustomError(jobs, "JobMarket_PartsMismatch")
      .withArgs(job.id);
    const cheaper = { ...job.terms, oracleFee: 0n };
    await expect(job.as().expire(jobId, head, cheaper, parties))
      .to.be.revertedWithCustomError(jobs, "JobMarket_TermsMismatch")
      .withArgs(await packing(jobs).hashTerms(cheaper), job.record.termsHash);
  });

  it("from Open gives everything back, the deposit too, whoever calls", async () => {
    const job = await posted();
    await job.waitForGrace();
    const changes = await changesBy(job, () =>
      job.apply("expire", job.as(job.stage.stranger).expire(...job.expireArguments())),
    );
    expect([changes.buyer, changes.treasury]).to.deep.equal([everything, 0n]);
    expect(job.record.closing).to.include({ outcome: "Cancelled", refunded: everything });
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("from Seating gives everything back and keeps the validation rows: a job of other rows goes on", async () => {
    const job = await started();
    const { stage } = job;
    const next = new Job(stage, termsOf(stage, { base: 7n, validationRoot: chain.ethers.id("other rows") }));
    await next.post();
    await job.waitForGrace();
    const changes = await changesBy(job, () => job.expire());
    expect(changes.buyer).to.equal(everything);
    await expect(job.as().post(job.terms))
      .to.be.revertedWithCustomError(stage.jobs, "JobMarket_AlreadyPosted")
      .withArgs(job.id);
    await next.start();
    expect(next.record.state).to.equal("Seating");
    expect(await missingFrom(stage, [job, next])).to.equal(0n);
  });

  it("from Seating frees the budget that noise reserved", async () => {
    const job = await startedWithNoise();
    const { privacy, banks } = job.stage;
    const budget = async (i: number) => (await privacy.budgetOf(banks[i]?.listing.version.populationId)).toArray();
    expect(await budget(1)).to.deep.equal([10n ** 12n, 0n, 2_000_000_000n]);
    await job.waitForGrace();
    await job.expire();
    for (const i of [0, 1, 2]) expect(await budget(i)).to.deep.equal([10n ** 12n, 0n, 0n]);
  });
});
