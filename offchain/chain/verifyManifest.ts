import type { PublicClient } from "viem";
import { hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { sha256Hex } from "../core/hash.ts";
import { chainError } from "./errors.ts";
import { type Manifest, type ManifestContract, manifestContracts } from "./manifest.ts";

/** Above this a block's timestamp counts nanoseconds (Raft), not seconds. */
const latestSeconds = 100_000_000_000_000n;

/**
 * Checks that the chain behind `client` is the one the manifest describes and that every contract stands there unchanged.
 * Throws `chain/unreachable`, `chain/main-network`, `chain/wrong-chain-id`, `chain/wrong-genesis`, `chain/raft-clock`,
 * `chain/stale-manifest`.
 */
export async function verifyManifest(client: PublicClient, manifest: Manifest): Promise<void> {
  try {
    await expectChainId(client, manifest.chainId);
    await expectSeconds(client);
    await expectGenesis(client, manifest);
    await Promise.all(manifestContracts.map((name) => expectCode(client, manifest, name)));
  } catch (error) {
    throw chainError(error, client);
  }
}

/** Throws `chain/main-network` when the client's chain is Ethereum's main network, else returns its id. */
export async function chainIdOf(client: PublicClient): Promise<number> {
  const had = await client.getChainId();
  if (had !== 1) return had;
  throw new FarshoreError({
    code: "chain/main-network",
    message: "the node serves Ethereum's main network (chain id 1)",
    remedy: "point Farshore at a permissioned, Quorum-compatible chain",
  });
}

async function expectChainId(client: PublicClient, needed: number): Promise<void> {
  const had = await chainIdOf(client);
  if (had === needed) return;
  throw new FarshoreError({
    code: "chain/wrong-chain-id",
    message: `the node serves chain ${had}, the manifest describes chain ${needed}`,
    facts: { had, needed },
    remedy: "use the manifest of this chain or the RPC URL of the other",
  });
}

/** Throws `chain/raft-clock` when block timestamps are not in seconds. */
export async function expectSeconds(client: PublicClient): Promise<void> {
  const { timestamp } = await client.getBlock();
  if (timestamp <= latestSeconds) return;
  throw new FarshoreError({
    code: "chain/raft-clock",
    message: `the newest block's timestamp is ${timestamp}: this chain counts nanoseconds`,
    facts: { timestamp },
    remedy: "use a chain with QBFT or IBFT consensus; Raft's clock would end every deadline",
  });
}

async function expectGenesis(client: PublicClient, { genesisHash }: Manifest): Promise<void> {
  const { hash } = await client.getBlock({ blockNumber: 0n });
  if (hash === genesisHash) return;
  throw new FarshoreError({
    code: "chain/wrong-genesis",
    message: `the chain begins with block ${hash}, the manifest's with ${genesisHash}`,
    facts: { had: hash, needed: genesisHash },
    remedy: "the chain was started anew or is another one with the same id: deploy, or use its manifest",
  });
}

async function expectCode(client: PublicClient, manifest: Manifest, name: ManifestContract): Promise<void> {
  const address = manifest.contracts[name];
  const code = await client.getCode({ address });
  // Every command looks at all contracts: this hash is native, keccak256 is not.
  const had = code === undefined ? null : sha256Hex(hexToBytes(code));
  if (had === manifest.codeHashes[name]) return;
  throw new FarshoreError({
    code: "chain/stale-manifest",
    message:
      had === null
        ? `there is no contract at ${name}'s address ${address}`
        : `the code of ${name} at ${address} is another one`,
    facts: { contract: name, address, had, needed: manifest.codeHashes[name] },
    remedy: "use the manifest that the newest deployment wrote, and a release that matches it",
  });
}
