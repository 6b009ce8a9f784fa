import { expect } from "chai";
import { FarshoreError } from "../../../offchain/core/errors.ts";
import { openSpec, parseJobSpec, specBytes, specHash } from "../../../offchain/protocol/jobSpec.ts";
import { expectTermsOfSpec, parseNanoNat, termsOfSpec } from "../../../offchain/protocol/jobTerms.ts";
import { specFixture } from "./specFixture.ts";

function failure(action: () => unknown): FarshoreError {
  try {
    action();
  } catch (error) {
    if (error instanceof FarshoreError) return error;
    throw error;
  }
  throw new Error("expected a failure");
}

describe("job specification", () => {
  it("refuses an unknown field and names it", () => {
    const error = failure(() => parseJobSpec({ ...specFixture(), colour: "red" }));
    expect(error.code).to.equal("job/bad-spec");
    expect(error.facts.field).to.equal("colour");
  });

  it("refuses an unknown field inside a part and names its path", () => {
    const spec = specFixture();
    const error = failure(() => parseJobSpec({ ...spec, algorithm: { ...spec.algorithm, speed: 1 } }));
    expect(error.facts.field).to.equal("algorithm.speed");
  });

  it("refuses weights that do not add up to a billion", () => {
    const spec = specFixture();
    const assets = spec.assets.map((a, i) => (i === 0 ? { ...a, weightPpb: a.weightPpb - 1 } : a));
    expect(failure(() => parseJobSpec({ ...spec, assets })).facts.field).to.equal("assets");
  });

  it("refuses a feature that stands twice, an asset that stands twice, and a label among the features", () => {
    const spec = specFixture();
    const [first] = spec.features;
    const [asset] = spec.assets;
    expect(failure(() => parseJobSpec({ ...spec, features: [first, first] })).facts.field).to.equal("features");
    expect(failure(() => parseJobSpec({ ...spec, label: "income" })).facts.field).to.equal("label");
    const twice = spec.assets.map((a) => ({ ...a, assetId: asset?.assetId }));
    expect(failure(() => parseJobSpec({ ...spec, assets: twice })).facts.field).to.equal("assets");
  });

  it("refuses served bytes that are not those the chain names, and bytes that are not canonical", () => {
    const spec = specFixture();
    const other = specBytes({ ...spec, name: "another" });
    expect(failure(() => openSpec(other, specHash(spec))).code).to.equal("job/spec-mismatch");
  });

  it("opens what it wrote", () => {
    const spec = specFixture();
    expect(openSpec(specBytes(spec), specHash(spec))).to.deep.equal(spec);
  });
});

describe("terms of a specification", () => {
  it("names the first field in which posted terms differ", () => {
    const spec = specFixture();
    const terms = termsOfSpec(spec);
    const cases: [string, object][] = [
      ["rounds", { ...terms, rounds: 8 }],
      ["base", { ...terms, base: terms.base + 1n }],
      ["utilityTarget", { ...terms, utilityTarget: terms.utilityTarget + 1n }],
      ["assets.1.price", { ...terms, assets: terms.assets.map((a, i) => (i === 1 ? { ...a, price: 1n } : a)) }],
      ["assets.3", { ...terms, assets: [...terms.assets, terms.assets[0]] }],
    ];
    for (const [field, posted] of cases) {
      const error = failure(() => expectTermsOfSpec(posted as typeof terms, spec));
      expect(error.code).to.equal("job/terms-differ");
      expect(error.facts.field).to.equal(field);
      expect(error.party).to.equal("buyer");
    }
  });

  it("states amounts in minor units and utilities in 1e-9 nat", () => {
    const terms = termsOfSpec(specFixture());
    expect(terms.base).to.equal(1_000_000_000n);
    expect(terms.assets[1]?.price).to.equal(120_500_000n);
    expect(terms.utilityTarget).to.equal(-350_000_000n);
    expect(parseNanoNat("-0.000000001")).to.equal(-1n);
    expect(parseNanoNat("2.5")).to.equal(2_500_000_000n);
  });
});
