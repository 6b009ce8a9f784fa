import { expect } from "chai";
import { minimumRows } from "../../../offchain/protocol/cohort.ts";
import { decide, neededConsents, type PolicyCase } from "../../../offchain/protocol/decide.ts";
import { manualPolicy, parsePolicy } from "../../../offchain/protocol/policy.ts";
import { failure } from "../failure.ts";
import { specFixture } from "./specFixture.ts";

const buyer = `0x${"11".repeat(20)}`;
const code = specFixture().codeHash;
const persons = [
  { name: "Ada", key: `0x${"aa".repeat(20)}` },
  { name: "Carla", key: `0x${"cc".repeat(20)}` },
];

function about(change: Partial<PolicyCase> = {}): PolicyCase {
  return { spec: specFixture(), buyer, assetIndex: 0, rows: 1000, codeHash: code, rhoNanoThisMonth: 0n, ...change };
}

function policy(change: object = {}) {
  return parsePolicy({
    ...{ version: 1, mode: "automatic", purposes: ["creditScoring"], aggregations: ["clear"], priceFloor: "100" },
    consents: ["clear", "sumsWithoutNoise"],
    ...change,
  });
}

describe("acceptance policy", () => {
  it("leaves every job to a person unless it says automatic", () => {
    expect(decide(manualPolicy, about()).verdict).to.equal("person");
    expect(decide(policy({ mode: "manual" }), about()).verdict).to.equal("person");
  });

  it("refuses an unknown field", () => {
    expect(() => policy({ colour: "red" }))
      .to.throw()
      .with.property("code", "policy/malformed");
  });

  const refusals: [string, object, Partial<PolicyCase>][] = [
    ["purposes", { purposes: ["fraud"] }, {}],
    ["buyers", { buyers: [`0x${"22".repeat(20)}`] }, {}],
    ["priceFloor", { priceFloor: "100.000001" }, {}],
    ["maxRounds", { maxRounds: 8 }, {}],
    ["codeHashes", {}, { codeHash: `0x${"ef".repeat(32)}` }],
    ["aggregations", { aggregations: ["shares"] }, {}],
    ["rhoPerJob", { rhoNanoPerJob: "9" }, { spec: withRho("10") }],
    ["rhoPerMonth", { rhoNanoPerJob: "10", rhoNanoPerMonth: "15" }, { spec: withRho("10"), rhoNanoThisMonth: 6n }],
  ];
  for (const [rule, change, asked] of refusals) {
    it(`declines by the rule ${rule}, and accepts without it`, () => {
      const decision = decide(policy(change), about(asked));
      expect(decision).to.include({ verdict: "decline", rule });
    });
  }

  it("accepts a job inside every limit", () => {
    expect(decide(policy(), about())).to.include({ verdict: "accept", rule: "all" });
    expect(
      decide(
        policy({ rhoNanoPerJob: "10", rhoNanoPerMonth: "16" }),
        about({ spec: withRho("10"), rhoNanoThisMonth: 6n }),
      ).verdict,
    ).to.equal("accept");
  });

  it("asks for a second person above the limit, whatever its mode", () => {
    const above = { persons, secondPersonAbove: "6560.49" };
    expect(decide(policy({ persons, secondPersonAbove: "6560.5" }), about()).verdict).to.equal("accept");
    expect(decide(policy(above), about())).to.include({ verdict: "two-persons", rule: "secondPersonAbove" });
    expect(decide(policy({ ...above, mode: "manual" }), about())).to.include({ verdict: "two-persons", rule: "mode" });
  });

  it("is refused when a second person could be the first one under another name", () => {
    const [ada] = persons;
    const wrong: object[] = [
      { secondPersonAbove: "100" },
      { secondPersonAbove: "100", persons: [ada] },
      { persons: [ada, { ...ada, name: "Bob" }] },
      { persons: [ada, { ...ada, key: `0x${"bb".repeat(20)}` }] },
    ];
    for (const change of wrong) {
      const error = failure(() => policy(change));
      expect([error.code, error.facts.field], JSON.stringify(change)).to.deep.equal(["policy/malformed", "persons"]);
    }
  });
});

describe("consents beyond the terms", () => {
  it("leave a job to a person while the policy does not give one, by its name", () => {
    const cases: [string, object, Partial<PolicyCase>][] = [
      ["clear", { consents: ["sumsWithoutNoise"] }, {}],
      ["sumsWithoutNoise", { consents: ["clear"] }, {}],
      ["fewRows", {}, { rows: 999 }],
    ];
    for (const [rule, change, asked] of cases) {
      expect(decide(policy(change), about(asked))).to.include({ verdict: "person", rule });
    }
    const all = { consents: ["fewRows", "clear", "sumsWithoutNoise"] };
    expect(decide(policy(all), about({ rows: 4 })).verdict).to.equal("accept");
  });

  it("fewRows is needed below max(1 000, 20 x parameters), counted with the intercept", () => {
    const wide = (count: number) =>
      specFixture({ features: Array.from({ length: count }, (_, i) => ({ name: `f${i}`, min: 0, max: 1 })) });
    expect([minimumRows(wide(2)), minimumRows(wide(49)), minimumRows(wide(50))]).to.deep.equal([1000, 1000, 1020]);
    expect(neededConsents(wide(50), 1019)).to.deep.equal(["fewRows", "clear", "sumsWithoutNoise"]);
    expect(neededConsents(wide(50), 1020)).to.deep.equal(["clear", "sumsWithoutNoise"]);
  });

  it("are none with noise, and not clear where the committee sees sums only", () => {
    expect(neededConsents(specFixture({ noiseMilli: 1000 }), 4)).to.deep.equal([]);
    expect(neededConsents(specFixture({ aggregation: "shares" }), 1000)).to.deep.equal(["sumsWithoutNoise"]);
  });
});

function withRho(rhoNano: string) {
  const spec = specFixture();
  return { ...spec, assets: spec.assets.map((a, i) => (i === 0 ? { ...a, rhoNano } : a)) };
}
