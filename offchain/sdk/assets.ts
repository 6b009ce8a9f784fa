import { readFileSync } from "node:fs";
import type { ContractCall } from "../chain/legacyTransaction.ts";
import type { AssetTerms, Listing } from "../chain/listing.ts";
import { getListings, type ListedVersion } from "../chain/reads/listing.ts";
import { list, listDerived, type NewListing, revoke } from "../chain/writes/assets.ts";
import { type Hex, hexToBytes } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonicalJson.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccakHex, sha256Hex } from "../core/hash.ts";
import { purposeNumber } from "../core/tables/purposes.ts";
import { commitDataset } from "../data/commitment.ts";
import { readTable } from "../data/connector.ts";
import { type DatasetSchema, parseSchema, readSchema } from "../data/schema.ts";
import { askAny, boardsOf, putEverywhere } from "./boards.ts";
import { inheritFrom } from "./derivedAsset.ts";
import type { Session } from "./session.ts";

const noRoot: Hex = `0x${"00".repeat(32)}`;
const rawData = 0;

/** What an institution says about a data set that it lists. */
export interface AssetOffer {
  /** CSV or Parquet file, and its schema. */
  readonly data: string;
  readonly schema: string;
  /** Whose records these are; the name stays here, its hash goes to the chain. */
  readonly population: string;
  /** Stable minor units per job. */
  readonly price: bigint;
  readonly purposes: readonly string[];
  readonly minimumCohort: number;
  readonly maxJobs: number;
  readonly maxRounds: number;
  /** nano-rho that one job, and all jobs together, may spend. */
  readonly rhoPerJob: bigint;
  readonly populationCap: bigint;
  /** Assets that it was made from; it is a data product then, and theirs are population and budget. */
  readonly parents?: readonly bigint[];
}

/** Commits to the rows and lists them; called again with the same offer it goes on where it stopped. Returns the asset's id. Rows and schema stay here; the schema goes to the boards. */
export async function listAsset(
  session: Session,
  offer: AssetOffer,
): Promise<{ assetId: bigint; rows: number; root: Hex }> {
  const schema = readSchema(offer.schema);
  const table = await readTable(offer.data, schema);
  const { root, rows, schemaHash } = commitDataset(table, schema, session.keys.salt);
  const document = new TextEncoder().encode(canonicalJson(schema));
  await putEverywhere(await boardsOf(session), document);
  const version = {
    datasetRoot: root,
    schemaHash,
    populationId: populationId(session, offer.population),
    rows,
    time: 0n,
  };
  const uri = `board:${keccakHex(document)}`;
  const own = { kind: rawData, version, terms: termsOf(offer), populationCap: offer.populationCap, uri };
  const { offered, parents } = await inherited(session, offer, own);
  const call = parents.length === 0 ? list(session.chain, offered) : listDerived(session.chain, offered, parents);
  const { hash } = await session.send(await listKey(session, offered, call), call);
  const mine = (await getListings(session.chain)).find((l) => l.transactionHash === hash) as ListedVersion;
  return { assetId: mine.assetId, rows, root };
}

async function inherited(session: Session, { parents = [] }: AssetOffer, own: NewListing) {
  if (parents.length === 0) return { offered: own, parents: [] };
  const named = await Promise.all([...new Set(parents)].map((id) => latestListing(session, id)));
  return inheritFrom(session, named, own);
}

/**
 * The same rows, population and terms are one listing: a command that was killed goes on where it stopped, and one that is
 * run twice lists once. What was revoked meanwhile may be listed anew.
 */
async function listKey(session: Session, offered: Listing, { data }: ContractCall): Promise<string> {
  const { chain } = session;
  const same = (await getListings(chain)).filter(
    ({ listing: { version, terms } }) =>
      version.datasetRoot === offered.version.datasetRoot &&
      version.populationId === offered.version.populationId &&
      sameTerms(terms, offered.terms),
  );
  const revoked = await Promise.all(same.map((l) => chain.call("AssetRegistry", "isRevoked", [l.assetId])));
  return `list:${keccakHex(hexToBytes(data))}:${revoked.filter(Boolean).length}`;
}

function sameTerms(a: AssetTerms, b: AssetTerms): boolean {
  return (Object.keys(b) as (keyof AssetTerms)[]).every((field) => a[field] === b[field]);
}

function termsOf(offer: AssetOffer): AssetTerms {
  return {
    price: offer.price,
    purposes: offer.purposes.reduce((bits, name) => bits | (1n << BigInt(purposeNumber(name))), 0n),
    ...{ jurisdictionsRoot: noRoot, buyersRoot: noRoot, codesRoot: noRoot, expiry: 0n, tier: 0 },
    ...{ minimumCohort: offer.minimumCohort, maxJobs: offer.maxJobs, maxRounds: offer.maxRounds, minNoiseMilli: 0 },
    ...{ rhoPerJob: offer.rhoPerJob, derivativeRule: 1, royaltyPpb: 0 },
  };
}

// Salted with the lister's account, so that two institutions' populations never collide.
function populationId(session: Session, name: string): Hex {
  return sha256Hex(hexToBytes(session.account), new TextEncoder().encode(name));
}

/** Takes a listing off the market: no new jobs; running ones end by their own rules. */
export async function revokeAsset(session: Session, assetId: bigint): Promise<void> {
  await session.send(`revoke:${assetId}`, revoke(session.chain, assetId));
}

/** The newest version of an asset; throws `asset/unknown`. */
export async function latestListing(session: Session, assetId: bigint): Promise<ListedVersion> {
  const listed = (await getListings(session.chain, assetId)).at(-1);
  if (listed !== undefined) return listed;
  throw new FarshoreError({
    code: "asset/unknown",
    message: `no asset ${assetId} is listed`,
    facts: { assetId },
    remedy: "see farshore asset show for what is listed",
  });
}

/** The schema that a listing's URI names, from any board, checked against the listing. */
export async function schemaOf(session: Session, listed: ListedVersion): Promise<DatasetSchema> {
  const hash = listed.uri.replace(/^board:/, "") as Hex;
  const document = await askAny(await boardsOf(session), (client) => client.getDocument(hexToBytes(hash)));
  if (keccakHex(document) !== hash || sha256Hex(document) !== listed.listing.version.schemaHash) {
    throw new FarshoreError({
      code: "asset/schema-mismatch",
      message: `the schema served for asset ${listed.assetId} is not the one that its listing commits to`,
      facts: { assetId: listed.assetId },
      remedy: "ask the institution to list the asset again",
    });
  }
  return parseSchema(JSON.parse(new TextDecoder().decode(document)));
}

/** Text of a file as JSON; throws `file/unreadable` or `file/not-json` with its path. */
export function readJsonFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new FarshoreError({
      code: "file/unreadable",
      message: `cannot read ${path}`,
      remedy: "check the path",
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FarshoreError({
      code: "file/not-json",
      message: `${path} is not JSON`,
      remedy: "correct the file",
      cause,
    });
  }
}
