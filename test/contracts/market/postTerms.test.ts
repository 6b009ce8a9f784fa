import { expect } from "chai";
import { packTerms, unpackTerms } from "../../../offchain/chain/packedTerms.ts";
import { structHash } from "../../../offchain/core/eip712.ts";
import type { JobTerms } from "../../../offchain/protocol/chainStructs.ts";
import { connect } from "../chain.ts";
import { stream } from "../settlement/games.ts";
import { allowed, assetsWith, committees, manyAssets, month, refused } from "./badTerms.ts";
import { fixtureOf, noisyTermsOf, rhoOf } from "./job.ts";
import { randomTerms } from "./randomTerms.ts";

const chain = await connect();
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
    for (const committee of allowed) await job.as().post.staticCall({ ...job.terms, ...committee });
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
    await job.as().post.staticCall(noisy);
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
      await job.as().post.staticCall({ ...job.terms, ...fields });
    }
  });
});

describe("post: calldata", () => {
  it("with bits that no field has is refused: there is one way only to write the same terms", async () => {
    const job = await fresh();
    const packed = packTerms(job.terms as JobTerms);
    for (const bit of [224n, 255n]) {
      await expect(
        job.stage.jobs.connect(job.stage.buyer.account).post({ ...packed, charges: packed.charges | (1n << bit) }),
      )
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadTerms")
        .withArgs("charges");
    }
  });

  it("tells the market each field apart: any bit that is changed changes the terms, and only the field it is in", async () => {
    const { jobs } = (await fresh()).stage;
    const words = stream("packed terms");
    for (let i = 0; i < 200; i++) {
      const terms = randomTerms(words, i % 4);
      expect(await jobs.hashTerms(packTerms(terms))).to.equal(structHash("JobTerms", terms));
      expect(unpackTerms(packTerms(terms))).to.deep.equal(terms);
    }
  });
});
