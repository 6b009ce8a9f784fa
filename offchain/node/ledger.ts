import { DatabaseSync } from "node:sqlite";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";

/**
 * This node's own privacy ledger: what was released of each population, recorded before the release. It refuses what the
 * chain would allow by mistake, and it is what a policy's monthly cap is checked against. Amounts in nano-rho.
 */
export class Ledger {
  readonly #db: DatabaseSync;

  constructor(path: string) {
    this.#db = new DatabaseSync(path);
    this.#db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS releases (
        population TEXT NOT NULL, job TEXT NOT NULL, round INTEGER NOT NULL, rho_nano TEXT NOT NULL,
        time INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (population, job, round)
      );
    `);
  }

  close(): void {
    this.#db.close();
  }

  /**
   * Records the release of one round before it leaves. The same digest again is the same release (a resend); another one
   * for the same round is refused: two releases of one round cost twice and were agreed once.
   */
  record(release: { population: Hex; jobId: Hex; round: number; rhoNano: bigint; time: bigint; digest: Hex }): void {
    const { population, jobId, round, rhoNano, time, digest } = release;
    this.#db
      .prepare("INSERT OR IGNORE INTO releases VALUES (?, ?, ?, ?, ?, ?)")
      .run(population, jobId, round, String(rhoNano), Number(time), digest);
    const stands = this.#db
      .prepare("SELECT digest FROM releases WHERE population = ? AND job = ? AND round = ?")
      .get(population, jobId, round) as { digest: string };
    if (stands.digest === digest) return;
    throw new FarshoreError({
      code: "ledger/second-release",
      message: `round ${round} of job ${jobId} was released before with other values`,
      facts: { jobId, round, population },
      remedy: "resend the stored dealing; never deal a round twice",
    });
  }

  /** Sum of nano-rho released of a population since a time (seconds since 1970). */
  spentSince(population: Hex, since: bigint): bigint {
    const rows = this.#db
      .prepare("SELECT rho_nano FROM releases WHERE population = ? AND time >= ?")
      .all(population, Number(since)) as { rho_nano: string }[];
    return rows.reduce((sum, row) => sum + BigInt(row.rho_nano), 0n);
  }
}
