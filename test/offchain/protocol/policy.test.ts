import { expect } from "chai";
import { decide, manualPolicy, type PolicyCase, parsePolicy } from "../../../offchain/protocol/policy.ts";
import { specFixture } from "./specFixture.ts";

const buyer = `0x${"11".repeat(20)}`;
const code = specFixture().codeHash;

function about(change: Partial<PolicyCase> = {}): PolicyCase {
  return { spec: specFixture(), buyer, assetIndex: 0, codeHash: code, rhoNanoThisMonth: 0n, ...change };
}

function policy(change: object = {}) {
  return parsePolicy({
    ...{ version: 1, mode: "automatic", purposes: ["creditScoring"], aggregations: ["clear"], priceFloor: "100" },
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

  it("asks for a second person above the limit", () => {
    expect(decide(policy({ secondPersonAbove: "6560.5" }), about()).verdict).to.equal("accept");
    expect(decide(policy({ secondPersonAbove: "6560.49" }), about()).verdict).to.equal("two-persons");
  });
});

function withRho(rhoNano: string) {
  const spec = specFixture();
  return { ...spec, assets: spec.assets.map((a, i) => (i === 0 ? { ...a, rhoNano } : a)) };
}
