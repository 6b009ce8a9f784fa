import { expect } from "chai";
import { connect } from "../chain.ts";
import { allowed, assetsWith, committees, manyAssets, month, refused } from "./badTerms.ts";
import { fixtureOf, noisyTermsOf, rhoOf } from "./job.ts";

const chain = await connect();
const { ethers } = chain;
const salt = ethers.id("salt");
const fresh = fixtureOf(chain, async () => {});

describe("post: terms", () => {
  for (const [field, what, fields] of refused) {
    it(`are refused with ${field}: ${what}`, async () => {
      const job = await fresh();
      const terms = { ...job.terms, ...fields(job.terms) };
      await expect(job.as().post(terms))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadTerms")
        .withArgs(field);
    });
  }

  it("are refused with a committee that is not one of the six", async () => {
    const job = await fresh();
    for (const committee of committees) {
      await expect(job.as().post({ ...job.terms, ...committee }))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadTerms")
        .withArgs("k, t, m, f");
    }
    for (const committee of allowed) await job.as().post.staticCall({ ...job.terms, ...committee }, salt);
  });

  it("are refused with a rho that is not that of the rounds and the noise, rounded up", async () => {
    const job = await fresh();
    const { jobs } = job.stage;
    const noisy = noisyTermsOf(job.stage, 7001);
    expect(rhoOf(4, 7001)).to.equal(40_804_668n);
    for (const rhoNano of [40_804_667n, 40_804_669n, 0n]) {
      await expect(job.as().post({ ...noisy, assets: assetsWith(noisy, 1, { rhoNano }) }))
        .to.be.revertedWithCustomError(jobs, "JobMarket_WrongRhoNano")
        .withArgs(1, rhoNano, 40_804_668n);
    }
    await job.as().post.staticCall(noisy, salt);
    await expect(job.as().post({ ...job.terms, assets: assetsWith(job.terms, 2, { rhoNano: 1n }) }))
      .to.be.revertedWithCustomError(jobs, "JobMarket_WrongRhoNano")
      .withArgs(2, 1, 0);
  });

  it("are taken at the last value that each bound allows", async () => {
    const job = await fresh();
    const seconds = { roundSeconds: 10, proposeSeconds: 10, startSeconds: 1 };
    const least = { validationRows: 1000, parameters: 1, rounds: 2, ...seconds };
    const most = {
      ...{ purpose: 255, legalBasis: 999, retentionDays: 36_525, tier: 2, utilityTarget: 0n, aggregation: 2 },
      ...{ parameters: 10_000_000 },
      ...{ startSeconds: month, roundSeconds: month, proposeSeconds: month, challengeSeconds: month },
    };
    for (const fields of [least, most, { assets: manyAssets(12) }, { aggregation: 1, assets: manyAssets(64) }]) {
      await job.as().post.staticCall({ ...job.terms, ...fields }, salt);
    }
  });
});

describe("post: calldata", () => {
  // The event repeats the words as they came: one that no decoder accepts must not get on the chain.
  it("with a word that is not clean is refused, whichever field of the terms it is", async () => {
    const job = await fresh();
    const { jobs, buyer } = job.stage;
    const [type] = jobs.interface.getFunction("post").inputs;
    const data: string = jobs.interface.encodeFunctionData("post", [job.terms, salt]);
    const asset = 28;
    const words = [...type.components.slice(0, -1).entries()].map(([i, c]) => [i, c.type] as const);
    const assetTypes = type.components.at(-1).arrayChildren.components;
    const all = [...words, ...[...assetTypes.entries()].map(([i, c]) => [asset + i, c.type] as const)];
    for (const [at, kind] of all.filter(([, name]) => !/^(bytes32|uint256)$/.test(name))) {
      const start = 2 + 2 * (4 + 64 + 32 * at);
      const dirty = data.slice(0, start) + (kind === "int64" ? "7f" : "80") + data.slice(start + 2);
      await expect(buyer.account.sendTransaction({ to: jobs.target, data: dirty }), `word ${at}, ${kind}`).to.be.revert(
        ethers,
      );
    }
    await buyer.account.sendTransaction({ to: jobs.target, data });
  });
});
