import { encodeEventTopics, parseEventLogs } from "viem";
import type { Hex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { assetRegistryAbi } from "../abi/generated/assetRegistry.ts";
import type { Chain } from "../client.ts";
import type { Listing } from "../listing.ts";
import { logsInRanges } from "../logRanges.ts";

/** A version of an asset with its terms, from the registry's events. */
export interface ListedVersion {
  readonly assetId: bigint;
  readonly version: number;
  readonly listing: Listing;
  readonly uri: string;
  readonly transactionHash: Hex;
}

const [listed] = encodeEventTopics({ abi: assetRegistryAbi, eventName: "AssetListed" });
const [revised] = encodeEventTopics({ abi: assetRegistryAbi, eventName: "AssetRevised" });

/** Every version of an asset (or of all, for null) that was ever listed, oldest first. */
export async function getListings(chain: Chain, assetId: bigint | null = null): Promise<ListedVersion[]> {
  const id = assetId === null ? null : (`0x${assetId.toString(16).padStart(64, "0")}` as Hex);
  const to = await chain.ask((c) => c.getBlockNumber({ cacheTime: 0 }));
  const from = BigInt(chain.manifest.deployedBlock);
  const question = { address: chain.address("AssetRegistry"), topics: [[listed, revised] as Hex[], id], from, to };
  const found: ListedVersion[] = [];
  for await (const { logs } of logsInRanges(chain, question)) {
    const events = parseEventLogs({
      abi: assetRegistryAbi,
      logs: [...logs],
      eventName: ["AssetListed", "AssetRevised"],
    });
    found.push(
      ...events.map(({ args, transactionHash }) => ({ ...args, listing: args.listing as Listing, transactionHash })),
    );
  }
  return found;
}

/** One version of an asset; throws `chain/unknown-listing`. */
export async function getListing(chain: Chain, assetId: bigint, version: number): Promise<ListedVersion> {
  const found = (await getListings(chain, assetId)).find((l) => l.version === version);
  if (found !== undefined) return found;
  throw new FarshoreError({
    code: "chain/unknown-listing",
    message: `asset ${assetId} has no version ${version}`,
    facts: { assetId, version },
    remedy: "name an asset and a version that its owner listed: `farshore asset list`",
  });
}
