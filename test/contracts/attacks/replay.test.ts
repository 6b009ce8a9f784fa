import { expect } from "chai";
import { connect } from "../chain.ts";
import {
  openWide,
  panelOf,
  resolveArguments,
  ruling,
  type Stated,
  seatSecond,
  toChallenged,
  toPanel,
  verdictOf,
} from "../market/disputed.ts";
import { fixtureOf, Job, termsOf } from "../market/job.ts";
import { deployMarket, parametersOf } from "../market/stage.ts";

// Actor: anyone who keeps what a second committee signed once. Cost: gas. Victim: another job, another market. Loss: none.

const chain = await connect();
const { ethers } = chain;
const challenged = fixtureOf(chain, (job) => toChallenged(job), openWide);
const judged = fixtureOf(chain, (job) => toPanel(job), openWide);

describe("Attack: a verdict that was signed elsewhere", () => {
  it("for another job counts for none but its own", async () => {
    const job = await challenged();
    const other = new Job(job.stage, termsOf(job.stage, { validationRoot: ethers.id("validation 2") }));
    await toChallenged(other);
    for (const disputed of [job, other]) await seatSecond(disputed);
    const [, , , verdict, words, attestation] = await resolveArguments(other, verdictOf(other, ruling.upheld));
    const own = await resolveArguments(job, verdictOf(job, ruling.upheld));
    await expect(job.as().resolve(...own.slice(0, 3), verdict, words, attestation)).to.be.revertedWithCustomError(
      job.stage.jobs,
      "JobMarket_BadSignature",
    );
    // This panel signs the other job's verdict, whose proposal pays the same: good signatures, but not about this job.
    const stated = { verdict: verdict as Stated["verdict"], words: new Uint8Array() };
    await expect(job.as().resolve(...(await resolveArguments(job, stated))))
      .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadVerdict")
      .withArgs("jobId");
    // With this job's own verdict the other's signatures are of other bytes.
    await expect(job.as().resolve(...own.slice(0, 5), attestation)).to.be.revertedWithCustomError(
      job.stage.jobs,
      "JobMarket_BadSignature",
    );
  });

  it("for another market on the same chain, and for another chain, is nobody's signature here", async () => {
    const job = await judged();
    const { jobs } = await deployMarket(chain, job.stage, parametersOf(job.stage.treasury.address));
    const { chainId } = await ethers.provider.getNetwork();
    const stated = verdictOf(job, ruling.upheld);
    const args = await resolveArguments(job, stated);
    const domains = [
      { chainId, verifyingContract: jobs.target },
      { chainId: chainId + 1n, verifyingContract: job.stage.jobs.target },
    ];
    const { farshoreTypes } = await import("../../../offchain/core/eip712.ts");
    const { packAttestation } = await import("../../../offchain/chain/writes/attestation.ts");
    const types = { Verdict: [...farshoreTypes.Verdict], JobResult: [...farshoreTypes.JobResult] };
    for (const fields of domains) {
      const domain = { name: "Farshore", version: "1", ...fields };
      const signed = await Promise.all(
        panelOf(job).map(async ({ operator }, seat) => {
          const signature = await operator.signTypedData(
            domain,
            types,
            stated.verdict as unknown as Record<string, unknown>,
          );
          return [seat, signature as `0x${string}`] as const;
        }),
      );
      await expect(
        job.as().resolve(...args.slice(0, 5), packAttestation(new Map(signed))),
      ).to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadSignature");
    }
  });
});
