import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import farshore from "../../deploy/modules/Farshore.ts";
import type { Deployed } from "./chain.ts";

// The deployment itself: what deploy/modules/Farshore.ts wires and whom deploy/administration.ts lets call what.

const { ethers, ignition } = await hre.network.create(process.env.FARSHORE_TEST_NETWORK ?? "berlin");
const [deployer, issuer, registrar, guardian, regulator, adjudicator, stranger] = await ethers.getSigners();
const named = { deployer, issuer, registrar, guardian, regulator, adjudicator, stranger } as Record<
  string,
  { address: string }
>;
const root = join(import.meta.dirname, "..", "..");
const file = join(root, "deploy", "parameters", "embedded.json");
const bigintOf = (_: string, value: unknown) =>
  typeof value === "string" && /^[0-9]+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;

/** Restricted functions and who may call them; everything else of `restricted` is the administrator's. */
const allowed: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  StableToken: { mint: ["issuer"], burn: ["issuer"], setProtocolContract: ["deployer"] },
  ParticipantRegistry: {
    admit: ["registrar"],
    setRoles: ["registrar"],
    setStatus: ["registrar", "regulator"],
    setIncentiveToken: ["deployer"],
  },
  JobMarket: { pause: ["guardian"], unpause: ["guardian"], adjudicate: ["adjudicator"], seize: ["regulator"] },
  OracleCommittee: { setSlasher: ["deployer"] },
  IncentiveToken: { setMinter: ["deployer"] },
  PrivacyLedger: { setWriter: ["deployer"] },
  UsageLedger: { setWriter: ["deployer"] },
  AssetRegistry: { setWriter: ["deployer"], pause: ["guardian"], unpause: ["guardian"] },
};

describe("Deployment", () => {
  let contracts: Record<string, Deployed>;

  before(async () => {
    const { Farshore } = JSON.parse(readFileSync(file, "utf8"), bigintOf);
    const holders = Object.entries(named).filter(([name]) => name !== "deployer" && name !== "stranger");
    const parameters = Object.fromEntries(holders.map(([name, { address }]) => [name, address]));
    contracts = await ignition.deploy(farshore, { parameters: { Farshore: { ...Farshore, ...parameters } } });
  });

  for (const [contract, functions] of Object.entries(allowed)) {
    for (const [name, callers] of Object.entries(functions)) {
      it(`${contract}.${name} is for ${callers.join(" and ")}, immediately, and for nobody else`, async () => {
        const target = contracts[contract];
        const { selector } = target.interface.getFunction(name);
        for (const [who, { address }] of Object.entries(named)) {
          const [immediate] = await contracts.AccessManager.canCall(address, target, selector);
          expect(immediate, who).to.equal(callers.includes(who));
        }
      });
    }
  }

  it("has no restricted function that is missing above", () => {
    const found = globSync("contracts/**/*.sol", { cwd: root }).flatMap((path) => {
      const source = readFileSync(join(root, path), "utf8");
      const functions = [...source.matchAll(/function (\w+)\([^)]*\)[^{;]*\brestricted\b/g)];
      return functions.map(([, name]) => `${basename(path, ".sol")}.${name}`);
    });
    const listed = Object.entries(allowed).flatMap(([contract, names]) =>
      Object.keys(names).map((name) => `${contract}.${name}`),
    );
    expect(found.sort()).to.deep.equal(listed.sort());
  });

  it("lets the market alone write: budgets, usage, assets and earnings", async () => {
    const { JobMarket, AssetRegistry, PrivacyLedger, UsageLedger, IncentiveToken } = contracts;
    for (const ledger of [PrivacyLedger, UsageLedger, AssetRegistry]) {
      expect(await ledger.isWriter(JobMarket)).to.equal(true);
      expect(await ledger.isWriter(deployer)).to.equal(false);
    }
    expect(await PrivacyLedger.isWriter(AssetRegistry), "a listing opens its population").to.equal(true);
    expect(await IncentiveToken.isMinter(JobMarket)).to.equal(true);
    expect(await IncentiveToken.isMinter(deployer)).to.equal(false);
    expect(await contracts.OracleCommittee.isSlasher(JobMarket)).to.equal(true);
    expect(await contracts.OracleCommittee.isSlasher(deployer)).to.equal(false);
  });

  it("lets the market hold stable tokens, and no other contract", async () => {
    for (const [name, contract] of Object.entries(contracts)) {
      const holds = await contracts.StableToken.isProtocolContract(contract);
      expect(holds, name).to.equal(name === "JobMarket");
    }
  });

  it("puts every restricted contract under one authority", async () => {
    for (const name of Object.keys(allowed)) {
      expect(await contracts[name].authority(), name).to.equal(await contracts.AccessManager.getAddress());
    }
  });
});
