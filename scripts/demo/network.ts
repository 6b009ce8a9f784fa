import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deployTo } from "../../deploy/deploy.ts";
import { admit } from "../../offchain/chain/writes/participants.ts";
import { mint, transfer } from "../../offchain/chain/writes/tokens.ts";
import { type Address, bytesToHex, type Hex } from "../../offchain/core/bytes.ts";
import { sha256Hex } from "../../offchain/core/hash.ts";
import { makeLei } from "../../offchain/core/lei.ts";
import { jurisdictionNumber } from "../../offchain/core/tables/jurisdictions.ts";
import { roleBits } from "../../offchain/core/tables/roles.ts";
import { tierNumber } from "../../offchain/core/tables/tiers.ts";
import { parseIncentive, parseStable } from "../../offchain/core/units.ts";
import { openSession, type Session } from "../../offchain/sdk/session.ts";
import { freePorts } from "../chain/freePorts.ts";
import { farshore } from "./processes.ts";

/** One party of the demo. */
export interface DemoParty {
  readonly name: string;
  readonly home: string;
  readonly role: "institution" | "oracle" | "buyer" | "regulator" | "evaluator";
  readonly account: Address;
  readonly operator: Address;
  readonly encryptionKey: Hex;
  readonly endpoint: string;
}

const pollMs = "200";

/** Makes folders and keys of every party, each by its own `farshore init`. */
export async function makeParties(
  folder: string,
  rpcUrl: string,
  manifest: string,
  banks: readonly string[],
): Promise<DemoParty[]> {
  const names: [string, DemoParty["role"]][] = [
    ...banks.map((name): [string, DemoParty["role"]] => [name, "institution"]),
    ...Array.from({ length: 5 }, (_, i): [string, DemoParty["role"]] => [`oracle-${i + 1}`, "oracle"]),
    ["buyer", "buyer"],
    ["regulator", "regulator"],
  ];
  const ports = await freePorts(names.length);
  return Promise.all(
    names.map(([name, role], i) => makeParty(folder, rpcUrl, manifest, name, role, ports[i] as number)),
  );
}

async function makeParty(
  folder: string,
  rpcUrl: string,
  manifest: string,
  name: string,
  role: DemoParty["role"],
  port: number,
): Promise<DemoParty> {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  const node = role === "institution" ? ["--role", "data"] : role === "oracle" ? ["--role", "oracle"] : [];
  const options = [
    "--name",
    name,
    "--rpc",
    rpcUrl,
    "--manifest",
    manifest,
    "--poll-ms",
    pollMs,
    "--port",
    String(port),
    ...node,
  ];
  const made = (await farshore(home, "init", ...options)) as {
    account: Address;
    operator: Address;
    encryptionKey: Hex;
  };
  const { account, operator, encryptionKey } = made;
  return {
    name,
    home,
    role,
    account,
    operator,
    encryptionKey,
    endpoint: role === "oracle" ? `http://127.0.0.1:${port}` : "",
  };
}

/**
 * Deploys the contracts with a demo's short windows (`parameters` replaces single ones); the deployer is the marketplace's
 * registrar and the token issuer of the demo.
 */
export async function deployNetwork(
  folder: string,
  rpcUrl: string,
  deployerKey: Hex,
  parameters: Readonly<Record<string, number>> = {},
): Promise<Session> {
  const manifest = join(folder, "network.json");
  const home = join(folder, "marketplace");
  mkdirSync(home, { recursive: true });
  await Promise.all([
    deployTo({ rpcUrl, network: "embedded", parameters, deployerKey, out: manifest }),
    farshore(home, "init", "--name", "marketplace", "--rpc", rpcUrl, "--manifest", manifest, "--poll-ms", pollMs),
  ]);
  writeFileSync(join(home, "keys", "account.key"), `${deployerKey}\n`, { mode: 0o600 });
  return openSession(home);
}

/** Admits every party and hands out the first tokens: money to the buyer, stake and bond to the oracles. */
export async function admitParties(
  marketplace: Session,
  parties: readonly DemoParty[],
  buyerMoney: string,
): Promise<void> {
  const { chain } = marketplace;
  await Promise.all(
    parties.map((party, i) => marketplace.send(`admit:${party.account}`, admit(chain, admissionOf(party, i)))),
  );
  const oracles = parties.filter((p) => p.role === "oracle");
  const buyer = parties.find((p) => p.role === "buyer") as DemoParty;
  await Promise.all([
    marketplace.send("money", mint(chain, buyer.account, parseStable(buyerMoney), wireTo(buyer.account))),
    ...oracles.map(({ account }) =>
      marketplace.send(`bond:${account}`, mint(chain, account, parseStable("50000"), wireTo(account))),
    ),
    ...oracles.map(({ account }) =>
      marketplace.send(`stake:${account}`, transfer(chain, "IncentiveToken", account, parseIncentive("20000"))),
    ),
  ]);
}

/** The demo's payments are one for each party: the reference of the money behind its tokens. */
function wireTo(account: Address): Hex {
  return sha256Hex(new TextEncoder().encode(`demo wire to ${account}`));
}

function admissionOf(party: DemoParty, index: number) {
  const { account, operator, encryptionKey, name, endpoint, role } = party;
  return {
    ...{ account, operator, encryptionKey, name, endpoint },
    roles: roleBits([role]),
    tier: tierNumber("member"),
    jurisdiction: jurisdictionNumber("CH"),
    group: index + 1,
    lei: bytesToHex(new TextEncoder().encode(makeLei(`5493000FARSHORE0${String(index + 10)}`))),
  };
}

/** JSON of a file. */
export function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, "utf8"));
}
