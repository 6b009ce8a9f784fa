import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";

/** What a node saw go wrong: `party` is an account or operator, or "nobody" where nobody can be named. */
export interface Fault {
  readonly job: Hex;
  readonly round: number;
  readonly party: string;
  readonly code: string;
  readonly detail: string;
}

/** Faults in a node's own store, also while it runs: of one job, or of all. Throws `node/no-state`. */
export function readFaults(home: string, job: Hex | undefined): Fault[] {
  const path = join(home, "state", "node.sqlite");
  if (!existsSync(path)) {
    throw new FarshoreError({
      code: "node/no-state",
      message: `no node has run in ${home}`,
      remedy: "name the folder of the node with --home",
    });
  }
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = db.prepare("SELECT job, round, party, code, detail FROM faults ORDER BY rowid").all();
    return (rows as unknown as Fault[])
      .filter((fault) => job === undefined || fault.job === job)
      .map((row) => ({ ...row }));
  } finally {
    db.close();
  }
}
