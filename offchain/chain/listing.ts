import type { Hex } from "../core/bytes.ts";

// `IAssetRegistry`'s structs as viem decodes them; fields and units are specified there.

export interface AssetVersion {
  readonly datasetRoot: Hex;
  readonly schemaHash: Hex;
  readonly populationId: Hex;
  readonly rows: number;
  /** Set by the contract; whatever a caller states is replaced. */
  readonly time: bigint;
}

export interface AssetTerms {
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
}

export interface Listing {
  readonly version: AssetVersion;
  readonly terms: AssetTerms;
}

/** A listing with the proofs that `start` needs; a proof is empty where the terms' root is zero. */
export interface ListingProof {
  readonly listing: Listing;
  readonly jurisdictionProof: readonly Hex[];
  readonly buyerProof: readonly Hex[];
  readonly codeProof: readonly Hex[];
}
