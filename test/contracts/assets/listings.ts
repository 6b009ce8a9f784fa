import type { Hex } from "../../../offchain/core/bytes.ts";
import { standardProof } from "../../../offchain/crypto/standardTree.ts";
import type { Deployed, Signer, TestChain } from "../chain.ts";

export const zero = `0x${"0".repeat(64)}`;
/** Credit scoring and fraud: bits 0 and 1. */
export const purposes = 0b11n;

/** Terms that restrict nothing but price, purpose and privacy spend; a test restricts what it is about. */
export const openTerms = {
  price: 1_000_000n,
  purposes,
  jurisdictionsRoot: zero,
  buyersRoot: zero,
  codesRoot: zero,
  minimumCohort: 3,
  tier: 0,
  expiry: 0n,
  maxJobs: 0,
  maxRounds: 0,
  minNoiseMilli: 0,
  rhoPerJob: 500n,
  derivativeRule: 1,
  royaltyPpb: 0,
};
export type Terms = typeof openTerms;

/** What a version commits to; the contract sets the time. */
export function versionOf(chain: TestChain, population: string, release = 1) {
  return {
    datasetRoot: chain.ethers.id(`${population} rows ${release}`),
    schemaHash: chain.ethers.id("schema"),
    populationId: chain.ethers.id(population),
    rows: 8000,
    time: 7n,
  };
}
export type Version = ReturnType<typeof versionOf>;
export interface Listing {
  readonly version: Version;
  readonly terms: Terms;
}

/** Lists a data product and returns its id with the listing as the chain stored it. */
export async function list(assets: Deployed, owner: Signer, version: Version, terms: Terms, cap = 10_000n) {
  const as = assets.connect(owner);
  const assetId: bigint = await as.list.staticCall(1, version, terms, cap, "ipfs://data");
  const receipt = await (await as.list(1, version, terms, cap, "ipfs://data")).wait();
  const time = BigInt((await receipt.getBlock()).timestamp);
  return { assetId, listing: { version: { ...version, time }, terms } };
}

/** A use of the first version that keeps `openTerms`. */
export function useOf(assetId: bigint, fields: { version?: number; rhoNano?: bigint; price?: bigint } = {}) {
  return { assetId, version: 1, weight: 1_000_000_000, rhoNano: 500n, price: 1_000_000n, ...fields };
}

/** What the market claims of the asset it uses, the listing's hash and limit of jobs among it. */
export function claimOf(chain: TestChain, assetId: bigint, listing: Listing, fields: object = {}) {
  const { maxJobs } = listing.terms;
  return { assetId, version: 1, maxJobs, listingHash: hashOf(chain, listing), ...fields };
}

/** The job that wants to use the asset; fields of `UseContext`. */
export function contextOf(buyer: string, codeHash: string, fields: object = {}) {
  return {
    ...{ buyer, buyerJurisdiction: 276, buyerTier: 1, purpose: 0, codeHash },
    ...{ rounds: 9, noiseMilli: 0, ...fields },
  };
}

/** Listing with the proofs for the lists that are named. */
export function proofOf(
  listing: Listing,
  lists: { jurisdictions?: [number[], number]; buyers?: [string[], string]; codes?: [string[], string] } = {},
) {
  const path = (list?: [(string | number)[], string | number]) =>
    list === undefined ? [] : standardProof(list[0] as Hex[], list[1] as Hex);
  return {
    listing,
    jurisdictionProof: path(lists.jurisdictions),
    buyerProof: path(lists.buyers),
    codeProof: path(lists.codes),
  };
}

/** keccak256 of the listing's words, packed by ethers: apart from the product's own code. */
export function hashOf(chain: TestChain, { version, terms }: Listing): string {
  const { solidityPackedKeccak256 } = chain.ethers;
  const roots = [version.datasetRoot, version.schemaHash, version.populationId, terms.purposes];
  const lists = [terms.jurisdictionsRoot, terms.buyersRoot, terms.codesRoot];
  const offer = [terms.price, terms.rhoPerJob, terms.royaltyPpb, terms.maxJobs];
  const limits = [0, version.rows, version.time, terms.expiry, terms.minNoiseMilli, terms.maxRounds];
  const rules = [terms.minimumCohort, terms.tier, terms.derivativeRule];
  const words = ["bytes32", "bytes32", "bytes32", "uint256", "bytes32", "bytes32", "bytes32"];
  const small = ["uint128", "uint64", "uint32", "uint32", "uint24", "uint32", "uint64", "uint64", "uint32", "uint16"];
  const types = [...words, ...small, "uint8", "uint8", "uint8"];
  return solidityPackedKeccak256(types, [...roots, ...lists, ...offer, ...limits, ...rules]);
}
