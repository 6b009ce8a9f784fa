import type { Chain } from "../client.ts";
import { contractCall } from "../contractCall.ts";
import type { ContractCall } from "../legacyTransaction.ts";
import type { Listing } from "../reads/listings.ts";

// Calls of `AssetRegistry`. Requirements and effects stand in IAssetRegistry.sol.

export interface NewListing {
  /** 0 raw data, 1 data product, 2 model. */
  readonly kind: number;
  readonly version: Listing["version"];
  readonly terms: Listing["terms"];
  /** Nano-rho that all jobs on the population may ever spend; used when the population is new. */
  readonly populationCap: bigint;
  readonly uri: string;
}

export function list(chain: Chain, { kind, version, terms, populationCap, uri }: NewListing): ContractCall {
  return contractCall(chain, "AssetRegistry", "list", [kind, version, terms, populationCap, uri]);
}

export function revise(
  chain: Chain,
  assetId: bigint,
  { version, terms, uri }: Pick<NewListing, "version" | "terms" | "uri">,
): ContractCall {
  return contractCall(chain, "AssetRegistry", "revise", [assetId, version, terms, uri]);
}

export function revoke(chain: Chain, assetId: bigint): ContractCall {
  return contractCall(chain, "AssetRegistry", "revoke", [assetId]);
}
