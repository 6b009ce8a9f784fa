import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod/v4";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { type Consent, consentNumber, consents } from "../core/tables/consents.ts";

/** One job that waits for a person, as the node shows it. */
export interface InboxItem {
  readonly jobId: Hex;
  readonly assetIndex: number;
  readonly assetId: string;
  readonly buyer: string;
  readonly name: string;
  readonly purpose: string;
  readonly price: string;
  readonly rounds: number;
  readonly waitsFor: "person" | "two-persons" | "accepted" | "declined";
  readonly rule: string;
  readonly reason: string;
  /** Names of consents (core/tables/consents) that an acceptance must give beside the verdict. */
  readonly needs: readonly string[];
}

const waiting: readonly string[] = ["person", "two-persons"] satisfies InboxItem["waitsFor"][];

const verdictSchema = z.strictObject({
  jobId: z.string().regex(/^0x[0-9a-f]{64}$/),
  verdict: z.enum(["accept", "decline"]),
  person: z.string().min(1).max(64),
  consents: z.int().min(0).max(0xffffffff),
  /** Of the person's key over `verdictDigest`, where the policy names persons. */
  signature: z
    .string()
    .regex(/^0x[0-9a-f]{130}$/)
    .optional(),
});

/** What a person said about a job. `consents`: bits of core/tables/consents. */
export type Verdict = z.infer<typeof verdictSchema>;

// The node owns its database; the command line and the node meet in this folder. A rename makes each file whole.
const inboxDir = (home: string) => join(home, "inbox");
const verdictDir = (home: string) => join(home, "inbox", "verdicts");

function writeWhole(dir: string, name: string, value: unknown): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const temporary = join(dir, `.${name}.${process.pid}`);
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(temporary, join(dir, name));
}

/** Node: shows a job, or what became of it. */
export function showInInbox(home: string, item: InboxItem): void {
  writeWhole(inboxDir(home), `${item.jobId}-${item.assetIndex}.json`, item);
}

/** Command line: the jobs that a node shows. */
export function readInbox(home: string): InboxItem[] {
  return jsonFiles(inboxDir(home)).map(
    (path) => ({ needs: [], ...JSON.parse(readFileSync(path, "utf8")) }) as InboxItem,
  );
}

/**
 * Command line: leaves a person's verdict for the node. Throws `inbox/unknown-job` when the node shows no such job,
 * `inbox/decided` when there is nothing left to decide (what was accepted may still be declined until the job starts), and
 * `inbox/consent-missing` when an acceptance does not give a consent that the job needs.
 */
export function leaveVerdict(home: string, verdict: Verdict): void {
  const items = readInbox(home).filter((item) => item.jobId === verdict.jobId);
  if (items.length === 0) {
    throw new FarshoreError({
      code: "inbox/unknown-job",
      message: `job ${verdict.jobId} is not in the inbox`,
      facts: { jobId: verdict.jobId },
      remedy: "see farshore job inbox; the node must be running",
    });
  }
  const open = verdict.verdict === "accept" ? waiting : [...waiting, "accepted"];
  if (!items.some((item) => open.includes(item.waitsFor))) throw decided(items[0] as InboxItem);
  const missing = verdict.verdict === "accept" ? missingConsents(items, verdict.consents) : [];
  if (missing.length > 0) throw consentMissing(verdict.jobId, missing);
  const name = `${verdict.jobId}-${verdict.person.replace(/[^A-Za-z0-9]/g, "_")}.json`;
  writeWhole(verdictDir(home), name, verdictSchema.parse(verdict));
}

function missingConsents(items: readonly InboxItem[], given: number): string[] {
  const needed = new Set(items.flatMap((item) => item.needs));
  return [...needed].filter((name) => (consentNumber(name) & given) === 0);
}

function consentMissing(jobId: Hex | string, missing: readonly string[]): FarshoreError {
  const titles = missing.map((name) => `${name} (${consents[name as Consent].title})`);
  return new FarshoreError({
    code: "inbox/consent-missing",
    message: `job ${jobId} needs a consent beyond its terms: ${titles.join("; ")}`,
    facts: { jobId, missing: missing.join(" ") },
    remedy: `accept with --consent ${missing.join(" ")} if the institution agrees, or decline`,
  });
}

function decided({ jobId, waitsFor, rule, reason }: InboxItem): FarshoreError {
  return new FarshoreError({
    code: "inbox/decided",
    message: `job ${jobId} is ${waitsFor} already, by rule ${rule}: ${reason}`,
    facts: { jobId, decision: waitsFor, rule },
    remedy:
      waitsFor === "declined"
        ? "a declined job stays declined: have the buyer post it again"
        : "nothing more is needed; farshore job decline takes it back until the job starts",
  });
}

/** Node: takes each verdict to `handle` (which records it) and then removes the file. Malformed ones are set aside. */
export async function takeVerdicts(home: string, handle: (verdict: Verdict) => Promise<void>): Promise<void> {
  for (const path of jsonFiles(verdictDir(home))) {
    const parsed = verdictSchema.safeParse(readJsonOrNothing(path));
    if (parsed.success) {
      await handle(parsed.data);
      rmSync(path, { force: true });
    } else {
      renameSync(path, `${path}.malformed`);
    }
  }
}

function readJsonOrNothing(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

function jsonFiles(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(".json") && !name.startsWith("."))
      .sort()
      .map((name) => join(dir, name));
  } catch {
    return [];
  }
}
