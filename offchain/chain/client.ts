import type { Abi, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType, PublicClient } from "viem";
import type { Address } from "../core/bytes.ts";
import { type Abis, abis, type ContractName } from "./abi/contracts.ts";
import { chainError } from "./errors.ts";
import type { Manifest, ManifestContract } from "./manifest.ts";
import { rpcClient } from "./rpcClient.ts";
import { shownUrl } from "./rpcUrl.ts";
import { verifyManifest } from "./verifyManifest.ts";

type Reads<N extends ContractName> = ContractFunctionName<Abis[N], "view" | "pure">;

/** One chain with one deployment of Farshore on it. */
export interface Chain {
  /** URL without credentials, for logs and errors. */
  readonly shownUrl: string;
  readonly manifest: Manifest;
  readonly client: PublicClient;
  readonly pollMs: number;
  address(name: ManifestContract): Address;
  /** Calls a view at `latest` (or at `blockNumber`). Throws `chain/revert`, `chain/unreachable`, `chain/rpc-refused`. */
  call<N extends ContractName, F extends Reads<N>, A extends ContractFunctionArgs<Abis[N], "view" | "pure", F>>(
    name: N,
    functionName: F,
    args: A,
    at?: { readonly blockNumber: bigint },
  ): Promise<ContractFunctionReturnType<Abis[N], "view" | "pure", F, A>>;
  /** Runs a JSON-RPC question; its failures become FarshoreErrors as in `call`. */
  ask<T>(question: (client: PublicClient) => Promise<T>): Promise<T>;
  /** Timestamp of the newest block, in seconds since 1970. */
  headTime(): Promise<number>;
}

/**
 * Connects to a chain over JSON-RPC and checks that it is the manifest's. `pollMs`: milliseconds between looks for
 * receipts and new blocks (200 by default). Throws what `verifyManifest` throws.
 */
export async function connectChain(options: {
  readonly rpcUrl: string;
  readonly manifest: Manifest;
  readonly pollMs?: number;
}): Promise<Chain> {
  const client = rpcClient(options.rpcUrl, options.pollMs ?? 200);
  await verifyManifest(client, options.manifest);
  return chainOver(client, options.manifest, shownUrl(options.rpcUrl));
}

/** A chain over a client that was checked (or is a test's). */
export function chainOver(client: PublicClient, manifest: Manifest, shownUrl: string): Chain {
  const ask = async <T>(question: (client: PublicClient) => Promise<T>): Promise<T> => {
    try {
      return await question(client);
    } catch (error) {
      throw chainError(error, client);
    }
  };
  return {
    shownUrl,
    manifest,
    client,
    pollMs: client.pollingInterval,
    address: (name) => manifest.contracts[name],
    ask,
    // viem cannot follow a type through the table of ABIs; the signature of `call` states it.
    call: (name, functionName, args, at) =>
      ask((c) =>
        c.readContract({
          address: manifest.contracts[name],
          abi: abis[name] as Abi,
          functionName,
          args,
          ...at,
        } as never),
      ) as never,
    headTime: async () => Number((await ask((c) => c.getBlock())).timestamp),
  };
}
