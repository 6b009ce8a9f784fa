import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJob } from "../../../offchain/chain/jobParts.ts";
import type { JobRecord } from "../../../offchain/chain/jobRecord.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { parseIncentive, parseStable } from "../../../offchain/core/units.ts";
import { listAsset } from "../../../offchain/sdk/assets.ts";
import { deposit } from "../../../offchain/sdk/money.ts";
import { joinOracles } from "../../../offchain/sdk/oracles.ts";
import { openSession, type Session } from "../../../offchain/sdk/session.ts";
import { embeddedKey, startEmbeddedChain } from "../../../scripts/chain/embedded.ts";
import { admitParties, type DemoParty, deployNetwork } from "../../../scripts/demo/network.ts";
import { type NodeProcess, startNodeProcess } from "../../../scripts/demo/processes.ts";
import { writePortfolio } from "../../../scripts/portfolio/generate.ts";
import { temporary } from "../temporary.ts";
import { banks, changeConfig, makeParties } from "./parties.ts";
import { isRunning, type Posted, postAndFollow } from "./program.ts";

/** A whole marketplace of real processes on an embedded chain, with a small portfolio. */
export interface Marketplace {
  readonly folder: string;
  readonly rpcUrl: string;
  readonly manifest: string;
  /** The marketplace's own: registrar and issuer. */
  readonly session: Session;
  readonly parties: readonly DemoParty[];
  readonly assets: readonly string[];
  readonly nodes: Map<string, NodeProcess>;
  party(name: string): DemoParty;
  /** The party that an account belongs to, by name; another's is "". */
  nameOf(account: string): string;
  startNode(name: string): Promise<void>;
  /** `kill -9` of a node; resolves when its process is gone. */
  killNode(name: string): Promise<void>;
  /** Sets the chain's clock ahead; the next block, within a second, carries it. */
  passTime(seconds: number): Promise<void>;
  /** Posts a request in a process of the buyer's, which follows the job; ends with the marketplace if not before. */
  post(path: string): Promise<Posted>;
  stop(): Promise<void>;
}

/** What a bank accepts by itself unless a test says otherwise. */
export const automaticPolicy = {
  version: 1,
  mode: "automatic",
  purposes: ["creditScoring"],
  aggregations: ["shares", "clear"],
  consents: ["clear", "sumsWithoutNoise"],
  priceFloor: "50",
};

/**
 * Starts everything up to listed assets and running nodes. `policyOf` a bank: automatic unless given, null for no file;
 * `rankDelayMs`: how long an oracle leaves a step to the one before it; `parameters` replaces the deployment's.
 */
export async function openMarketplace(
  options: {
    policyOf?: (bank: string) => object | null;
    rankDelayMs?: number;
    parameters?: Readonly<Record<string, number>>;
  } = {},
): Promise<Marketplace> {
  const { policyOf = () => automaticPolicy, rankDelayMs = 1000, parameters = {} } = options;
  const folder = mkdtempSync(join(temporary, "farshore-marketplace-"));
  // Killed processes may still be closing their files.
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  // Where opening fails there is nothing to stop.
  process.once("exit", remove);
  const chain = await startEmbeddedChain({ log: join(folder, "chain.log") });
  const { rpcUrl } = chain;
  const manifest = join(folder, "network.json");
  const data = join(folder, "data");
  const portfolio = { seed: 7, rowsPerBank: 1200, validationRows: 1000, testRows: 1000 };
  const [session, parties, written] = await Promise.all([
    deployNetwork(folder, rpcUrl, embeddedKey(0), parameters),
    makeParties(folder, rpcUrl, manifest, rankDelayMs),
    writePortfolio(data, portfolio),
  ]);
  await admitParties(session, parties, "1000000");
  const nodes = new Map<string, NodeProcess>();
  const buyers = new Set<ChildProcess>();
  const party = (name: string) => parties.find((p) => p.name === name) as DemoParty;
  const nameOf = (account: string) =>
    parties.find((p) => p.account.toLowerCase() === account.toLowerCase())?.name ?? "";
  const startNode = async (name: string) => void nodes.set(name, await startNodeProcess(party(name).home, "debug"));
  const assets = await furnish(parties, startNode, (name, i) => ({
    ...{ data: join(data, `${written.banks[i]}.csv`), schema: join(data, "schema.json"), policy: policyOf(name) },
  }));
  return {
    ...{ folder, rpcUrl, manifest, session, parties, assets, nodes, party, nameOf, startNode },
    async killNode(name) {
      const node = nodes.get(name) as NodeProcess;
      nodes.delete(name);
      node.kill("SIGKILL");
      await until(
        async () => isRunning(node.pid),
        (runs) => !runs,
      );
    },
    passTime: (seconds) =>
      session.chain.ask((c) => c.request({ method: "evm_increaseTime", params: [seconds] } as never)),
    post: (path) => postAndFollow(party("buyer").home, path, buyers),
    async stop() {
      for (const child of [...nodes.values(), ...buyers]) child.kill("SIGKILL");
      await chain.stop();
      process.removeListener("exit", remove);
      remove();
    },
  };
}

type Offer = { readonly data: string; readonly schema: string; readonly policy: object | null };

/** Stakes and bonds, listings, the buyer's money, and every node. */
async function furnish(
  parties: readonly DemoParty[],
  startNode: (name: string) => Promise<void>,
  offerOf: (bank: string, index: number) => Offer,
): Promise<string[]> {
  const oracles = parties.filter((p) => p.role === "oracle");
  const buyer = parties.find((p) => p.role === "buyer") as DemoParty;
  const money = { stake: parseIncentive("20000"), bond: parseStable("50000") };
  await Promise.all([
    ...oracles.map(async ({ home }) => joinOracles(await openSession(home), money)),
    ...oracles.map(({ name }) => startNode(name)),
    openSession(buyer.home).then((session) => deposit(session, parseStable("100000"))),
  ]);
  const assets = await Promise.all(
    banks.map((name, i) => listBank(parties.find((p) => p.name === name) as DemoParty, offerOf(name, i))),
  );
  await Promise.all(banks.map(startNode));
  return assets;
}

async function listBank({ home }: DemoParty, { data, schema, policy }: Offer): Promise<string> {
  const offer = { data, schema, population: "customers", price: parseStable("100"), purposes: ["creditScoring"] };
  const limits = { minimumCohort: 3, maxJobs: 0, maxRounds: 0, rhoPerJob: 0n, populationCap: 1_229_714_526n };
  const listed = await listAsset(await openSession(home), { ...offer, ...limits });
  const assetId = String(listed.assetId);
  if (policy !== null) writeFileSync(join(home, "policy.json"), JSON.stringify(policy));
  changeConfig(home, { assets: [{ assetId, data, schema }], ...(policy === null ? {} : { policy: "policy.json" }) });
  return assetId;
}

/** A request file of the buyer; returns its path. */
export function writeRequest(m: Marketplace, name: string, change: object = {}): string {
  const request = {
    ...{ version: 1, name, purpose: "creditScoring", legalBasis: "gdprLegitimateInterests", assets: m.assets },
    algorithm: { name: "logistic-newton", ridge: 1, rounds: 6, plateau: 0 },
    payments: { base: "1000", performance: "5000", oracleFee: "250" },
    utilityTarget: "-0.3",
    deadlines: { startSeconds: 120, roundSeconds: 60, proposeSeconds: 60, challengeSeconds: 2 },
    validation: join(m.folder, "data", "validation.csv"),
    ...change,
  };
  const path = join(m.party("buyer").home, `${name}.json`);
  writeFileSync(path, JSON.stringify(request));
  return path;
}

/** The job as the chain tells it. */
export function jobOf(m: Marketplace, jobId: string): Promise<JobRecord> {
  return readJob(m.session.chain, jobId as Hex);
}

/** Sets the chain's clock to a time (seconds since 1970) that lies ahead of it; resolves when a block carries that time. */
export async function passTimeTo(m: Marketplace, time: number): Promise<void> {
  const head = await m.session.chain.headTime();
  if (head < time) await m.passTime(time - head);
  await until(
    () => m.session.chain.headTime(),
    (now) => now >= time,
  );
}

/** Waits until `holds`, asking every 50 ms; fails after `ms`. */
export async function until<T>(ask: () => Promise<T>, holds: (value: T) => boolean, ms = 60_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (Date.now() > end)
      throw new Error(
        `did not come to pass in ${ms} ms: ${JSON.stringify(value, (_, v) => (typeof v === "bigint" ? String(v) : v)).slice(0, 500)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
