import { createRequire } from "node:module";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";
import { compileOnAllCores } from "./scripts/chain/allCores.ts";

// Both build profiles are declared with one compiler and the same settings: with a flat list Ignition's production build
// forgets `evmVersion` and emits PUSH0, which a Berlin chain (GoQuorum) refuses.
const compiler = {
  version: "0.8.30",
  // Absolute path of the npm package's compiler: nothing is downloaded at build time.
  path: createRequire(import.meta.url).resolve("solc/soljson.js"),
  settings: { evmVersion: "berlin", optimizer: { enabled: true, runs: 200 } },
};

// The market and its parts through the IR: the way there is longer to compile, and the only one that fits its locals. What every job
// runs is optimized for running as far as 24 576 bytes allow.
const throughIr = (runs: number) => ({
  ...compiler,
  settings: { ...compiler.settings, optimizer: { enabled: true, runs }, viaIR: true },
});
const forRunning = { ...compiler, settings: { ...compiler.settings, optimizer: { enabled: true, runs: 10_000 } } };
const profile = {
  compilers: [compiler],
  overrides: {
    "contracts/market/JobMarket.sol": throughIr(800),
    "contracts/market/JobOpening.sol": throughIr(1000),
    "contracts/market/JobEnding.sol": throughIr(2000),
    "contracts/market/JobDisputes.sol": throughIr(200),
    "contracts/market/JobVerdicts.sol": throughIr(200),
    "contracts/assets/AssetRegistry.sol": forRunning,
    "contracts/identity/ParticipantRegistry.sol": forRunning,
    "contracts/ledger/UsageLedger.sol": forRunning,
    "contracts/oracle/OracleCommittee.sol": forRunning,
  },
};

const berlin = {
  type: "edr-simulated",
  chainType: "l1",
  hardfork: "berlin",
  gasPrice: 0,
  allowBlocksWithSameTimestamp: true,
  // Two committees, and who challenges the first.
  accounts: { count: 40 },
} as const;

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, compileOnAllCores],
  solidity: {
    profiles: { default: profile, production: profile },
    // Deployed as it is, so it needs an artifact of its own.
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
  },
  paths: { tests: { mocha: "./test/contracts", solidity: "./test/contracts" }, ignition: "./deploy" },
  test: {
    mocha: { timeout: 120_000 },
    // Where the invariants' runs leave what they reached: scripts/invariants.ts adds it up.
    solidity: { fsPermissions: { readWriteFile: ["cache/invariants.txt"] } },
  },
  networks: {
    /** Contract tests: the rules of GoQuorum. */
    berlin: { ...berlin, accounts: { count: 40 } },
    /** The same tests on the newest rules. */
    latest: { type: "edr-simulated", chainType: "l1", accounts: { count: 40 } },
    /** Any Quorum-compatible chain over JSON-RPC. */
    quorum: {
      type: "http",
      chainType: "l1",
      url: configVariable("FARSHORE_RPC_URL"),
      accounts: [configVariable("FARSHORE_DEPLOYER_KEY")],
      gasPrice: 0,
      ignition: { gasPrice: 0n, disableFeeBumping: true },
    },
  },
  ignition: { requiredConfirmations: 1, blockPollingInterval: 100 },
});
