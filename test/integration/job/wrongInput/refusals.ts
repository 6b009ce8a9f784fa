import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { getCredit } from "../../../../offchain/chain/reads/balances.ts";
import { getBudget } from "../../../../offchain/chain/reads/budget.ts";
import { getListings } from "../../../../offchain/chain/reads/listing.ts";
import { setStatus } from "../../../../offchain/chain/writes/participants.ts";
import type { Marketplace } from "../marketplace.ts";
import { runFarshore } from "../program.ts";

/** Milliseconds: loaded machines are slow; what is waited for comes in seconds. */
export const patient = 150_000;

/** What a refused command says with --json. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly remedy?: string;
}

/** Everything a refused command could have left: files of its folder, listings, balance and reserved budgets. */
async function traces(m: Marketplace, home: string): Promise<unknown> {
  const { chain } = m.session;
  const listings = await getListings(chain);
  const budgets = await Promise.all(listings.map((l) => getBudget(chain, l.listing.version.populationId)));
  const { stable } = await getCredit(chain, m.party("buyer").account);
  return {
    files: filesOf(home),
    listings: listings.length,
    stable: String(stable),
    reserved: budgets.map((b) => String(b.reserved)),
  };
}

/** Files of a party's folder with their digests, but for what a running node writes, and SQLite's own beside a database. */
function filesOf(home: string): string[] {
  const own = /node\.log$|^state\/(node|outbox|privacy)\.sqlite|sqlite-(wal|shm)$|^inbox/;
  return globSync("**/*", { cwd: home, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !own.test(path.slice(home.length + 1)))
    .map((path) => `${path} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`)
    .sort();
}

/** Runs a command of a party's that must be refused with an exit code, and must leave everything as it was. */
export async function refused(
  m: Marketplace,
  name: string,
  args: readonly string[],
  exit: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Refusal> {
  const { home } = m.party(name);
  const before = await traces(m, home);
  const ended = await runFarshore(home, ["--json", ...args], env);
  expect(ended.code, ended.err + ended.out).to.equal(exit);
  expect(ended.out).to.equal("");
  expect(await traces(m, home)).to.deep.equal(before);
  const { error } = JSON.parse(ended.err) as { error: Refusal };
  expect(error.remedy ?? "", error.code).to.match(/\w/);
  return error;
}

/** Suspends a party for as long as `during` takes. */
export async function suspended(m: Marketplace, name: string, during: () => Promise<void>): Promise<void> {
  const { account } = m.party(name);
  const set = (status: "suspended" | "active") =>
    m.session.send(`${status}:${account}`, setStatus(m.session.chain, account, status, status === "active" ? 0 : 7));
  await set("suspended");
  try {
    await during();
  } finally {
    await set("active");
  }
}
