import type { PublicClient } from "viem";
import { type Manifest, type ManifestContract, manifestContracts } from "../offchain/chain/manifest.ts";
import { type Address, type Hex, hexToBytes } from "../offchain/core/bytes.ts";
import { sha256Hex } from "../offchain/core/hash.ts";

/** The manifest of a deployment whose contracts stand at `contracts`; `deployedBlock`: where events may begin. */
export async function manifestOf(
  client: PublicClient,
  contracts: Record<ManifestContract, Address>,
  deployedBlock: number,
): Promise<Manifest> {
  const [chainId, genesis, codes] = await Promise.all([
    client.getChainId(),
    client.getBlock({ blockNumber: 0n }),
    Promise.all(manifestContracts.map((name) => codeHash(client, contracts[name]))),
  ]);
  const codeHashes = Object.fromEntries(manifestContracts.map((name, i) => [name, codes[i] as Hex]));
  return {
    version: 1,
    chainId,
    genesisHash: genesis.hash,
    deployedBlock,
    contracts: Object.fromEntries(manifestContracts.map((name) => [name, contracts[name]])) as Manifest["contracts"],
    codeHashes: codeHashes as Manifest["codeHashes"],
  };
}

async function codeHash(client: PublicClient, address: Address): Promise<Hex> {
  return sha256Hex(hexToBytes((await client.getCode({ address })) ?? "0x"));
}
