import { getAssetOwner } from "../chain/reads/asset.ts";
import type { ListedVersion } from "../chain/reads/listing.ts";
import type { NewListing, Parent } from "../chain/writes/assets.ts";
import type { Hex } from "../core/bytes.ts";
import { standardRoot } from "../crypto/standardTree.ts";
import type { Session } from "./session.ts";

const internalUse = 1;
const dataProduct = 1;

/**
 * A listing as its parents' terms make it: a data product of the population that it inherits, for the lister alone where a
 * parent of another owner allows internal use only. The parents come in the order in which the contract takes them.
 */
export async function inheritFrom(
  session: Session,
  parents: readonly ListedVersion[],
  offered: NewListing,
): Promise<{ readonly offered: NewListing; readonly parents: readonly Parent[] }> {
  const named = [...parents].sort((a, b) => (a.assetId < b.assetId ? -1 : 1));
  const ids = named.map(({ assetId }) => assetId);
  const owners = await Promise.all(ids.map((id) => getAssetOwner(session.chain, id)));
  const others = named.filter((_, i) => owners[i]?.toLowerCase() !== session.account.toLowerCase());
  const internal = others.some(({ listing }) => listing.terms.derivativeRule === internalUse);
  const terms = internal ? { ...offered.terms, buyersRoot: standardRoot([asWord(session.account)]) } : offered.terms;
  const version = { ...offered.version, populationId: await populationOf(session, ids) };
  const brought = named.map(({ assetId, version: number, listing }) => ({ assetId, version: number, listing }));
  return { offered: { ...offered, kind: dataProduct, version, terms, populationCap: 0n }, parents: brought };
}

/** The parents' population where it is one and the lister holds it, so that its budget is shared; else one without a budget. */
async function populationOf({ chain, account }: Session, ids: readonly bigint[]): Promise<Hex> {
  const populations = await Promise.all(ids.map((id) => chain.call("AssetRegistry", "populationOf", [id])));
  const [first] = populations as [Hex];
  if (populations.every((population) => population === first)) {
    const holder = await chain.call("PrivacyLedger", "holderOf", [first]);
    if (holder.toLowerCase() === account.toLowerCase()) return first;
  }
  return chain.call("AssetRegistry", "derivedPopulation", [account, ids]);
}

function asWord(address: Hex): Hex {
  return `0x${address.slice(2).toLowerCase().padStart(64, "0")}`;
}
