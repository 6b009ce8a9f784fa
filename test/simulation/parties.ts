import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Address, bytesToHex, type Hex } from "../../offchain/core/bytes.ts";
import { makeLei } from "../../offchain/core/lei.ts";
import { systemRandom } from "../../offchain/core/rng.ts";
import { jurisdictionNumber } from "../../offchain/core/tables/jurisdictions.ts";
import { roleBits } from "../../offchain/core/tables/roles.ts";
import { tierNumber } from "../../offchain/core/tables/tiers.ts";
import { type NodeConfig, nodeConfigSchema } from "../../offchain/party/config.ts";
import { addressesOf, createKeys, type Keys, readKeys } from "../../offchain/party/keys.ts";

export type PartyRole = "institution" | "oracle" | "buyer" | "evaluator" | "regulator";

/** A legal entity of the simulation with its folder and real keys. */
export interface SimulatedParty {
  readonly name: string;
  readonly role: PartyRole;
  readonly home: string;
  readonly keys: Keys;
  readonly account: Address;
  readonly operator: Address;
  readonly encryptionKey: Hex;
  /** Address of its board among the simulation's; empty for who has none. */
  readonly endpoint: string;
  readonly group: number;
}

const nodeRoles: Readonly<Partial<Record<PartyRole, readonly ("data" | "oracle")[]>>> = {
  institution: ["data"],
  oracle: ["oracle"],
};

/** Makes three banks, `oracles` oracles, a buyer, an evaluator and a regulator, each of a group of its own. */
export async function makeParties(folder: string, oracles: number): Promise<SimulatedParty[]> {
  const names: (readonly [string, PartyRole])[] = [
    ...numbered("bank", 3).map((name) => [name, "institution"] as const),
    ...numbered("oracle", oracles).map((name) => [name, "oracle"] as const),
    ["buyer", "buyer"],
    ["evaluator", "evaluator"],
    ["regulator", "regulator"],
  ];
  return Promise.all(names.map(([name, role], i) => makeParty(join(folder, name), name, role, i + 1)));
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
}

async function makeParty(home: string, name: string, role: PartyRole, group: number): Promise<SimulatedParty> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  await createKeys(home, systemRandom);
  const keys = readKeys(home);
  const { account, operator } = addressesOf(keys);
  const lower = { account: account.toLowerCase() as Address, operator: operator.toLowerCase() as Address };
  const encryptionKey = bytesToHex(keys.encryption.publicKey);
  return { name, role, home, keys, ...lower, encryptionKey, endpoint: role === "oracle" ? `sim:${name}` : "", group };
}

/** What the registrar admits a party as. */
export function admissionOf(party: SimulatedParty) {
  const { account, operator, encryptionKey, name, endpoint, role, group } = party;
  return {
    ...{ account, operator, encryptionKey, name, endpoint, group },
    roles: roleBits([role]),
    tier: tierNumber("member"),
    jurisdiction: jurisdictionNumber("CH"),
    lei: bytesToHex(new TextEncoder().encode(makeLei(`5493000FARSHORE0${String(group + 10)}`))),
  };
}

/** A node's configuration; only oracles and institutions run one. */
export function configOf(party: SimulatedParty, assets: NodeConfig["assets"]): NodeConfig {
  const parsed = nodeConfigSchema.parse({
    ...{ version: 1, name: party.name, rpcUrl: "http://127.0.0.1:1", manifest: "network.json", assets },
    ...{ roles: nodeRoles[party.role] ?? [], pollMs: 100, rankDelayMs: 500 },
    ...(party.role === "institution" ? { policy: "policy.json" } : {}),
  });
  return { ...parsed, home: party.home };
}
