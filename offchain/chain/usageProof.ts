import type { Address, Hex } from "../core/bytes.ts";

/** `IUsageLedger.UsageProof` as viem decodes it; fields and units are specified there. */
export interface UsageProof {
  readonly jobId: Hex;
  readonly assetId: bigint;
  readonly version: number;
  readonly datasetRoot: Hex;
  readonly institution: Address;
  readonly buyer: Address;
  readonly purpose: number;
  readonly legalBasis: number;
  readonly termsHash: Hex;
  readonly codeHash: Hex;
  readonly rulesVersion: number;
  readonly aggregation: number;
  readonly rhoNano: bigint;
  readonly roundsDigest: Hex;
  readonly modelRoot: Hex;
  readonly outcome: number;
  readonly time: bigint;
}
