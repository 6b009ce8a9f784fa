import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { deployTo } from "../../deploy/deploy.ts";
import type { Chain } from "../../offchain/chain/client.ts";
import { type ContractCall, signLegacy } from "../../offchain/chain/legacyTransaction.ts";
import type { Manifest } from "../../offchain/chain/manifest.ts";
import { getReceipt } from "../../offchain/chain/receipts.ts";
import { list } from "../../offchain/chain/writes/assets.ts";
import { commit } from "../../offchain/chain/writes/beacon.ts";
import { stake } from "../../offchain/chain/writes/committee.ts";
import { deposit } from "../../offchain/chain/writes/market.ts";
import { admit } from "../../offchain/chain/writes/participants.ts";
import { publishRules } from "../../offchain/chain/writes/rules.ts";
import { approve, mint, transfer } from "../../offchain/chain/writes/tokens.ts";
import { type Address, bytesToHex, type Hex, hexToBytes } from "../../offchain/core/bytes.ts";
import { keccakHex, sha256Hex } from "../../offchain/core/hash.ts";
import { purposeNumber } from "../../offchain/core/tables/purposes.ts";
import { parseIncentive, parseStable } from "../../offchain/core/units.ts";
import { commitDataset } from "../../offchain/data/commitment.ts";
import type { Table } from "../../offchain/data/table.ts";
import type { NodeConfig } from "../../offchain/party/config.ts";
import { beaconChain, beaconChainLength } from "../../offchain/protocol/beaconChain.ts";
import { genesisRules } from "../../offchain/protocol/genesisRules.ts";
import { type Rules, rulesBytes } from "../../offchain/protocol/rules.ts";
import { embeddedKey } from "../../scripts/chain/embedded.ts";
import { admissionOf, makeParties, type SimulatedParty } from "./parties.ts";
import { drawRows, schema, writeRows } from "./rows.ts";
import { SimulatedChain } from "./simulatedChain.ts";
import { VirtualClock } from "./virtualClock.ts";

// In 2033: an EDR chain begins at the computer's own time.
const startMs = 2_000_000_000_000;
const noRoot: Hex = `0x${"00".repeat(32)}`;
/** What every asset costs a job, in stable minor units. */
const price = parseStable("100");

/** What a bank lists, and the rows behind it. */
export interface ListedRows {
  readonly party: SimulatedParty;
  readonly table: Table;
  readonly asset: NodeConfig["assets"][number];
  readonly populationId: Hex;
}

/** A marketplace up to listed assets, on a chain that goes back to here before every case. */
export interface SimulatedMarket {
  readonly folder: string;
  readonly clock: VirtualClock;
  readonly chain: SimulatedChain;
  readonly manifest: Manifest;
  readonly access: Chain;
  readonly treasury: Address;
  readonly parties: readonly SimulatedParty[];
  readonly listed: readonly ListedRows[];
  party(name: string): SimulatedParty;
  /** Sends a call with a key and waits for its block; throws when the contract refuses. */
  send(key: Uint8Array, call: ContractCall): Promise<void>;
  /** Chain and clock as they were when the market opened. */
  rewind(): Promise<void>;
}

/** Version 2 of the rules: for jobs that are scored on few rows. Nodes find its document on the boards. */
export const simulationRules: Rules = { ...genesisRules, title: "Rules of the simulation", minimumValidationRows: 60 };
export const simulationRulesVersion = 2;

const opened = new Map<number, Promise<SimulatedMarket>>();

/** The market of so many oracles that all tests of this process share: each case begins on its snapshot. */
export function sharedMarket(oracles = 5): Promise<SimulatedMarket> {
  const market = opened.get(oracles) ?? openMarket(oracles);
  opened.set(oracles, market);
  return market;
}

/** Deploys, admits three banks and `oracles` oracles, hands out money, and lists the banks' rows. */
async function openMarket(oracles: number): Promise<SimulatedMarket> {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "farshore-simulation-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const clock = new VirtualClock(startMs);
  const chain = await SimulatedChain.open(clock);
  const deployerKey = embeddedKey(0);
  const parties = await makeParties(folder, oracles);
  const manifest = await deployTo({
    ...{ rpcUrl: chain.transport, network: "embedded", deployerKey, out: join(folder, "network.json") },
    parameters: { minimumValidationRows: 60 },
  });
  const { chain: access } = chain.access(manifest);
  const send = (key: Uint8Array, call: ContractCall) => sendWith(access, key, call);
  await furnish(access, send, parties, hexToBytes(deployerKey));
  await send(hexToBytes(deployerKey), publishRules(access, keccakHex(rulesBytes(simulationRules))));
  const banks = parties.filter((p) => p.role === "institution");
  const listed: ListedRows[] = [];
  for (const [i, party] of banks.entries()) listed.push(await listRows(access, send, party, i));
  let snapshot = await chain.snapshot();
  return {
    ...{ folder, clock, chain, manifest, access, parties, listed, send },
    treasury: privateKeyToAccount(deployerKey).address.toLowerCase() as Address,
    party: (name) => parties.find((p) => p.name === name) as SimulatedParty,
    async rewind() {
      await chain.revert(snapshot, startMs);
      snapshot = await chain.snapshot();
    },
  };
}

type Send = SimulatedMarket["send"];

async function sendWith(chain: Chain, key: Uint8Array, call: ContractCall): Promise<void> {
  const account = privateKeyToAccount(bytesToHex(key));
  const nonce = await chain.ask((c) => c.getTransactionCount({ address: account.address }));
  const { chainId } = chain.manifest;
  const { raw, hash } = await signLegacy(account, call, { chainId, nonce, gas: 10_000_000n });
  await chain.ask((c) => c.request({ method: "eth_sendRawTransaction", params: [raw] }));
  const receipt = await getReceipt(chain, hash);
  if (receipt?.status !== "0x1") throw new Error(`the contract refused ${call.data.slice(0, 10)}`);
}

async function furnish(chain: Chain, send: Send, parties: readonly SimulatedParty[], deployer: Uint8Array) {
  for (const party of parties) await send(deployer, admit(chain, admissionOf(party)));
  const money = parseStable("100000");
  for (const party of parties.filter((p) => p.role !== "institution" && p.role !== "regulator")) {
    await send(deployer, mint(chain, party.account, money, sha256Hex(new TextEncoder().encode(party.account))));
    await send(party.keys.account, approve(chain, "StableToken", "JobMarket", money));
    await send(party.keys.account, deposit(chain, money));
  }
  const staked = parseIncentive("20000");
  const { chainId } = chain.manifest;
  for (const party of parties.filter((p) => p.role === "oracle")) {
    await send(deployer, transfer(chain, "IncentiveToken", party.account, staked));
    await send(party.keys.account, approve(chain, "IncentiveToken", "OracleCommittee", staked));
    await send(party.keys.account, stake(chain, staked));
    const { head } = beaconChain(party.keys.operator, { chainId, beacon: chain.address("CommitRevealBeacon") }, 0);
    await send(party.keys.operator, commit(chain, bytesToHex(head), beaconChainLength));
  }
}

async function listRows(chain: Chain, send: Send, party: SimulatedParty, index: number): Promise<ListedRows> {
  const table = drawRows(index + 1, 60 + 10 * index, 35 + 5 * index);
  const { root, rows, schemaHash } = commitDataset(table, schema, party.keys.salt);
  const populationId = sha256Hex(party.keys.salt, new TextEncoder().encode("customers"));
  const version = { datasetRoot: root, schemaHash, populationId, rows, time: 0n };
  const purposes = 1n << BigInt(purposeNumber("creditScoring"));
  const terms = {
    ...{ price, purposes, jurisdictionsRoot: noRoot, buyersRoot: noRoot, codesRoot: noRoot, expiry: 0n, tier: 0 },
    ...{
      minimumCohort: 3,
      maxJobs: 0,
      maxRounds: 0,
      minNoiseMilli: 0,
      rhoPerJob: 0n,
      derivativeRule: 1,
      royaltyPpb: 0,
    },
  };
  const listing = { kind: 0, version, terms, populationCap: 1_000_000_000n, uri: "board:none" };
  await send(party.keys.account, list(chain, listing));
  writeFileSync(join(party.home, "policy.json"), JSON.stringify(policy));
  return { party, table, populationId, asset: { assetId: String(index + 1), ...writeRows(party.home, table) } };
}

/** What a bank agrees to by itself. */
const policy = {
  ...{ version: 1, mode: "automatic", purposes: ["creditScoring"], aggregations: ["shares", "clear"] },
  consents: ["fewRows", "clear", "sumsWithoutNoise"],
};
