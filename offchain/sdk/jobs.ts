import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { readJob } from "../chain/jobParts.ts";
import { getBalances } from "../chain/reads/balances.ts";
import { getJobSlot } from "../chain/reads/jobSlot.ts";
import { getRules } from "../chain/reads/rules.ts";
import { simulate } from "../chain/simulate.ts";
import * as market from "../chain/writes/market.ts";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccakHex } from "../core/hash.ts";
import { formatStable } from "../core/units.ts";
import { readTable } from "../data/connector.ts";
import type { DatasetSchema } from "../data/schema.ts";
import { encodeValidation, validationRoot } from "../data/validationRows.ts";
import { releaseCodeHash } from "../protocol/codeHash.ts";
import { jobIdOf } from "../protocol/jobId.ts";
import { type JobSpec, parseJobSpec, specBytes } from "../protocol/jobSpec.ts";
import { termsOfSpec } from "../protocol/jobTerms.ts";
import { badTerms, expectRunnable } from "../protocol/termsRules.ts";
import { latestListing, schemaOf } from "./assets.ts";
import { boardsOf, putEverywhere } from "./boards.ts";
import { type JobRequest, type ListedAsset, specOfRequest } from "./jobRequest.ts";
import type { Session } from "./session.ts";

/** What the buyer keeps of a job, written before anything is sent: `post` again with the same request goes on from here. */
export interface PostedJob {
  readonly jobId: Hex;
  readonly spec: JobSpec;
  /** Path of the validation payload (rows and salt) in the buyer's folder; empty where an evaluator has it. */
  readonly validation: string;
}

/** What a job costs, in stable minor units. */
export interface Quote {
  readonly base: bigint;
  readonly performance: bigint;
  readonly oracleFee: bigint;
  readonly prices: bigint;
  /** Against spam; comes back unless the job fails before its first round. */
  readonly deposit: bigint;
  readonly total: bigint;
  readonly balance: bigint;
}

/** Builds the full specification of a request and what it costs. Nothing is sent, nothing is kept. */
export async function quoteJob(session: Session, request: JobRequest, folder: string) {
  const { spec } = await prepare(session, request, folder);
  return { spec, quote: await quoteOf(session, spec) };
}

async function prepare(session: Session, request: JobRequest, folder: string, salt = session.random(32)) {
  const assets = await Promise.all(request.assets.map((id) => listedAsset(session, id)));
  const schema = (assets[0] as ListedAsset).schema;
  const { validation } = request;
  const own = typeof validation === "string" ? await ownRows(folder, validation, schema, salt) : null;
  const committed = own ?? (validation as { root: Hex; rows: number });
  const { root, rows } = committed;
  const spec = specOfRequest(request, assets, { root: root as Hex, rows }, releaseCodeHash);
  await expectTaken(session, spec);
  return { spec, payload: own?.payload ?? null };
}

async function ownRows(folder: string, file: string, schema: DatasetSchema, salt: Uint8Array) {
  const table = await readTable(isAbsolute(file) ? file : join(folder, file), schema);
  return { root: validationRoot(table, salt), rows: table.rows, payload: encodeValidation(table, salt) };
}

// Before any money moves: what no program of this release can run would only hold the escrow until its deadline.
async function expectTaken(session: Session, spec: JobSpec): Promise<void> {
  const terms = termsOfSpec(spec);
  expectRunnable(terms);
  await expectRulesInForce(session, terms.rulesVersion);
  const call = market.post(session.chain, terms);
  const refusal = await simulate(session.chain, session.account, call);
  if (refusal?.error !== "JobMarket_BadTerms") return;
  throw badTerms({ field: String(refusal.args.field), expected: "what this market's deployment asks at least" });
}

/** No institution takes part under rules that are not in force. */
async function expectRulesInForce(session: Session, rulesVersion: number): Promise<void> {
  const rules = await getRules(session.chain, rulesVersion);
  if (rules?.valid === true) return;
  throw new FarshoreError({
    code: "rules/not-valid",
    message: `version ${rulesVersion} of the rules is not in force`,
    facts: { rulesVersion },
    remedy: "name a version that is: farshore rules show",
  });
}

async function listedAsset(session: Session, id: string): Promise<ListedAsset> {
  const listed = await latestListing(session, BigInt(id));
  const { version, terms } = listed.listing;
  return {
    assetId: id,
    version: listed.version,
    rows: version.rows,
    price: terms.price,
    schema: await schemaOf(session, listed),
  };
}

async function quoteOf(session: Session, spec: JobSpec): Promise<Quote> {
  const { base, performance, oracleFee, assets } = termsOfSpec(spec);
  const prices = assets.reduce((sum, a) => sum + a.price, 0n);
  const deposit = await session.chain.call("JobMarket", "jobDeposit", []);
  const { market: credit } = await getBalances(session.chain, session.account);
  const total = base + performance + oracleFee + prices + deposit;
  return { base, performance, oracleFee, prices, deposit, total, balance: credit.stable };
}

/**
 * Posts a job: rows and specification are kept first, then go to the boards, then the terms to the chain. Called again
 * with the same request file it goes on where it stopped and posts nothing twice; what is refused leaves nothing behind.
 * Throws `job/bad-terms`,
 * `job/not-in-this-release`, `job/balance-too-small`, chain/* and board/* errors.
 */
export async function postJob(session: Session, request: JobRequest, folder: string): Promise<PostedJob> {
  const name = keccakHex(new TextEncoder().encode(JSON.stringify(request)));
  const kept = readPosted(session).find((p) => p.file === name)?.posted;
  const stands = kept !== undefined && (await getJobSlot(session.chain, kept.jobId)).state !== "None";
  const posted = kept ?? (await newJob(session, name, request, folder));
  await putEverywhere(await boardsOf(session), specBytes(posted.spec));
  if (!stands) await sendTerms(session, name, posted);
  return posted;
}

async function newJob(session: Session, name: string, request: JobRequest, folder: string): Promise<PostedJob> {
  const prepared = await prepare(session, request, folder);
  await expectUnused(session, prepared.spec);
  await expectBalance(session, prepared.spec);
  return keep(session, name, prepared);
}

// The outbox knows a job by its id, and that is its rows': another request with the same ones would pass for the first.
async function expectUnused(session: Session, spec: JobSpec): Promise<void> {
  const { validationRoot: root } = termsOfSpec(spec);
  const jobId = jobIdOf(session.chain.address("JobMarket"), session.account, root);
  const kept = readPosted(session).some(({ posted }) => posted.jobId === jobId);
  if (!kept && (await getJobSlot(session.chain, jobId)).state === "None") return;
  throw new FarshoreError({
    code: "job/validation-used",
    message: `the validation rows ${root} are those of job ${jobId} already`,
    facts: { root, jobId },
    remedy: "have the evaluator commit them anew (farshore validation commit): another salt gives another root",
  });
}

async function sendTerms(session: Session, name: string, posted: PostedJob): Promise<void> {
  const { jobId, spec } = posted;
  expectRunnable(termsOfSpec(spec));
  await expectBalance(session, spec);
  try {
    await session.send(`post:${jobId}`, market.post(session.chain, termsOfSpec(spec)));
  } catch (error) {
    const refused = error instanceof FarshoreError && error.code === "chain/revert";
    if (refused && error.facts.error !== "JobMarket_AlreadyPosted") forget(session, name, posted);
    throw error;
  }
}

async function expectBalance(session: Session, spec: JobSpec): Promise<void> {
  const { total, balance } = await quoteOf(session, spec);
  if (balance < total) throw balanceTooSmall(balance, total);
}

function balanceTooSmall(had: bigint, needed: bigint): FarshoreError {
  return new FarshoreError({
    code: "job/balance-too-small",
    message: `the job needs ${formatStable(needed)} inside the market, the balance is ${formatStable(had)}`,
    facts: { had, needed },
    remedy: `farshore deposit ${formatStable(needed - had)}, then post again`,
  });
}

function keep(
  session: Session,
  name: string,
  { spec, payload }: { spec: JobSpec; payload: Uint8Array | null },
): PostedJob {
  const jobId = jobIdOf(session.chain.address("JobMarket"), session.account, termsOfSpec(spec).validationRoot);
  const dir = jobsDir(session);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const validation = payload === null ? "" : join(dir, `${jobId}.validation`);
  if (payload !== null) writeWhole(validation, payload);
  const posted: PostedJob = { jobId, spec, validation };
  writeWhole(join(dir, `${name}.json`), new TextEncoder().encode(JSON.stringify(posted, null, 2)));
  return posted;
}

// The chain will never know this job: own rows get another salt when it is posted anew.
function forget(session: Session, name: string, { validation }: PostedJob): void {
  rmSync(join(jobsDir(session), `${name}.json`), { force: true });
  if (validation !== "") rmSync(validation, { force: true });
}

function writeWhole(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.part`, bytes, { mode: 0o600, flush: true });
  renameSync(`${path}.part`, path);
}

function jobsDir(session: Session): string {
  return join(session.config.home, "jobs");
}

function readPosted(session: Session): { file: string; posted: PostedJob }[] {
  let names: string[];
  try {
    names = readdirSync(jobsDir(session)).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
  return names.map((name) => {
    const posted = JSON.parse(readFileSync(join(jobsDir(session), name), "utf8")) as PostedJob;
    return { file: name.replace(/\.json$/, ""), posted: { ...posted, spec: parseJobSpec(posted.spec) } };
  });
}

/** A job that this folder posted; throws `job/not-mine`. */
export function postedJob(session: Session, jobId: Hex): PostedJob {
  const found = readPosted(session).find((p) => p.posted.jobId === jobId);
  if (found !== undefined) return found.posted;
  throw new FarshoreError({
    code: "job/not-mine",
    message: `job ${jobId} was not posted from this folder`,
    facts: { jobId },
    remedy: "use the folder of the buyer that posted it",
  });
}

/** Withdraws an open job: everything comes back. */
export async function cancelJob(session: Session, jobId: Hex): Promise<void> {
  const job = await readJob(session.chain, jobId);
  await session.send(`cancel:${jobId}`, market.cancel(session.chain, job));
}
