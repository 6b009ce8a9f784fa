import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, bytesToHex } from "../../../offchain/core/bytes.ts";
import { systemRandom } from "../../../offchain/core/rng.ts";
import { configPath, nodeConfigSchema } from "../../../offchain/party/config.ts";
import { addressesOf, createKeys, readKeys } from "../../../offchain/party/keys.ts";
import { freePorts } from "../../../scripts/chain/freePorts.ts";
import type { DemoParty } from "../../../scripts/demo/network.ts";

export const banks = ["bank-1", "bank-2", "bank-3"];
const names: readonly (readonly [string, DemoParty["role"]])[] = [
  ...banks.map((name) => [name, "institution"] as const),
  ...[1, 2, 3, 4, 5].map((number) => [`oracle-${number}`, "oracle"] as const),
  ["buyer", "buyer"],
  ["regulator", "regulator"],
  ["evaluator", "evaluator"],
];
const nodeRoles: Readonly<Record<DemoParty["role"], readonly string[]>> = {
  ...{ institution: ["data"], oracle: ["oracle"], buyer: [], regulator: [], evaluator: [] },
};

/** Folders, keys and configurations of all parties, as `farshore init` makes them, without a process for each. */
export async function makeParties(
  folder: string,
  rpcUrl: string,
  manifest: string,
  rankDelayMs: number,
): Promise<DemoParty[]> {
  const ports = await freePorts(names.length);
  return Promise.all(
    names.map(async ([name, role], i) => {
      const home = join(folder, name);
      const port = ports[i] as number;
      const listen = { host: "127.0.0.1", port };
      const shared = { version: 1, name, rpcUrl, manifest, listen, pollMs: 60, rankDelayMs };
      mkdirSync(home);
      writeFileSync(configPath(home), JSON.stringify(nodeConfigSchema.parse({ ...shared, roles: nodeRoles[role] })));
      await createKeys(home, systemRandom);
      const keys = readKeys(home);
      const encryptionKey = bytesToHex(keys.encryption.publicKey);
      const endpoint = role === "oracle" ? `http://127.0.0.1:${port}` : "";
      return {
        name,
        home,
        role,
        encryptionKey,
        endpoint,
        ...(addressesOf(keys) as Record<"account" | "operator", Address>),
      };
    }),
  );
}

/** Changes fields of a party's `farshore.json`. */
export function changeConfig(home: string, change: object): void {
  const path = configPath(home);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
}
