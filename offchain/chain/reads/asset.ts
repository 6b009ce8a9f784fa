import { erc721Abi } from "viem";
import type { Address } from "../../core/bytes.ts";
import type { Chain } from "../client.ts";

/** What the registry stores of an asset. `kind`: 0 raw data, 1 data product, 2 model; `jobs` started with it so far. */
export interface Asset {
  readonly assetId: bigint;
  readonly owner: Address;
  readonly kind: number;
  readonly latestVersion: number;
  readonly revoked: boolean;
  readonly jobs: number;
}

/** One asset; throws `chain/revert` (ERC721NonexistentToken) when it was never listed. */
export async function getAsset(chain: Chain, assetId: bigint): Promise<Asset> {
  const [owner, kind, latestVersion, revoked, jobs] = await Promise.all([
    getAssetOwner(chain, assetId),
    chain.call("AssetRegistry", "kindOf", [assetId]),
    chain.call("AssetRegistry", "latestVersion", [assetId]),
    chain.call("AssetRegistry", "isRevoked", [assetId]),
    chain.call("AssetRegistry", "jobsOf", [assetId]),
  ]);
  return { assetId, owner, kind, latestVersion, revoked, jobs };
}

/** Account that owns an asset now. */
export async function getAssetOwner(chain: Chain, assetId: bigint): Promise<Address> {
  const address = chain.address("AssetRegistry");
  return chain.ask((c) => c.readContract({ address, abi: erc721Abi, functionName: "ownerOf", args: [assetId] }));
}
