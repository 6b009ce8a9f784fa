import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import { roles } from "../../deploy/administration.ts";
import farshore from "../../deploy/modules/Farshore.ts";
import { genesisRulesHash } from "../../offchain/protocol/genesisRules.ts";
import type { Deployed } from "./chain.ts";

// The deployment itself: what deploy/modules/Farshore.ts wires and whom deploy/administration.ts lets call what.

const { ethers, ignition } = await hre.network.create(process.env.FARSHORE_TEST_NETWORK ?? "berlin");
const [deployer, issuer, registrar, guardian, regulator, adjudicator, stranger] = await ethers.getSigners();
const named = { deployer, issuer, registrar, guardian, regulator, adjudicator, stranger } as Record<
  string,
  { address: string }
>;
const root = join(import.meta.dirname, "..", "..");
const reviver = (_: string, value: unknown) => {
  if (value === "deployer") return deployer?.address;
  return typeof value === "string" && /^[0-9]+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
};

/** Deploys with a network's parameters; issuer, registrar, guardian and regulator are accounts of their own. */
async function deployed(network: string, fields: object = {}): Promise<Record<string, Deployed>> {
  const file = join(root, "deploy", "parameters", `${network}.json`);
  const { Farshore } = JSON.parse(readFileSync(file, "utf8"), reviver);
  const holders = Object.entries(named).filter(([name]) => name !== "deployer" && name !== "stranger");
  const parameters = Object.fromEntries(holders.map(([name, { address }]) => [name, address]));
  return ignition.deploy(farshore, { parameters: { Farshore: { ...Farshore, ...parameters, ...fields } } });
}

/** Restricted functions and who may call them; everything else of `restricted` is the administrator's. */
const allowed: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  StableToken: {
    ...{ mint: ["issuer"], burn: ["issuer"], setProtocolContract: ["deployer"] },
    ...{ openCase: ["regulator"], resumeCase: ["regulator"], closeCase: ["regulator"] },
    ...{ setFrozenTokens: ["regulator"], forcedTransfer: ["regulator"] },
  },
  ParticipantRegistry: {
    admit: ["registrar"],
    readmit: ["registrar"],
    setRoles: ["registrar"],
    setStatus: ["registrar", "regulator"],
    setIncentiveToken: ["deployer"],
  },
  JobMarket: { pause: ["guardian"], unpause: ["deployer"], adjudicate: ["adjudicator"], seize: ["regulator"] },
  CommitRevealBeacon: { setMarket: ["deployer"] },
  OracleCommittee: { setSlasher: ["deployer"] },
  IncentiveToken: { setMinter: ["deployer"] },
  PrivacyLedger: { setWriter: ["deployer"] },
  UsageLedger: { setWriter: ["deployer"] },
  AssetRegistry: { setWriter: ["deployer"], pause: ["guardian"], unpause: ["deployer"] },
  RuleBook: { publish: ["deployer"], retire: ["deployer"] },
};

describe("Deployment", () => {
  let contracts: Record<string, Deployed>;

  before(async () => {
    contracts = await deployed("embedded");
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

  it("leaves the seizing of balances in the market to the regulator, and disputes to the adjudicator", async () => {
    const { AccessManager, JobMarket } = contracts;
    const seize = ethers.id("seize(address,address,uint128,bytes32)").slice(0, 10);
    const may = async (who: { address: string }) => (await AccessManager.canCall(who.address, JobMarket, seize))[0];
    for (const [name, who] of Object.entries(named)) expect(await may(who), name).to.equal(name === "regulator");
    for (const [name, who] of Object.entries(named)) {
      const [holds] = await AccessManager.hasRole(roles.adjudicator, who.address);
      expect(holds, name).to.equal(name === "adjudicator");
    }
  });

  it("publishes the rules that every release carries as version 1, in force at once", async () => {
    const { RuleBook } = contracts;
    expect((await RuleBook.ruleOf(1)).rulesHash).to.equal(genesisRulesHash);
    expect([await RuleBook.isValid(1), await RuleBook.isValid(2)]).to.deep.equal([true, false]);
  });

  it("lets the market count its epochs as the incentive token does", async () => {
    const { IncentiveToken } = contracts;
    const { Farshore } = JSON.parse(readFileSync(join(root, "deploy", "parameters", "embedded.json"), "utf8"), reviver);
    const { epochEmission, epochSeconds, halvingEpochs } = Farshore;
    const expected = [epochEmission, BigInt(epochSeconds), BigInt(halvingEpochs)];
    expect([...(await IncentiveToken.schedule())]).to.deep.equal(expected);
    expect(await IncentiveToken.balanceOf(deployer?.address)).to.equal(Farshore.genesisAmounts[0]);
  });

  it("puts every restricted contract under one authority", async () => {
    for (const name of Object.keys(allowed)) {
      expect(await contracts[name].authority(), name).to.equal(await contracts.AccessManager.getAddress());
    }
  });
});

describe("Deployment on a network", () => {
  let contracts: Record<string, Deployed>;
  let constitution: string;

  before(async () => {
    contracts = await deployed("quorum", {
      genesisRecipients: [issuer?.address, guardian?.address],
      genesisAmounts: [5n, 7n],
    });
    constitution = await contracts.Constitution.getAddress();
  });

  it("hands the administration to the Constitution, under its delay; the deployer keeps nothing", async () => {
    const { AccessManager, Constitution } = contracts;
    expect(await AccessManager.hasRole(0, deployer?.address)).to.deep.equal([false, 0n]);
    const [isAdministrator, delay] = await AccessManager.hasRole(0, constitution);
    expect([isAdministrator, delay]).to.deep.equal([true, await Constitution.delayFloor()]);
    expect(delay >= 86_400n).to.equal(true);
    expect(await Constitution.baseDelaySeconds()).to.equal(delay);
  });

  for (const [contract, functions] of Object.entries(allowed)) {
    for (const [name, callers] of Object.entries(functions)) {
      if (!callers.includes("deployer")) continue;
      it(`${contract}.${name} is for the Constitution, after its delay, and for nobody else`, async () => {
        const { AccessManager } = contracts;
        const target = contracts[contract];
        const { selector } = target.interface.getFunction(name);
        const [immediate, delay] = await AccessManager.canCall(constitution, target, selector);
        expect([immediate, delay > 0n]).to.deep.equal([false, true]);
        for (const { address } of Object.values(named)) {
          expect(await AccessManager.canCall(address, target, selector)).to.deep.equal([false, 0n]);
        }
      });
    }
  }

  it("gives the founding oracles their allocation, and nobody the votes of another", async () => {
    const { IncentiveToken } = contracts;
    expect(await IncentiveToken.balanceOf(issuer?.address)).to.equal(5n);
    expect(await IncentiveToken.balanceOf(guardian?.address)).to.equal(7n);
    expect([await IncentiveToken.totalSupply(), await IncentiveToken.totalEarned()]).to.deep.equal([12n, 0n]);
  });

  it("has no function that could raise the cap, change the schedule or open an old proof again", async () => {
    const names = (contract: Deployed) =>
      contract.interface.fragments
        .filter(
          (f: { type: string; stateMutability: string }) => f.type === "function" && f.stateMutability === "nonpayable",
        )
        .map((f: { name: string }) => f.name)
        .sort();
    expect(names(contracts.IncentiveToken)).to.deep.equal(
      ["approve", "delegate", "delegateBySig", "mintEarned", "permit", "setAuthority", "setMinter", "transfer"].concat(
        "transferFrom",
      ),
    );
  });
});
