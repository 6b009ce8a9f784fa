import type { ContractCall } from "../legacyTransaction.ts";
import type { AssetTerms, AssetVersion, Listing } from "../listing.ts";
import { type Addresses, callTo } from "./encode.ts";

// Calls of `AssetRegistry`. Requirements and effects stand in IAssetRegistry.sol.

export interface NewListing {
  /** 0 raw data, 1 data product, 2 model. */
  readonly kind: number;
  readonly version: AssetVersion;
  readonly terms: AssetTerms;
  /** Nano-rho that all jobs on the population may ever spend; used when the population is new. */
  readonly populationCap: bigint;
  readonly uri: string;
}

export function list(chain: Addresses, { kind, version, terms, populationCap, uri }: NewListing): ContractCall {
  return callTo(chain, "AssetRegistry", "list", [kind, version, terms, populationCap, uri]);
}

/** An asset that another one is made from, in the version whose terms allow it. */
export interface Parent {
  readonly assetId: bigint;
  readonly version: number;
  readonly listing: Listing;
}

/** `parents` by ascending id; the version's population is the inherited one. */
export function listDerived(
  chain: Addresses,
  { kind, version, terms, uri }: Omit<NewListing, "populationCap">,
  parents: readonly Parent[],
): ContractCall {
  return callTo(chain, "AssetRegistry", "listDerived", [kind, version, terms, parents, uri]);
}

export function revise(
  chain: Addresses,
  assetId: bigint,
  { version, terms, uri }: Pick<NewListing, "version" | "terms" | "uri">,
): ContractCall {
  return callTo(chain, "AssetRegistry", "revise", [assetId, version, terms, uri]);
}

export function revoke(chain: Addresses, assetId: bigint): ContractCall {
  return callTo(chain, "AssetRegistry", "revoke", [assetId]);
}
