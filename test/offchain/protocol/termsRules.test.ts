import { expect } from "chai";
import type { JobTerms } from "../../../offchain/protocol/chainStructs.ts";
import type { JobSpec } from "../../../offchain/protocol/jobSpec.ts";
import { termsOfSpec } from "../../../offchain/protocol/jobTerms.ts";
import { brokenRule, expectRunnable, rhoNanoOf } from "../../../offchain/protocol/termsRules.ts";
import { allowed, committees, refused } from "../../contracts/market/badTerms.ts";
import type { Terms } from "../../contracts/market/job.ts";
import { failure } from "../failure.ts";
import { specFixture } from "./specFixture.ts";

const ordinary = termsOfSpec(specFixture());
// Cases of the contract's test; minimums are a deployment's, which only its contract knows.
const ofDeployment = (what: string) => /market's minimum/.test(what);

/** Terms with a case's fields, its asset ids as the program has them. */
function broken(fields: (terms: Terms) => object): JobTerms {
  const shaped = { ...ordinary, ...fields(ordinary as unknown as Terms) } as JobTerms;
  const assets = shaped.assets.map((a) => ({ ...a, assetId: BigInt(a.assetId), rhoNano: BigInt(a.rhoNano) }));
  const same = shaped.assets.length > 0 ? assets : [];
  return { ...shaped, assets: same.map((a) => ({ ...a, rhoNano: rhoNanoOf(shaped) })) };
}

describe("rules of a job's terms", () => {
  for (const [field, what, fields] of refused.filter(([, what]) => !ofDeployment(what))) {
    it(`refuse what the contract refuses, ${field}: ${what}`, () => {
      expect(brokenRule(broken(fields))?.field).to.equal(field);
      const error = failure(() => expectRunnable(broken(fields)));
      expect(error.code).to.equal("job/bad-terms");
      expect(error.facts).to.include({ field });
      expect(error.remedy).to.contain(field);
    });
  }

  it("take the six committees of the contract and no other", () => {
    for (const committee of committees) {
      expect(brokenRule({ ...ordinary, ...committee })?.field, JSON.stringify(committee)).to.equal("k, t, m, f");
    }
    expect(brokenRule({ ...ordinary, k: 5, t: 4, m: 5, f: 0 })?.field).to.equal("k, t, m, f");
    for (const committee of allowed) expect(brokenRule({ ...ordinary, ...committee })).to.equal(undefined);
  });

  it("refuse a rho that rounds and noise do not imply", () => {
    expect(rhoNanoOf({ rounds: 4, noiseMilli: 7001 })).to.equal(40_804_668n);
    const assets = ordinary.assets.map((a, i) => (i === 2 ? { ...a, rhoNano: 1n } : a));
    expect(brokenRule({ ...ordinary, assets })?.field).to.equal("rhoNano");
  });

  it("refuse by name what the contract would take and this release cannot run", () => {
    const rho = String(rhoNanoOf({ rounds: specFixture().algorithm.rounds, noiseMilli: 5000 }));
    const cases: [string, Partial<JobSpec>][] = [
      ["aggregation", { aggregation: "encrypted" }],
      ["noiseMilli", { noiseMilli: 5000, assets: specFixture().assets.map((a) => ({ ...a, rhoNano: rho })) }],
    ];
    for (const [field, change] of cases) {
      const terms = termsOfSpec(specFixture(change));
      expect(brokenRule(terms), field).to.equal(undefined);
      const error = failure(() => expectRunnable(terms));
      expect([error.code, error.facts.field]).to.deep.equal(["job/not-in-this-release", field]);
      expect(error.remedy).to.contain(field);
    }
    for (const aggregation of ["shares", "clear"] as const)
      expectRunnable({ ...termsOfSpec(specFixture({ aggregation })) });
  });
});
