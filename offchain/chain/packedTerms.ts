import type { Hex } from "../core/bytes.ts";
import type { AssetUse, JobTerms } from "../protocol/chainStructs.ts";
import { addressOf, fieldsOf, signed64, unsigned64, word } from "./packedWord.ts";

// Terms of a job as they travel in calls and in `JobPosted`; the layout stands in contracts/market/TermsWords.sol. Pure.

export interface PackedTerms {
  readonly specHash: Hex;
  readonly codeHash: Hex;
  readonly validationRoot: Hex;
  readonly roles: bigint;
  readonly pots: bigint;
  readonly charges: bigint;
  readonly windows: bigint;
  readonly assets: readonly bigint[];
}

/** evaluator, purpose, legalBasis, aggregation, tier, k, m, t, f, rounds. */
const roleBits = [160, 16, 16, 8, 8, 8, 8, 8, 8, 16];
/** assetId, version, weight, rhoNano, price. */
const assetBits = [64, 32, 32, 64, 64];

/** Throws `RangeError` for a field that does not fit: a price or an id beyond 64 bits among them. */
export function packTerms(terms: JobTerms): PackedTerms {
  const { specHash, codeHash, validationRoot, base, performance, oracleFee, utilityTarget, noiseMilli } = terms;
  const { evaluator, purpose, legalBasis, aggregation, tier, k, m, t, f, rounds } = terms;
  const { startSeconds, roundSeconds, proposeSeconds, challengeSeconds } = terms;
  const { retentionDays, rulesVersion, validationRows, parameters } = terms;
  const windows = [startSeconds, roundSeconds, proposeSeconds, challengeSeconds];
  const roles = [BigInt(evaluator), purpose, legalBasis, aggregation, tier, k, m, t, f, rounds];
  return {
    ...{ specHash, codeHash, validationRoot },
    roles: word(...roles.map((value, i) => [value, roleBits[i] as number] as const)),
    pots: word([base, 128], [performance, 128]),
    charges: word([oracleFee, 128], [unsigned64(utilityTarget), 64], [noiseMilli, 32]),
    windows: word(
      ...[...windows, retentionDays, rulesVersion, validationRows, parameters].map((value) => [value, 32] as const),
    ),
    assets: terms.assets.map(packAssetUse),
  };
}

function packAssetUse({ assetId, version, weight, rhoNano, price }: AssetUse): bigint {
  return word(
    ...[assetId, version, weight, rhoNano, price].map((value, i) => [value, assetBits[i] as number] as const),
  );
}

/** Terms as `JobPosted` tells them. */
export function unpackTerms({ specHash, codeHash, validationRoot, ...packed }: PackedTerms): JobTerms {
  const [evaluator, ...roles] = fieldsOf(packed.roles, roleBits) as [bigint, ...bigint[]];
  const [purpose, legalBasis, aggregation, tier, k, m, t, f, rounds] = roles.map(Number) as Nine;
  const [base, performance] = fieldsOf(packed.pots, [128, 128]) as [bigint, bigint];
  const [oracleFee, target, noise] = fieldsOf(packed.charges, [128, 64, 32]) as [bigint, bigint, bigint];
  const windows = fieldsOf(packed.windows, Array(8).fill(32)).map(Number) as Eight;
  const [startSeconds, roundSeconds, proposeSeconds, challengeSeconds] = windows;
  const [, , , , retentionDays, rulesVersion, validationRows, parameters] = windows;
  return {
    ...{ specHash, codeHash, validationRoot, evaluator: addressOf(evaluator), purpose, legalBasis, aggregation },
    ...{ noiseMilli: Number(noise), rounds, k, m, t, f, tier, base, performance, oracleFee },
    ...{ utilityTarget: signed64(target), startSeconds, roundSeconds, proposeSeconds, challengeSeconds },
    ...{ retentionDays, rulesVersion, validationRows, parameters, assets: packed.assets.map(unpackAssetUse) },
  };
}

function unpackAssetUse(packed: bigint): AssetUse {
  const [assetId, version, weight, rhoNano, price] = fieldsOf(packed, assetBits) as Five;
  return { assetId, version: Number(version), weight: Number(weight), rhoNano, price };
}

type Five = [bigint, bigint, bigint, bigint, bigint];
type Eight = [number, number, number, number, number, number, number, number];
type Nine = [...Eight, number];
