import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Hex } from "../offchain/core/bytes.ts";
import { FarshoreError } from "../offchain/core/errors.ts";
import { bigintOf, deployTo } from "./deploy.ts";

// node deploy/main.ts --rpc URL [--network quorum] [--parameters FILE] [--out MANIFEST] [--journal FOLDER]
// FILE: JSON of single parameters that replace those of the network's file: the founding oracles, the issuer, …
// The key that deploys and administers is read from FARSHORE_DEPLOYER_KEY, never from the command line.

function deployerKey(): Hex {
  const key = process.env.FARSHORE_DEPLOYER_KEY;
  if (key !== undefined && /^0x[0-9a-fA-F]{64}$/.test(key)) return key as Hex;
  throw new FarshoreError({
    code: "deploy/no-key",
    message: "FARSHORE_DEPLOYER_KEY is not set to 0x and 64 hex digits",
    remedy: "set it in the environment: the key that deploys and becomes the first administrator",
  });
}

function rpcUrl(given: string | undefined): string {
  const url = given ?? process.env.FARSHORE_RPC_URL;
  if (url !== undefined) return url;
  throw new FarshoreError({
    code: "deploy/no-rpc",
    message: "no chain was named",
    remedy: "give --rpc URL or set FARSHORE_RPC_URL",
  });
}

async function parametersIn(path: string | undefined): Promise<Record<string, string | number | bigint>> {
  return path === undefined ? {} : JSON.parse(await readFile(path, "utf8"), bigintOf);
}

const string = { type: "string" } as const;
const { values } = parseArgs({
  options: { rpc: string, network: { ...string, default: "quorum" }, parameters: string, out: string, journal: string },
});
const { network, out, journal } = values;
try {
  const parameters = await parametersIn(values.parameters);
  const optional = { parameters, ...(out === undefined ? {} : { out }), ...(journal === undefined ? {} : { journal }) };
  const manifest = await deployTo({ rpcUrl: rpcUrl(values.rpc), network, deployerKey: deployerKey(), ...optional });
  console.log(JSON.stringify(manifest, null, 2));
} catch (error) {
  const known = error instanceof FarshoreError;
  console.error(known ? `${error.code}: ${error.message}\n${error.remedy ?? ""}` : error);
  process.exitCode = 1;
}
