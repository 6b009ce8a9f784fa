import { readFileSync } from "node:fs";
import { expect } from "chai";
import { aggregationNumber, aggregations } from "../../../offchain/core/tables/aggregations.ts";
import { algorithmNumber, algorithms } from "../../../offchain/core/tables/algorithms.ts";
import { consentBits, consents } from "../../../offchain/core/tables/consents.ts";
import { freezeReasons } from "../../../offchain/core/tables/freezeReasons.ts";
import { jurisdictionName, jurisdictionNumber, jurisdictions } from "../../../offchain/core/tables/jurisdictions.ts";
import { legalBases, legalBasisName, legalBasisNumber } from "../../../offchain/core/tables/legalBases.ts";
import type { Table } from "../../../offchain/core/tables/lookup.ts";
import { outcomes } from "../../../offchain/core/tables/outcomes.ts";
import { purposeName, purposeNumber, purposes } from "../../../offchain/core/tables/purposes.ts";
import { roleBits, roles, rolesOfBits } from "../../../offchain/core/tables/roles.ts";
import { tierName, tierNumber, tiers } from "../../../offchain/core/tables/tiers.ts";
import { failure } from "../failure.ts";

const tables: Record<string, Table> = {
  aggregations,
  algorithms,
  consents,
  freezeReasons,
  jurisdictions,
  legalBases,
  outcomes,
  purposes,
  roles,
  tiers,
};

const contract = (path: string) => readFileSync(new URL(`../../../contracts/${path}`, import.meta.url), "utf8");

/** Members of a Solidity enum in order. */
function members(path: string, name: string): string[] {
  const body = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(contract(path))?.[1] ?? "";
  return body.split(",").map((member) => member.trim().toLowerCase());
}

describe("tables with stable numbers", () => {
  it("refuse an unknown name and an unknown number, and names that every object has", () => {
    expect(failure(() => purposeNumber("espionage")).code).to.equal("core/unknown-name");
    expect(failure(() => purposeNumber("toString")).code).to.equal("core/unknown-name");
    expect(failure(() => purposeName(0)).code).to.equal("core/unknown-number");
    expect(failure(() => jurisdictionNumber("XX")).facts.name).to.equal("XX");
    expect(failure(() => rolesOfBits(64)).facts.number).to.equal(64);
  });

  for (const [name, table] of Object.entries(tables)) {
    it(`${name}: no number stands twice, and each fits the contracts`, () => {
      const numbers = Object.values(table).map((row) => row.number);
      expect(new Set(numbers).size).to.equal(numbers.length);
      for (const number of numbers) expect(number).to.be.within(0, 65_535);
      for (const row of Object.values(table)) expect(row.title).to.not.equal("");
    });
  }

  it("keep the numbers that went on a chain: changing one of these is a break", () => {
    expect(purposeNumber("creditScoring")).to.equal(1);
    expect(purposeNumber("moneyLaundering")).to.equal(3);
    expect(purposeNumber("research")).to.equal(6);
    expect(legalBasisNumber("gdprConsent")).to.equal(1);
    expect(legalBasisNumber("gdprLegitimateInterests")).to.equal(6);
    expect(legalBasisName(23)).to.equal("piplStatutoryDuty");
    expect(algorithmNumber("logistic-newton")).to.equal(1);
    expect(consentBits(["fewRows"])).to.equal(1);
    expect(Object.entries(outcomes).map(([name, row]) => [name, row.number])).to.deep.equal([
      ["settled", 1],
      ["failed", 2],
      ["settledAfterAbsence", 3],
    ]);
  });

  it("purposes fit a bitmap of 256 bits, and 0 is none of them", () => {
    for (const { number } of Object.values(purposes)) expect(number).to.be.within(1, 255);
  });

  it("jurisdictions are the 249 of ISO 3166-1", () => {
    expect(Object.keys(jurisdictions)).to.have.length(249);
    for (const [name, number] of [
      ["FR", 250],
      ["DE", 276],
      ["CN", 156],
      ["US", 840],
      ["GB", 826],
      ["AF", 4],
    ] as const) {
      expect(jurisdictionNumber(name)).to.equal(number);
      expect(jurisdictionName(number)).to.equal(name);
    }
    for (const name of Object.keys(jurisdictions)) expect(name).to.match(/^[A-Z]{2}$/);
  });

  it("roles are the bits of contracts/identity/Roles.sol", () => {
    const said = [...contract("identity/Roles.sol").matchAll(/ROLE_([A-Z]+) = 1 << (\d+)/g)];
    expect(said).to.have.length(Object.keys(roles).length);
    for (const [, name, bit] of said) expect(roleBits([(name as string).toLowerCase()])).to.equal(1 << Number(bit));
    expect(rolesOfBits(roleBits(["oracle", "buyer"]))).to.deep.equal(["buyer", "oracle"]);
  });

  it("reasons of freeze are the constants of contracts/identity/FreezeReasons.sol, from the first to the last without a gap", () => {
    const source = contract("identity/FreezeReasons.sol");
    const said = [...source.matchAll(/FREEZE_([A-Z_]+) = (\d+);/g)].map(([, name, number]) => [
      (name as string).toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      Number(number),
    ]);
    const rows = Object.entries(freezeReasons).map(([name, { number }]) => [name, number]);
    expect(said).to.deep.equal(rows);
    expect(rows.map(([, number]) => number)).to.deep.equal(rows.map((_, i) => i + 1));
    // The check of a range that the contract makes ends with the last row.
    expect(source).to.match(/reason >= FREEZE_COURT_ORDER && reason <= FREEZE_KEY_COMPROMISE/);
    expect(said.at(-1)?.[0]).to.equal("keyCompromise");
  });

  it("tiers and aggregations are the contracts' enums", () => {
    const tierMembers = members("identity/IParticipantRegistry.sol", "Tier");
    expect(tierMembers).to.deep.equal(["lite", "member", "core"]);
    tierMembers.forEach((name, i) => {
      expect(tierNumber(name)).to.equal(i);
      expect(tierName(i)).to.equal(name);
    });
    members("market/IJobTypes.sol", "Aggregation").forEach((name, i) => {
      expect(aggregationNumber(name)).to.equal(i);
    });
  });
});
