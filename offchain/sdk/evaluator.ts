import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJob } from "../chain/jobParts.ts";
import type { JobRecord } from "../chain/jobRecord.ts";
import { getBalances } from "../chain/reads/balances.ts";
import { type Address, bytesToHex, type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { formatStable } from "../core/units.ts";
import { signDigest } from "../crypto/secp256k1.ts";
import { readTable } from "../data/connector.ts";
import { featuresOf, readSchema } from "../data/schema.ts";
import { encodeValidation, validationRoot, verifyValidation } from "../data/validationRows.ts";
import { acceptanceSignedBy } from "../protocol/acceptance.ts";
import { validatorIndex } from "../protocol/aggregation.ts";
import type { Acceptance } from "../protocol/chainStructs.ts";
import { openSpec } from "../protocol/jobSpec.ts";
import { signEnvelope } from "../transport/envelope.ts";
import { askAny, boardsOf } from "./boards.ts";
import { ValidationDelivery } from "./deliverValidation.ts";
import { whenNew } from "./followJob.ts";
import { keepOnce, kept } from "./keepOnce.ts";
import type { Session } from "./session.ts";

const acceptanceSeconds = 604_800n;
const closed = ["Proposed", "Settled", "Failed", "Cancelled"];
// A board that does not take an acceptance by then is tried again at the next look (ms).
const deliverMs = 3000;

/** Validation rows that an evaluator committed to: what a buyer's request names. */
export interface CommittedValidation {
  readonly root: Hex;
  readonly rows: number;
}

/** Commits to validation rows: a fresh salt and the rows are kept in this party's folder, and their root is told. Nothing is sent. */
export async function commitValidation(session: Session, file: string, schema: string): Promise<CommittedValidation> {
  const declared = readSchema(schema);
  const table = await readTable(file, declared);
  const salt = session.random(32);
  const root = validationRoot(table, salt);
  mkdirSync(join(session.config.home, "validation"), { recursive: true, mode: 0o700 });
  keepOnce(columnsPath(session, root), new TextEncoder().encode(columnsOf(featuresOf(declared))));
  keepOnce(rowsPath(session, root), encodeValidation(table, salt));
  return { root, rows: table.rows };
}

function rowsPath(session: Session, root: Hex): string {
  return join(session.config.home, "validation", `${root.toLowerCase()}.rows`);
}

// What the rows' columns mean, as text that can be compared: the root commits to values alone.
function columnsPath(session: Session, root: Hex): string {
  return `${rowsPath(session, root)}.columns.json`;
}

function columnsOf(features: readonly { name: string; min: number; max: number }[]): string {
  return JSON.stringify(features.map(({ name, min, max }) => ({ name, min, max })));
}

/**
 * The evaluator's part in a job that names it: signs its acceptance (its bond is taken at the start), and delivers the encrypted rows to
 * the committee until every seat holds them. May be stopped and started again at any time. Throws `job/not-evaluator`,
 * `validation/not-here`, `job/balance-too-small`.
 */
export async function evaluateJob(session: Session, jobId: Hex, report: (line: string) => void): Promise<JobRecord> {
  let job = await readJob(session.chain, jobId);
  const path = expectOwn(session, job);
  await expectSameColumns(session, job);
  let delivery: ValidationDelivery | undefined;
  const say = whenNew(report);
  try {
    for (; !closed.includes(job.state); job = await readJob(session.chain, jobId)) {
      if (job.state === "Open")
        say(`${job.state}: ${await accept(session, job)} boards hold this evaluator's acceptance`);
      if (job.state === "Running") {
        delivery ??= new ValidationDelivery(session, job, path);
        await delivery.step();
        say(`${job.state}: ${delivery.holding} of ${job.terms.k} oracles hold the encrypted rows`);
      }
      if (job.state === "Finished" || delivery?.holding === job.terms.k) return job;
      await session.clock.sleep(session.chain.pollMs);
    }
    return job;
  } finally {
    delivery?.close();
  }
}

/** Path of the rows when the job names this party, and these rows. */
function expectOwn(session: Session, { jobId, terms }: JobRecord): string {
  if (terms.evaluator.toLowerCase() !== session.account.toLowerCase()) {
    throw new FarshoreError({
      code: "job/not-evaluator",
      message: `job ${jobId} does not name this party as its evaluator`,
      facts: { jobId, evaluator: terms.evaluator, account: session.account },
      remedy: "use the folder of the evaluator that the terms name",
    });
  }
  const path = rowsPath(session, terms.validationRoot);
  if (!existsSync(path)) {
    throw new FarshoreError({
      code: "validation/not-here",
      message: `job ${jobId} names validation rows that this folder never committed to`,
      facts: { jobId, root: terms.validationRoot },
      remedy: "do not accept: whoever accepts and cannot deliver these rows loses its bond",
    });
  }
  verifyValidation(new Uint8Array(readFileSync(path)), terms.validationRoot, terms.validationRows);
  return path;
}

// A buyer may name the root in a job over other columns: rows that do not fit it would cost this party its bond.
async function expectSameColumns(session: Session, { jobId, terms }: JobRecord): Promise<void> {
  const hash = hexToBytes(terms.specHash);
  const document = await askAny(await boardsOf(session), (client, signal) => client.getDocument(hash, { signal }));
  const asked = columnsOf(openSpec(document, terms.specHash).features);
  const committed = new TextDecoder().decode(kept(columnsPath(session, terms.validationRoot)));
  if (asked === committed) return;
  throw new FarshoreError({
    code: "validation/other-columns",
    message: `job ${jobId} has other features, in another order or with other ranges, than the rows that its root commits to`,
    facts: { jobId, root: terms.validationRoot },
    remedy: "do not accept: commit again by the schema of the job's listings, and have the buyer post it anew",
  });
}

/** Signs once and brings the acceptance to the boards; how many hold it. */
async function accept(session: Session, job: JobRecord): Promise<number> {
  await expectBond(session);
  const bytes = await acceptanceOnce(session, job);
  const boards = await boardsOf(session);
  const took = await Promise.allSettled(boards.map(({ client }) => client.deliver(bytes, { timeoutMs: deliverMs })));
  return took.filter(({ status }) => status === "fulfilled").length;
}

// At the start the market takes the bond from this balance: without it nobody could start the job.
async function expectBond(session: Session): Promise<void> {
  const bond = await session.chain.call("JobMarket", "jobDeposit", []);
  const { market } = await getBalances(session.chain, session.account);
  if (market.stable >= bond) return;
  throw new FarshoreError({
    code: "job/balance-too-small",
    message: `an evaluator's bond is ${formatStable(bond)}, the balance inside the market ${formatStable(market.stable)}`,
    facts: { had: market.stable, needed: bond },
    remedy: `farshore deposit ${formatStable(bond - market.stable)}, then run this again`,
  });
}

async function acceptanceOnce(session: Session, { jobId, termsHash }: JobRecord): Promise<Uint8Array> {
  const path = join(session.config.home, "validation", `${jobId}.acceptance`);
  const before = kept(path);
  if (before !== undefined) return before;
  const message: Acceptance = {
    ...{ jobId, termsHash, assetIndex: validatorIndex, consents: 0 },
    nonce: BigInt(bytesToHex(session.random(16))),
    expiry: session.clock.nowSeconds() + acceptanceSeconds,
  };
  return keepOnce(path, await signedEnvelope(session, message));
}

async function signedEnvelope(session: Session, message: Acceptance): Promise<Uint8Array> {
  const { chainId, contracts } = session.chain.manifest;
  const sign = (digest: Uint8Array) => signDigest(session.keys.operator, digest);
  const content = acceptanceSignedBy({ chainId, market: contracts.JobMarket }, message, sign);
  const sender = session.operator.toLowerCase() as Address;
  const said = { chainId, market: contracts.JobMarket, jobId: message.jobId, sender, kind: "acceptance", round: 0 };
  return signEnvelope({ ...said, content, time: session.clock.nowSeconds() }, sign);
}
