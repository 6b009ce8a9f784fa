import { parseEventLogs } from "viem";
import type { Address, Hex } from "../../core/bytes.ts";
import { assetRegistryAbi } from "../abi/generated/assetRegistry.ts";
import type { Chain } from "../client.ts";
import { logsInRanges } from "../logRanges.ts";

/** A version of an asset with its terms, as `AssetRegistry` stored its hash. Units in contracts/assets/IAssetRegistry.sol. */
export interface Listing {
  readonly version: {
    readonly datasetRoot: Hex;
    readonly schemaHash: Hex;
    readonly populationId: Hex;
    readonly rows: number;
    readonly time: bigint;
  };
  readonly terms: {
    readonly price: bigint;
    readonly purposes: bigint;
    readonly jurisdictionsRoot: Hex;
    readonly buyersRoot: Hex;
    readonly codesRoot: Hex;
    readonly minimumCohort: number;
    readonly tier: number;
    readonly expiry: bigint;
    readonly maxJobs: number;
    readonly maxRounds: number;
    readonly minNoiseMilli: number;
    readonly rhoPerJob: bigint;
    readonly derivativeRule: number;
    readonly royaltyPpb: number;
  };
}

export interface ListedVersion {
  readonly assetId: bigint;
  readonly version: number;
  readonly listing: Listing;
  readonly uri: string;
  /** Account that listed the asset; only on the first version. */
  readonly owner: Address | null;
  readonly kind: number | null;
}

/** Every version of one asset, oldest first, from the registry's events; empty when it was never listed. */
export async function getListings(chain: Chain, assetId: bigint): Promise<ListedVersion[]> {
  return listedVersions(chain, `0x${assetId.toString(16).padStart(64, "0")}`);
}

/** Every version of every asset, oldest first. */
export async function getAllListings(chain: Chain): Promise<ListedVersion[]> {
  return listedVersions(chain, null);
}

async function listedVersions(chain: Chain, topic: Hex | null): Promise<ListedVersion[]> {
  const to = await chain.ask((c) => c.getBlockNumber());
  const from = BigInt(chain.manifest.deployedBlock);
  const question = { address: chain.address("AssetRegistry"), topics: [null, topic], from, to };
  const found: ListedVersion[] = [];
  for await (const { logs } of logsInRanges(chain, question)) {
    const decoded = parseEventLogs({
      abi: assetRegistryAbi,
      logs: [...logs],
      eventName: ["AssetListed", "AssetRevised"],
      strict: true,
    });
    for (const { args } of decoded) {
      const { assetId, version, listing, uri } = args;
      const first =
        "owner" in args ? { owner: args.owner as Address, kind: Number(args.kind) } : { owner: null, kind: null };
      found.push({ assetId, version, listing: listing as Listing, uri, ...first });
    }
  }
  return found;
}
