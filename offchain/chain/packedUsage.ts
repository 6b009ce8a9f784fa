import type { Address, Hex } from "../core/bytes.ts";
import type { UsageLeaf } from "../crypto/usageLeaf.ts";
import { addressOf, fieldsOf } from "./packedWord.ts";

/** What `UsageAppended` tells of the leaves of one job; the layout stands in contracts/ledger/IUsageLedger.sol. */
export interface PackedUsage {
  readonly jobId: Hex;
  readonly facts: bigint;
  readonly buyer: Address;
  readonly termsHash: Hex;
  readonly codeHash: Hex;
  readonly roundsDigest: Hex;
  readonly modelRoot: Hex;
  readonly assets: readonly { readonly asset: bigint; readonly datasetRoot: Hex }[];
}

/** The leaves, in the order in which they were appended. Pure. */
export function unpackUsage({ jobId, facts, buyer, assets, ...roots }: PackedUsage): UsageLeaf[] {
  const { termsHash, codeHash, roundsDigest, modelRoot } = roots;
  const [outcome, aggregation, purpose, legalBasis, rulesVersion, rhoNano, time] = fieldsOf(
    facts,
    [8, 8, 16, 16, 32, 64, 64],
  ) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  const job = {
    ...{ jobId, buyer, termsHash, codeHash, roundsDigest, modelRoot, rhoNano, time },
    ...{ purpose: Number(purpose), legalBasis: Number(legalBasis), rulesVersion: Number(rulesVersion) },
    ...{ aggregation: Number(aggregation), outcome: Number(outcome) },
  };
  return assets.map(({ asset, datasetRoot }) => {
    const [assetId, version, institution] = fieldsOf(asset, [64, 32, 160]) as [bigint, bigint, bigint];
    return { ...job, assetId, version: Number(version), datasetRoot, institution: addressOf(institution) };
  });
}
