import { expect } from "chai";
import { connect } from "../chain.ts";
import { fixtureOf, noisyTermsOf, rhoOf, type Terms } from "./job.ts";

const chain = await connect();
const { ethers } = chain;
const salt = ethers.id("salt");
const month = 2_592_000;
const fresh = fixtureOf(chain, async () => {});

/** Assets of the ordinary terms with one of them changed. */
function assetsWith({ assets }: Terms, index: number, fields: object) {
  return assets.map((asset, i) => (i === index ? { ...asset, ...fields } : asset));
}

function manyAssets(count: number) {
  const share = Math.floor(1e9 / count);
  const weight = (i: number) => (i === 0 ? 1e9 - share * (count - 1) : share);
  return Array.from({ length: count }, (_, i) => ({
    ...{ assetId: i + 1, version: 1, weight: weight(i), rhoNano: 0, price: 0 },
  }));
}

const refused: readonly [field: string, what: string, fields: (terms: Terms) => object][] = [
  ["validationRoot", "none", () => ({ validationRoot: ethers.ZeroHash })],
  ["validationRows", "one less than the market's minimum", () => ({ validationRows: 999 })],
  ["aggregation", "beyond the last", () => ({ aggregation: 3 })],
  ["noiseMilli", "so little that it hides nothing", () => ({ noiseMilli: 9 })],
  ["noiseMilli", "more than a thousand", () => ({ noiseMilli: 1_000_001 })],
  ["noiseMilli", "none with two contributors", () => ({ assets: manyAssets(2) })],
  ["rounds", "none", () => ({ rounds: 0 })],
  ["rounds", "the base rate's alone", () => ({ rounds: 1 })],
  ["purpose", "beyond a listing's bitmap", () => ({ purpose: 256 })],
  ["legalBasis", "beyond every table", () => ({ legalBasis: 1000 })],
  ["retentionDays", "over a century", () => ({ retentionDays: 36_526 })],
  ["rulesVersion", "none", () => ({ rulesVersion: 0 })],
  ["tier", "beyond the last", () => ({ tier: 3 })],
  ["utilityTarget", "above 0, which no log-loss reaches", () => ({ utilityTarget: 1n })],
  ["startSeconds", "none", () => ({ startSeconds: 0 })],
  ["startSeconds", "over a month", () => ({ startSeconds: month + 1 })],
  ["roundSeconds", "below the market's minimum", () => ({ roundSeconds: 9 })],
  ["roundSeconds", "over a month", () => ({ roundSeconds: month + 1 })],
  ["proposeSeconds", "below the market's minimum", () => ({ proposeSeconds: 9 })],
  ["proposeSeconds", "over a month", () => ({ proposeSeconds: month + 1 })],
  ["challengeSeconds", "below the market's minimum", () => ({ challengeSeconds: 3599 })],
  ["challengeSeconds", "over a month", () => ({ challengeSeconds: month + 1 })],
  ["assets", "none", () => ({ assets: [] })],
  ["assets", "one, even with noise", () => ({ noiseMilli: 1000, assets: manyAssets(1) })],
  ["assets", "13 in the clear, where the contract divides by coalitions", () => ({ assets: manyAssets(13) })],
  ["assets", "more than a cohort's bitmap may name", () => ({ aggregation: 1, assets: manyAssets(65) })],
  ["version", "none", (terms) => ({ assets: assetsWith(terms, 1, { version: 0 }) })],
  ["weight", "none of one contributor", (terms) => ({ assets: assetsWith(terms, 2, { weight: 0 }) })],
  ["weight", "a sum of one part less", (terms) => ({ assets: assetsWith(terms, 1, { weight: 333_333_332 }) })],
  ["weight", "a sum of one part more", (terms) => ({ assets: assetsWith(terms, 1, { weight: 333_333_334 }) })],
  ["assetId", "twice the same", (terms) => ({ assets: assetsWith(terms, 2, { assetId: terms.assets[0]?.assetId }) })],
];
const committees = [
  ...[
    { k: 5, t: 2, m: 3, f: 1 },
    { k: 5, t: 3, m: 4, f: 1 },
    { k: 5, t: 2, m: 5, f: 1 },
    { k: 5, t: 2, m: 4, f: 2 },
  ],
  ...[
    { k: 4, t: 2, m: 3, f: 1 },
    { k: 6, t: 2, m: 4, f: 1 },
    { k: 3, t: 1, m: 2, f: 1 },
    { k: 0, t: 0, m: 0, f: 0 },
  ],
];
const allowed = [
  ...[
    { k: 4, t: 1, m: 3, f: 1 },
    { k: 5, t: 2, m: 4, f: 1 },
    { k: 5, t: 1, m: 4, f: 1 },
    { k: 7, t: 2, m: 5, f: 2 },
  ],
  ...[
    { k: 9, t: 2, m: 7, f: 2 },
    { k: 10, t: 3, m: 7, f: 3 },
  ],
];

describe("post: terms", () => {
  for (const [field, what, fields] of refused) {
    it(`are refused with ${field}: ${what}`, async () => {
      const job = await fresh();
      const terms = { ...job.terms, ...fields(job.terms) };
      await expect(job.as().post(terms, salt))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadTerms")
        .withArgs(field);
    });
  }

  it("are refused with a committee that is not one of the six", async () => {
    const job = await fresh();
    for (const committee of committees) {
      await expect(job.as().post({ ...job.terms, ...committee }, salt))
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
      await expect(job.as().post({ ...noisy, assets: assetsWith(noisy, 1, { rhoNano }) }, salt))
        .to.be.revertedWithCustomError(jobs, "JobMarket_WrongRhoNano")
        .withArgs(1, rhoNano, 40_804_668n);
    }
    await job.as().post.staticCall(noisy, salt);
    await expect(job.as().post({ ...job.terms, assets: assetsWith(job.terms, 2, { rhoNano: 1n }) }, salt))
      .to.be.revertedWithCustomError(jobs, "JobMarket_WrongRhoNano")
      .withArgs(2, 1, 0);
  });

  it("are taken at the last value that each bound allows", async () => {
    const job = await fresh();
    const least = { validationRows: 1000, rounds: 2, roundSeconds: 10, proposeSeconds: 10, startSeconds: 1 };
    const most = {
      ...{ purpose: 255, legalBasis: 999, retentionDays: 36_525, tier: 2, utilityTarget: 0n, aggregation: 2 },
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
    const asset = 27;
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
