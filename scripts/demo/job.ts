import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DemoData } from "./dataset.ts";
import type { DemoParty } from "./network.ts";
import type { DemoAggregation, DemoOptions } from "./options.ts";
import { farshore, farshoreTelling, startNodeProcess } from "./processes.ts";
import { embeddedWindows, networkWindows } from "./windows.ts";

interface Stage {
  readonly folder: string;
  readonly rpcUrl: string;
  readonly manifest: string;
  readonly data: DemoData;
  readonly parties: readonly DemoParty[];
  readonly options: DemoOptions;
  readonly say: (line: string) => void;
}

/** What came out of a job, beside what the chain says. */
export interface DemoJob {
  readonly jobId: string;
  readonly aggregation: DemoAggregation;
  /** From posting to audited. */
  readonly seconds: number;
  readonly model: DemoModel;
  readonly audit: {
    passed: number;
    failed: number;
    checks: { name: string; grade: string; passed: boolean; detail: string }[];
  };
}

export interface DemoModel {
  readonly intercept: number;
  readonly features: { name: string; offset: number; scale: number; coefficient: number }[];
}

/** The marketplace before its first job. */
export interface DemoMarket {
  readonly setupSeconds: number;
  readonly assets: readonly string[];
}

/** Every party a process of its own: oracles join and banks list, each with a node that runs from here on. */
export async function openMarket(stage: Stage): Promise<DemoMarket> {
  const { parties, data, say } = stage;
  const begun = performance.now();
  const oracles = parties.filter((p) => p.role === "oracle");
  const banks = parties.filter((p) => p.role === "institution");
  const buyer = parties.find((p) => p.role === "buyer") as DemoParty;
  const deposited = farshore(buyer.home, "deposit", "100000");
  await Promise.all(
    oracles.map(async ({ home }) => {
      await farshore(home, "oracle", "join", "--stake", "20000", "--bond", "50000");
      await startNodeProcess(home);
    }),
  );
  say("oracles    5 nodes run, each with stake and bond");
  const assets = await Promise.all(
    banks.map(async (bank, i) => {
      const listed = await listBank(bank, data, i);
      await startNodeProcess(bank.home);
      return listed;
    }),
  );
  say(
    `banks      ${banks.map((b, i) => `${b.name} lists asset ${assets[i]?.assetId} (${assets[i]?.rows} rows)`).join(", ")}`,
  );
  await deposited;
  return { setupSeconds: (performance.now() - begun) / 1000, assets: assets.map((a) => a.assetId) };
}

/** The way of one job: the buyer posts and follows it, the regulator audits it. */
export async function runJob(stage: Stage, market: DemoMarket, aggregation: DemoAggregation): Promise<DemoJob> {
  const { parties, say } = stage;
  const buyer = parties.find((p) => p.role === "buyer") as DemoParty;
  const request = `request-${aggregation}.json`;
  writeFileSync(join(buyer.home, request), JSON.stringify(requestOf(stage, market.assets, aggregation), null, 2));
  const posted = performance.now();
  const tell = (line: string) => say(`${aggregation.padEnd(10)} ${line}`);
  const closed = (await farshoreTelling(tell, buyer.home, "job", "post", request, "--follow")) as {
    job: string;
    state: string;
  };
  if (closed.state !== "Settled") throw new Error(`the job with aggregation ${aggregation} ended as ${closed.state}`);
  tell("Settled");
  const exported = `model-${aggregation}.json`;
  const exporting = farshore(buyer.home, "model", "export", closed.job, "--out", exported);
  const audit = await auditBy(stage, closed.job, aggregation);
  const seconds = (performance.now() - posted) / 1000;
  await exporting;
  const model = JSON.parse(readFileSync(join(buyer.home, exported), "utf8")) as DemoModel;
  return { jobId: closed.job, aggregation, seconds, model, audit };
}

async function listBank(bank: DemoParty, data: DemoData, index: number): Promise<{ assetId: string; rows: number }> {
  const path = data.banks[index]?.path as string;
  const policy = {
    ...{ version: 1, mode: "automatic", purposes: ["creditScoring"], priceFloor: "50", maxRounds: 64 },
    ...{ aggregations: ["shares", "clear"], consents: ["clear", "sumsWithoutNoise"] },
  };
  writeFileSync(join(bank.home, "policy.json"), JSON.stringify(policy, null, 2));
  const config = JSON.parse(readFileSync(join(bank.home, "farshore.json"), "utf8"));
  writeFileSync(join(bank.home, "farshore.json"), JSON.stringify({ ...config, policy: "policy.json" }, null, 2));
  const options = ["--data", path, "--schema", data.schemaPath, "--population", "card customers", "--price", "100"];
  return (await farshore(bank.home, "asset", "list", ...options, "--purpose", "creditScoring")) as {
    assetId: string;
    rows: number;
  };
}

function requestOf({ data, options }: Stage, assets: readonly string[], aggregation: DemoAggregation) {
  const windows = options.rpc === undefined ? embeddedWindows : networkWindows;
  return {
    ...{ version: 1, name: "credit score", purpose: "creditScoring", legalBasis: "gdprLegitimateInterests", assets },
    aggregation,
    algorithm: { name: "logistic-newton", ridge: 1, rounds: options.rounds, plateau: options.plateau },
    payments: { base: "1000", performance: "5000", oracleFee: "250" },
    utilityTarget: "-0.35",
    ...{ deadlines: windows, validation: data.validation },
  };
}

/** The regulator fetches the evidence with its key and audits it in an empty folder that has nothing but the file. */
async function auditBy(
  { folder, rpcUrl, manifest, parties }: Stage,
  job: string,
  aggregation: DemoAggregation,
): Promise<DemoJob["audit"]> {
  const regulator = parties.find((p) => p.role === "regulator") as DemoParty;
  const empty = join(folder, `audit-${aggregation}`);
  mkdirSync(empty, { recursive: true });
  const evidence = join(empty, "evidence.json");
  await farshore(regulator.home, "job", "result", job, "--evidence", evidence);
  return (await farshore(
    empty,
    "audit",
    job,
    "--evidence",
    evidence,
    "--rpc",
    rpcUrl,
    "--manifest",
    manifest,
  )) as unknown as DemoJob["audit"];
}
