import { DatabaseSync } from "node:sqlite";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { Revert } from "./revert.ts";

/**
 * What became of a signed transaction. pending: may still be mined; done, reverted: mined; refused: the node did not take
 * it, so its nonce is free again; displaced: another transaction of the same key was mined under its nonce.
 */
export type IntentStatus = "pending" | "done" | "reverted" | "refused" | "displaced";

/** A transaction that was signed and stored before it was sent. */
export interface Intent {
  readonly id: number;
  readonly key: string;
  readonly nonce: number;
  readonly hash: Hex;
  readonly raw: Hex;
  readonly to: Hex;
  readonly data: Hex;
  readonly value: bigint;
  readonly status: IntentStatus;
  readonly blockNumber: bigint | null;
  readonly gasUsed: bigint | null;
  readonly revert: Revert | null;
}

export type NewIntent = Pick<Intent, "key" | "nonce" | "hash" | "raw" | "to" | "data" | "value">;

export interface Mined {
  readonly status: "done" | "reverted";
  readonly blockNumber: bigint;
  readonly gasUsed: bigint;
  readonly revert: Revert | null;
}

// One live transaction a key and a nonce: the database refuses a second one whatever the code above it does.
const schema = `
  CREATE TABLE IF NOT EXISTS binding (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS intent (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, nonce INTEGER NOT NULL, hash TEXT NOT NULL, raw TEXT NOT NULL,
    destination TEXT NOT NULL, data TEXT NOT NULL, value TEXT NOT NULL, status TEXT NOT NULL, stored_ms INTEGER NOT NULL,
    block_number INTEGER, gas_used INTEGER, revert TEXT
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS one_live_per_key ON intent (key) WHERE status IN ('pending', 'done');
  CREATE UNIQUE INDEX IF NOT EXISTS one_live_per_nonce ON intent (nonce) WHERE status IN ('pending', 'done', 'reverted');
`;

/** The outbox's memory: one SQLite file, written through to the disk before anything is sent. One process owns it. */
export class OutboxStore {
  readonly #db: DatabaseSync;

  /** Opens or creates the file; throws `chain/outbox-in-use` while another process holds it. */
  constructor(path: string) {
    this.#db = new DatabaseSync(path);
    try {
      this.#db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      this.#db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`);
    } catch (cause) {
      this.#db.close();
      throw openFailure(path, cause);
    }
  }

  /** Binds the file to one chain and account at first use; throws `chain/outbox-of-another`, closed, when it has another. */
  bind(binding: Readonly<Record<string, string>>): void {
    const insert = this.#db.prepare("INSERT INTO binding (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING");
    const select = this.#db.prepare("SELECT value FROM binding WHERE name = ?");
    for (const [name, needed] of Object.entries(binding)) {
      insert.run(name, needed);
      const had = String(select.get(name)?.value);
      if (had === needed) continue;
      this.close();
      throw boundElsewhere(name, had, needed);
    }
  }

  /** The transaction that stands for a key: done or pending. */
  live(key: string): Intent | undefined {
    const row = this.#db.prepare("SELECT * FROM intent WHERE key = ? AND status IN ('pending', 'done')").get(key);
    return row === undefined ? undefined : intentOf(row);
  }

  /** Everything that may still be mined, lowest nonce first. */
  pending(): Intent[] {
    return this.#db.prepare("SELECT * FROM intent WHERE status = 'pending' ORDER BY nonce").all().map(intentOf);
  }

  /** One above the highest nonce that was used; 0 for a new file. */
  nextNonce(): number {
    const row = this.#db
      .prepare("SELECT coalesce(max(nonce) + 1, 0) AS next FROM intent WHERE status IN ('pending', 'done', 'reverted')")
      .get();
    return Number(row?.next);
  }

  add(intent: NewIntent, nowMs: number): Intent {
    const { key, nonce, hash, raw, to, data, value } = intent;
    const { lastInsertRowid } = this.#db
      .prepare(
        "INSERT INTO intent (key, nonce, hash, raw, destination, data, value, status, stored_ms) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?)",
      )
      .run(key, nonce, hash, raw, to, data, String(value), nowMs);
    return {
      ...intent,
      id: Number(lastInsertRowid),
      status: "pending",
      blockNumber: null,
      gasUsed: null,
      revert: null,
    };
  }

  mined(intent: Intent, mined: Mined): Intent {
    const revert = mined.revert === null ? null : encodeRevert(mined.revert);
    this.#db
      .prepare("UPDATE intent SET status = ?, block_number = ?, gas_used = ?, revert = ? WHERE id = ?")
      .run(mined.status, mined.blockNumber, mined.gasUsed, revert, intent.id);
    return { ...intent, ...mined };
  }

  giveUp(intent: Intent, status: "refused" | "displaced"): void {
    this.#db.prepare("UPDATE intent SET status = ? WHERE id = ?").run(status, intent.id);
  }

  close(): void {
    this.#db.close();
  }
}

type Row = Record<string, unknown>;

function intentOf(row: Row): Intent {
  return {
    id: Number(row.id),
    key: String(row.key),
    nonce: Number(row.nonce),
    hash: row.hash as Hex,
    raw: row.raw as Hex,
    to: row.destination as Hex,
    data: row.data as Hex,
    value: BigInt(String(row.value)),
    status: row.status as IntentStatus,
    blockNumber: row.block_number === null ? null : BigInt(row.block_number as number),
    gasUsed: row.gas_used === null ? null : BigInt(row.gas_used as number),
    revert: row.revert === null ? null : decodeRevertText(String(row.revert)),
  };
}

/** Integers beyond JSON's as `{"int":"…"}`. */
function encodeRevert(revert: Revert): string {
  return JSON.stringify(revert, (_, value) => (typeof value === "bigint" ? { int: String(value) } : value));
}

function decodeRevertText(text: string): Revert {
  return JSON.parse(text, (_, value) => (typeof value?.int === "string" ? BigInt(value.int) : value)) as Revert;
}

function openFailure(path: string, cause: unknown): unknown {
  if (!/locked|busy/i.test(String(cause))) return cause;
  return new FarshoreError({
    code: "chain/outbox-in-use",
    message: `another process holds the outbox ${path}`,
    facts: { path },
    remedy: "stop the other process of this participant; one process owns its outbox",
    cause,
  });
}

function boundElsewhere(name: string, had: string, needed: string): FarshoreError {
  return new FarshoreError({
    code: "chain/outbox-of-another",
    message: `this outbox belongs to another ${name}`,
    facts: { name, had, needed },
    remedy: "use one folder per chain and key; move the old outbox away when its chain is gone",
  });
}
