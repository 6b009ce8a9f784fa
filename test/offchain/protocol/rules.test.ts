import { expect } from "chai";
import { canonicalJson } from "../../../offchain/core/canonicalJson.ts";
import { keccakHex } from "../../../offchain/core/hash.ts";
import { genesisRules, genesisRulesHash } from "../../../offchain/protocol/genesisRules.ts";
import { openRules, parseRules, type Rules, rulesBytes, rulesRefusal } from "../../../offchain/protocol/rules.ts";
import { failure } from "../failure.ts";
import { specFixture } from "./specFixture.ts";

const spec = specFixture();
const rulesWith = (change: Partial<Rules>): Rules => ({ ...genesisRules, ...change });

describe("rules: what a document may say", () => {
  const faults: [field: string, change: object][] = [
    ["version", { version: 2 }],
    ["title", { title: "" }],
    ["minimumValidationRows", { minimumValidationRows: 0 }],
    ["purposes", { purposes: [] }],
    ["purposes.0", { purposes: ["espionage"] }],
    ["legalBases", { legalBases: { CN: ["piplConsent"] } }],
    ["legalBases.XX", { legalBases: { "*": ["gdprConsent"], XX: ["gdprConsent"] } }],
    ["legalBases.*.0", { legalBases: { "*": ["because"] } }],
    ["leastNoiseMilli.espionage", { leastNoiseMilli: { espionage: 1 } }],
    ["leastNoiseMilli.marketing", { leastNoiseMilli: { marketing: 0 } }],
    ["surprise", { surprise: true }],
  ];
  for (const [field, change] of faults) {
    it(`refuses ${JSON.stringify(change)} by its field`, () => {
      const error = failure(() => parseRules({ ...genesisRules, ...change }));
      expect(error.code).to.equal("rules/malformed");
      expect(error.facts.field).to.equal(field);
    });
  }

  it("is read from bytes of the hash that the chain names, and from no others", () => {
    const bytes = rulesBytes(genesisRules);
    expect(openRules(bytes, genesisRulesHash)).to.deep.equal(genesisRules);
    const other = rulesBytes(rulesWith({ title: "others" }));
    const error = failure(() => openRules(other, genesisRulesHash));
    expect([error.code, error.facts.had]).to.deep.equal(["rules/mismatch", keccakHex(other)]);
    const noise = new Uint8Array([0xff]);
    expect(failure(() => openRules(noise, keccakHex(noise))).code).to.equal("rules/malformed");
  });

  it("keeps the hash that went on chains at their genesis: changing it is a break", () => {
    expect(parseRules(JSON.parse(canonicalJson(genesisRules)))).to.deep.equal(genesisRules);
    expect(genesisRulesHash).to.equal("0x9aeca332b3365356822c72c9f146f495532b05990480cc5519f7f5bcc43e5c0a");
  });
});

describe("rules: what a job must keep", () => {
  it("refuses a purpose, a legal basis, too few rows and too little noise, the reason naming what was wrong", () => {
    const refused = (change: Partial<Rules>, jurisdiction = "CH") =>
      rulesRefusal(rulesWith(change), spec, jurisdiction);
    expect(refused({ purposes: ["research"] })).to.equal("purpose creditScoring is not allowed");
    expect(refused({ legalBases: { "*": ["gdprConsent"] } })).to.contain("does not hold in CH");
    const rows = spec.validation.rows;
    expect(refused({ minimumValidationRows: rows + 1 })).to.equal(`${rows} validation rows, at least ${rows + 1}`);
    expect(refused({ leastNoiseMilli: { creditScoring: 500 } })).to.equal(
      "noise multiplier 0/1000, at least 500/1000 for creditScoring",
    );
  });

  it("takes a job that keeps them all, to the last row and the last thousandth of noise", () => {
    const rules = rulesWith({ minimumValidationRows: spec.validation.rows, leastNoiseMilli: { creditScoring: 500 } });
    expect(rulesRefusal(rules, specFixture({ noiseMilli: 500 }), "CH")).to.equal(undefined);
    expect(rulesRefusal(genesisRules, spec, "DE")).to.equal(undefined);
  });

  it("asks a jurisdiction's own entry before the one for all others", () => {
    const rules = rulesWith({ legalBases: { "*": ["gdprConsent"], CH: ["gdprLegitimateInterests"] } });
    const job = specFixture({ legalBasis: "gdprLegitimateInterests" });
    expect(rulesRefusal(rules, job, "CH")).to.equal(undefined);
    expect(rulesRefusal(rules, job, "FR")).to.contain("does not hold in FR");
  });
});
