import type { Hex } from "../core/bytes.ts";
import type { Listing } from "./listing.ts";
import { word } from "./packedWord.ts";

/** A listing as `start` takes it; the layout stands in contracts/assets/ListingWords.sol. */
export interface PackedListing {
  readonly datasetRoot: Hex;
  readonly schemaHash: Hex;
  readonly populationId: Hex;
  readonly purposes: bigint;
  readonly jurisdictionsRoot: Hex;
  readonly buyersRoot: Hex;
  readonly codesRoot: Hex;
  readonly offer: bigint;
  readonly limits: bigint;
}

/** Throws `RangeError` for a field that does not fit. */
export function packListing({ version, terms }: Listing): PackedListing {
  const { datasetRoot, schemaHash, populationId, rows, time } = version;
  const { purposes, jurisdictionsRoot, buyersRoot, codesRoot, price, rhoPerJob, royaltyPpb, maxJobs } = terms;
  const { expiry, minNoiseMilli, maxRounds, minimumCohort, tier, derivativeRule } = terms;
  const times = [
    [rows, 32],
    [time, 64],
    [expiry, 64],
  ] as const;
  const rules = [
    [minimumCohort, 8],
    [tier, 8],
    [derivativeRule, 8],
  ] as const;
  return {
    ...{ datasetRoot, schemaHash, populationId, purposes, jurisdictionsRoot, buyersRoot, codesRoot },
    offer: word([price, 128], [rhoPerJob, 64], [royaltyPpb, 32], [maxJobs, 32]),
    limits: word(...times, [minNoiseMilli, 32], [maxRounds, 16], ...rules),
  };
}
