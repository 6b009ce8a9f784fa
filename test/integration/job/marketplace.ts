import { type ChildProcess, spawn } from "node:child_process";
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
  /** `kill -9` of a node; resolves when its process is gone. */
  killNode(name: string): Promise<void>;
  /** Posts a request in a process of the buyer's, which follows the job; ends with the marketplace if not before. */
  post(path: string): Promise<Posted>;
  stop(): Promise<void>;
}

/** A job and the buyer's process that posted it. */
export interface Posted {
  readonly jobId: Hex;
  readonly buyer: ChildProcess;
}

export const banks = ["bank-1", "bank-2", "bank-3"];
const entry = join(import.meta.dirname, "..", "..", "..", "offchain", "cli", "farshore.js");

/** What a bank accepts by itself unless a test says otherwise. */
export const automaticPolicy = {
  version: 1,
  mode: "automatic",
  purposes: ["creditScoring"],
  aggregations: ["clear"],
  priceFloor: "50",
};

/** Starts everything up to listed assets and running nodes. `policyOf` a bank: automatic unless given, null for no file. */
export async function openMarketplace(
  options: { policyOf?: (bank: string) => object | null } = {},
): Promise<Marketplace> {
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
  for (const { home } of parties) changeConfig(home, { rankDelayMs: 1000 });
  const nodes = new Map<string, NodeProcess>();
  const party = (name: string) => parties.find((p) => p.name === name) as DemoParty;
  const startNode = async (name: string) => void nodes.set(name, await startNodeProcess(party(name).home, "debug"));

  const { policyOf = () => automaticPolicy } = options;
  const oracles = parties.filter((p) => p.role === "oracle");
  await Promise.all(oracles.map(({ home }) => farshore(home, "oracle", "join", "--stake", "20000", "--bond", "50000")));
  await Promise.all(oracles.map(({ name }) => startNode(name)));
  const assets = await Promise.all(
    banks.map((name, i) =>
      listAsset(party(name), join(data, `${written.banks[i]}.csv`), join(data, "schema.json"), policyOf(name)),
    ),
  );
  await Promise.all(banks.map(startNode));
  await farshore(party("buyer").home, "deposit", "100000");
  const buyers = new Set<ChildProcess>();
  return {
    ...{ folder, rpcUrl, manifest, session, parties, assets, nodes, party, startNode },
    async killNode(name) {
      const node = nodes.get(name);
      nodes.delete(name);
      node?.kill("SIGKILL");
      await until(
        async () => node !== undefined && isRunning(node.pid),
        (runs) => !runs,
      );
    },
    post: (path) => postAndFollow(party("buyer").home, path, buyers),
    async stop() {
      for (const child of [...nodes.values(), ...buyers]) child.kill("SIGKILL");
      session.close();
      await chain.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function changeConfig(home: string, change: object): void {
  const path = join(home, "farshore.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** `running` holds the process for as long as it lives. */
async function postAndFollow(home: string, path: string, running: Set<ChildProcess>): Promise<Posted> {
  const buyer = spawn(process.execPath, [entry, "--home", home, "job", "post", path, "--follow"], { cwd: home });
  running.add(buyer);
  let said = "";
  const jobId = await new Promise<string>((resolve, reject) => {
    buyer.stderr?.on("data", (chunk) => {
      said += chunk;
      const found = /posted (0x[0-9a-f]{64})/.exec(said);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    buyer.once("close", () => {
      running.delete(buyer);
      reject(new Error(`the buyer ended before it posted: ${said}`));
    });
  });
  return { jobId: jobId as Hex, buyer };
}

async function listAsset(bank: DemoParty, data: string, schema: string, policy: object | null): Promise<string> {
  if (policy !== null) {
    writeFileSync(join(bank.home, "policy.json"), JSON.stringify(policy));
    changeConfig(bank.home, { policy: "policy.json" });
  }
  const options = ["--data", data, "--schema", schema, "--population", "customers", "--price", "100"];
  const listed = await farshore(bank.home, "asset", "list", ...options, "--purpose", "creditScoring");
  return String(listed.assetId);
}

/** What a command printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program in a folder, whatever comes of it; `env` on top of this process's. */
export function runFarshore(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], { cwd, env: { ...process.env, ...env } });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
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
