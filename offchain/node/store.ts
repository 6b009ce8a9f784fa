import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { Hex } from "../core/bytes.ts";
import type { CohortMember } from "../protocol/cohort.ts";
import { RecentRows } from "./recentRows.ts";

// Messages, states and deliveries of the jobs under way, which every step asks for again: most of what such a job keeps.
const mostRecentBytes = 32 * 1024 * 1024;

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS identity (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS documents (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS loose_documents (hash TEXT PRIMARY KEY, bytes INTEGER NOT NULL, at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS messages (
    job TEXT NOT NULL, kind TEXT NOT NULL, round INTEGER NOT NULL, sender TEXT NOT NULL, slot TEXT NOT NULL,
    hash TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (job, kind, round, sender, slot)
  );
  CREATE TABLE IF NOT EXISTS signed (
    job TEXT NOT NULL, kind TEXT NOT NULL, round INTEGER NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (job, kind, round)
  );
  CREATE TABLE IF NOT EXISTS states (
    job TEXT NOT NULL, round INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (job, round)
  );
  CREATE TABLE IF NOT EXISTS evidence (job TEXT PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS erased (job TEXT PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS sent (
    job TEXT NOT NULL, kind TEXT NOT NULL, round INTEGER NOT NULL, recipient TEXT NOT NULL,
    PRIMARY KEY (job, kind, round, recipient)
  );
  CREATE TABLE IF NOT EXISTS decisions (
    job TEXT NOT NULL, asset INTEGER NOT NULL, verdict TEXT NOT NULL, rule TEXT NOT NULL, reason TEXT NOT NULL,
    decider TEXT NOT NULL, time INTEGER NOT NULL, consents INTEGER NOT NULL, PRIMARY KEY (job, asset, verdict, decider)
  );
  CREATE TABLE IF NOT EXISTS cohorts (
    asset TEXT NOT NULL, job TEXT NOT NULL, members TEXT NOT NULL, PRIMARY KEY (asset, job)
  );
  CREATE TABLE IF NOT EXISTS faults (
    job TEXT NOT NULL, round INTEGER NOT NULL, party TEXT NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
    PRIMARY KEY (job, round, party, code)
  );
`;

/** What names a kept message: `slot` tells apart what one sender may send several of (asset index, attested type). */
export interface MessageKey {
  readonly job: Hex;
  readonly kind: string;
  readonly round: number;
  readonly sender: Hex;
  readonly slot: string;
}

/** A message that is kept. */
export interface StoredMessage extends MessageKey {
  readonly hash: Hex;
  readonly bytes: Uint8Array;
}

/** A decision on a job, with the rule or person that made it. */
export interface StoredDecision {
  readonly job: Hex;
  readonly asset: number;
  readonly verdict: string;
  readonly rule: string;
  readonly reason: string;
  readonly decider: string;
  readonly time: number;
  /** Bits of core/tables/consents. */
  readonly consents: number;
}

/**
 * A node's own state. One process owns the file; every write but `markSent` is on disk (synchronous = FULL) before the call
 * returns, so that what was recorded before a signature or a sending is still there after a crash of the machine. What was read
 * is remembered until a write changes it.
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #recent = new RecentRows(mostRecentBytes);

  constructor(path: string) {
    this.#db = new DatabaseSync(path);
    this.#db.exec(schema);
  }

  close(): void {
    this.#recent.dropAll();
    this.#db.close();
  }

  /** Binds the file to one chain and market; returns the value that stands. */
  bindIdentity(name: string, value: string): string {
    this.#run("INSERT OR IGNORE INTO identity VALUES (?, ?)", name, value);
    return this.#one<{ value: string }>("SELECT value FROM identity WHERE name = ?", name)?.value as string;
  }

  putDocument(hash: Hex, bytes: Uint8Array): void {
    this.#run("INSERT OR IGNORE INTO documents VALUES (?, ?)", hash, bytes);
  }

  /** Keeps a document that nothing on the chain names yet. `at`: when it came (ms). */
  putLooseDocument(hash: Hex, bytes: Uint8Array, at: number): void {
    // Noted first: a crash in between leaves a note without a document, not a document that is never dropped.
    this.#run("INSERT OR IGNORE INTO loose_documents VALUES (?, ?, ?)", hash, bytes.length, at);
    this.putDocument(hash, bytes);
  }

  /** Documents that nothing named when they came or were looked at last, oldest first. */
  looseDocuments(): { hash: Hex; bytes: number; at: number }[] {
    return this.#all("SELECT hash, bytes, at FROM loose_documents ORDER BY at, rowid");
  }

  /** A job or listing names the document: it stays for good. */
  keepDocument(hash: Hex): void {
    this.#run("DELETE FROM loose_documents WHERE hash = ?", hash);
  }

  dropDocument(hash: Hex): void {
    this.#run("DELETE FROM documents WHERE hash = ?", hash);
    this.#run("DELETE FROM loose_documents WHERE hash = ?", hash);
  }

  document(hash: Hex): Uint8Array | undefined {
    return this.#one<{ bytes: Uint8Array }>("SELECT bytes FROM documents WHERE hash = ?", hash)?.bytes;
  }

  /** Keeps the first message of its key. Returns what stands: the caller compares hashes to see a second, other one. */
  putMessage(m: StoredMessage): StoredMessage {
    this.#insertMessage("IGNORE", m);
    return this.message(m) as StoredMessage;
  }

  /** The message of one key, or undefined. */
  message({ job, kind, round, sender, slot }: MessageKey): StoredMessage | undefined {
    const sql = "SELECT * FROM messages WHERE job = ? AND kind = ? AND round = ? AND sender = ? AND slot = ?";
    const ask = () => this.#one<StoredMessage>(sql, job, kind, round, sender, slot);
    return this.#recent.read(ofRound(job, kind, round), `${sender}:${slot}`, ask, (m) => m?.bytes.length ?? 0);
  }

  /** Keeps messages that belong together: all of them or, when the process dies meanwhile, none. */
  putTogether(messages: readonly StoredMessage[]): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      for (const message of messages) this.putMessage(message);
      this.#db.exec("COMMIT");
    } catch (error) {
      // What was read meanwhile will not have been there.
      for (const { job, kind, round } of messages) this.#changed(job, kind, round);
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  /** Replaces a message: only for acceptances, whose newest counts. */
  replaceMessage(m: StoredMessage): void {
    this.#insertMessage("REPLACE", m);
  }

  messages(job: Hex, kind: string, round?: number): readonly StoredMessage[] {
    const all = "SELECT * FROM messages WHERE job = ? AND kind = ? ORDER BY rowid";
    const some = "SELECT * FROM messages WHERE job = ? AND kind = ? AND round = ? ORDER BY rowid";
    return round === undefined
      ? this.#recent.read(ofKind(job, kind), "all", () => this.#all<StoredMessage>(all, job, kind), bytesIn)
      : this.#recent.read(
          ...[ofRound(job, kind, round), "all"],
          () => this.#all<StoredMessage>(some, job, kind, round),
          bytesIn,
        );
  }

  /** Rounds and slots of one sender's messages of a kind, without their bytes. */
  sentBy(job: Hex, kind: string, sender: Hex): readonly { readonly round: number; readonly slot: string }[] {
    const sql = "SELECT round, slot FROM messages WHERE job = ? AND kind = ? AND sender = ?";
    const ask = () => this.#all<{ round: number; slot: string }>(sql, job, kind, sender);
    return this.#recent.read(ofKind(job, kind), `by:${sender}`, ask);
  }

  inventory(job: Hex): Omit<StoredMessage, "bytes">[] {
    return this.#all("SELECT job, kind, round, sender, slot, hash FROM messages WHERE job = ?", job);
  }

  /** Records what is about to be signed; returns the digest that stands for this (job, kind, round): the first one. */
  recordSigned(job: Hex, kind: string, round: number, digest: Hex): Hex {
    this.#run("INSERT OR IGNORE INTO signed VALUES (?, ?, ?, ?)", job, kind, round, digest);
    const sql = "SELECT digest FROM signed WHERE job = ? AND kind = ? AND round = ?";
    return this.#one<{ digest: Hex }>(sql, job, kind, round)?.digest as Hex;
  }

  putState(job: Hex, round: number, bytes: Uint8Array): void {
    this.#run("INSERT OR IGNORE INTO states VALUES (?, ?, ?)", job, round, bytes);
    this.#recent.drop(ofStates(job));
  }

  state(job: Hex, round: number): Uint8Array | undefined {
    const sql = "SELECT bytes FROM states WHERE job = ? AND round = ?";
    const ask = () => this.#one<{ bytes: Uint8Array }>(sql, job, round)?.bytes;
    return this.#recent.read(ofStates(job), `${round}`, ask, (bytes) => bytes?.length ?? 0);
  }

  putEvidence(job: Hex, bytes: Uint8Array): void {
    this.#run("INSERT OR IGNORE INTO evidence VALUES (?, ?)", job, bytes);
  }

  evidence(job: Hex): Uint8Array | undefined {
    return this.#one<{ bytes: Uint8Array }>("SELECT bytes FROM evidence WHERE job = ?", job)?.bytes;
  }

  /**
   * Erases messages of a closed job for good: overwritten in the file (secure_delete), and the write-ahead log, which holds what
   * was there before, emptied. False while another program reads the file: then the log still holds them, and this must be called again.
   */
  erase(job: Hex, kinds: readonly string[]): boolean {
    this.#recent.dropAll();
    const places = kinds.map(() => "?").join(", ");
    this.#run(`DELETE FROM messages WHERE job = ? AND kind IN (${places})`, job, ...kinds);
    const emptied = this.#one<{ busy: number }>("PRAGMA wal_checkpoint(TRUNCATE)");
    if (emptied?.busy !== 0) return false;
    // Noted last: a crash in between erases again.
    this.#run("INSERT OR IGNORE INTO erased VALUES (?)", job);
    return true;
  }

  isErased(job: Hex): boolean {
    return this.#one("SELECT 1 AS one FROM erased WHERE job = ?", job) !== undefined;
  }

  /** Notes a delivery. It outlives `kill -9`; where the power fails it may be forgotten, and the same bytes are sent again. */
  markSent(job: Hex, kind: string, round: number, recipient: string): void {
    this.#db.exec("PRAGMA synchronous = NORMAL");
    try {
      this.#run("INSERT OR IGNORE INTO sent VALUES (?, ?, ?, ?)", job, kind, round, recipient);
      this.#recent.drop(ofSent(job, kind, round));
    } finally {
      this.#db.exec("PRAGMA synchronous = FULL");
    }
  }

  wasSent(job: Hex, kind: string, round: number, recipient: string): boolean {
    const sql = "SELECT 1 AS one FROM sent WHERE job = ? AND kind = ? AND round = ? AND recipient = ?";
    const ask = () => this.#one(sql, job, kind, round, recipient) !== undefined;
    return this.#recent.read(ofSent(job, kind, round), recipient, ask);
  }

  /** The first decision of its kind stands; who decides the same again may add consents, never take them back. */
  putDecision(d: StoredDecision): void {
    this.#run(
      "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET consents = consents | excluded.consents",
      d.job,
      d.asset,
      d.verdict,
      d.rule,
      d.reason,
      d.decider,
      d.time,
      d.consents,
    );
  }

  decisions(job: Hex, asset: number): StoredDecision[] {
    return this.#all("SELECT * FROM decisions WHERE job = ? AND asset = ? ORDER BY rowid", job, asset);
  }

  /** Records with whom an asset takes part in sums without noise: before its acceptance is signed, kept for good. */
  putCohort(asset: string, job: Hex, members: readonly CohortMember[]): void {
    this.#run("INSERT OR IGNORE INTO cohorts VALUES (?, ?, ?)", asset, job, JSON.stringify(members));
  }

  /** Cohorts that an asset was accepted for, oldest first. */
  cohorts(asset: string): { job: Hex; members: CohortMember[] }[] {
    const rows = this.#all<{ job: Hex; members: string }>(
      "SELECT * FROM cohorts WHERE asset = ? ORDER BY rowid",
      asset,
    );
    return rows.map(({ job, members }) => ({ job, members: JSON.parse(members) as CohortMember[] }));
  }

  /** A fault with the party that is to blame; kept once per (job, round, party, code). */
  putFault(job: Hex, round: number, party: string, code: string, detail: string): void {
    this.#run("INSERT OR IGNORE INTO faults VALUES (?, ?, ?, ?, ?)", job, round, party, code, detail);
  }

  faults(job: Hex): { round: number; party: string; code: string; detail: string }[] {
    return this.#all("SELECT round, party, code, detail FROM faults WHERE job = ?", job);
  }

  #insertMessage(onConflict: "IGNORE" | "REPLACE", m: StoredMessage): void {
    const sql = `INSERT OR ${onConflict} INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)`;
    this.#run(sql, m.job, m.kind, m.round, m.sender, m.slot, m.hash, m.bytes);
    this.#changed(m.job, m.kind, m.round);
  }

  #changed(job: Hex, kind: string, round: number): void {
    this.#recent.drop(ofKind(job, kind));
    this.#recent.drop(ofRound(job, kind, round));
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepared(sql).run(...values);
  }

  #one<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#prepared(sql).get(...values) as T | undefined;
  }

  #all<T>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepared(sql).all(...values) as T[];
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

// Groups of rows that one write may change.
const ofKind = (job: Hex, kind: string) => `messages:${job}:${kind}`;
const ofRound = (job: Hex, kind: string, round: number) => `messages:${job}:${kind}:${round}`;
const ofStates = (job: Hex) => `states:${job}`;
const ofSent = (job: Hex, kind: string, round: number) => `sent:${job}:${kind}:${round}`;

function bytesIn(messages: readonly StoredMessage[]): number {
  return messages.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
