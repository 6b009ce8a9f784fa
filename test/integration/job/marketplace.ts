import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJob } from "../../../offchain/chain/jobParts.ts";
import type { JobRecord } from "../../../offchain/chain/jobRecord.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import type { Session } from "../../../offchain/sdk/session.ts";
import { embeddedKey, startEmbeddedChain } from "../../../scripts/chain/embedded.ts";
import { admitParties, type DemoParty, deployNetwork, makeParties } from "../../../scripts/demo/network.ts";
import { farshore, type NodeProcess, startNodeProcess } from "../../../scripts/demo/processes.ts";
import { writePortfolio } from "../../../scripts/portfolio/generate.ts";

/** A whole marketplace of real processes on an embedded chain, with a small portfolio. */
export interface Marketplace {
  readonly folder: string;
  readonly rpcUrl: string;
  readonly manifest: string;
  readonly session: Session;
  readonly parties: readonly DemoParty[];
  readonly assets: readonly string[];
  readonly nodes: Map<string, NodeProcess>;
  party(name: string): DemoParty;
  startNode(name: string): Promise<void>;
  stop(): Promise<void>;
}

const banks = ["bank-1", "bank-2", "bank-3"];

/** Starts everything up to listed assets and running nodes. `policy` of every bank: automatic unless given. */
export async function openMarketplace(options: { policy?: object } = {}): Promise<Marketplace> {
  const folder = mkdtempSync(join(tmpdir(), "farshore-marketplace-"));
  const chain = await startEmbeddedChain({ log: join(folder, "chain.log") });
  const { rpcUrl } = chain;
  const manifest = join(folder, "network.json");
  const data = join(folder, "data");
  const written = await writePortfolio(data, { seed: 7, rowsPerBank: 1200, validationRows: 1000, testRows: 1000 });
  const [session, parties] = await Promise.all([
    deployNetwork(folder, rpcUrl, embeddedKey(0), "embedded"),
    makeParties(folder, rpcUrl, manifest, banks),
  ]);
  await admitParties(session, parties, "1000000");
  const nodes = new Map<string, NodeProcess>();
  const party = (name: string) => parties.find((p) => p.name === name) as DemoParty;
  const startNode = async (name: string) => void nodes.set(name, await startNodeProcess(party(name).home, "debug"));

  const oracles = parties.filter((p) => p.role === "oracle");
  await Promise.all(oracles.map(({ home }) => farshore(home, "oracle", "join", "--stake", "20000", "--bond", "50000")));
  await Promise.all(oracles.map(({ name }) => startNode(name)));
  const assets = await Promise.all(
    banks.map((name, i) =>
      listAsset(party(name), join(data, `${written.banks[i]}.csv`), join(data, "schema.json"), options.policy),
    ),
  );
  await Promise.all(banks.map(startNode));
  await farshore(party("buyer").home, "deposit", "100000");
  return {
    ...{ folder, rpcUrl, manifest, session, parties, assets, nodes, party, startNode },
    async stop() {
      for (const node of nodes.values()) node.kill("SIGKILL");
      session.close();
      await chain.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listAsset(bank: DemoParty, data: string, schema: string, policy?: object): Promise<string> {
  const automatic = {
    version: 1,
    mode: "automatic",
    purposes: ["creditScoring"],
    aggregations: ["clear"],
    priceFloor: "50",
  };
  writeFileSync(join(bank.home, "policy.json"), JSON.stringify(policy ?? automatic));
  const config = JSON.parse(readFileSync(join(bank.home, "farshore.json"), "utf8"));
  writeFileSync(
    join(bank.home, "farshore.json"),
    JSON.stringify({ ...config, policy: "policy.json", rankDelayMs: 1000 }),
  );
  const options = ["--data", data, "--schema", schema, "--population", "customers", "--price", "100"];
  const listed = await farshore(bank.home, "asset", "list", ...options, "--purpose", "creditScoring");
  return String(listed.assetId);
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
