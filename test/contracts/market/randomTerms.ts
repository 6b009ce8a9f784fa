import { checksumAddress } from "viem";
import type { Address, Hex } from "../../../offchain/core/bytes.ts";
import type { JobTerms } from "../../../offchain/protocol/chainStructs.ts";
import type { stream } from "../settlement/games.ts";

/** Terms whose fields take any value of their width, the largest and the smallest among them; no rules are kept. */
export function randomTerms(from: ReturnType<typeof stream>, assets: number): JobTerms {
  const bits = (width: number): bigint => {
    const value = Array.from({ length: Math.ceil(width / 16) }, () => BigInt(from.below(65_536)));
    const [all, which] = [value.reduce((sum, part) => (sum << 16n) | part, 0n), from.below(4)];
    return which === 0 ? 2n ** BigInt(width) - 1n : which === 1 ? 0n : BigInt.asUintN(width, all);
  };
  const small = (width: number) => Number(bits(width));
  const hex = (width: number) =>
    `0x${bits(width)
      .toString(16)
      .padStart(width / 4, "0")}`;
  return {
    ...{ specHash: hex(256) as Hex, codeHash: hex(256) as Hex, validationRoot: hex(256) as Hex },
    ...{ evaluator: checksumAddress(hex(160) as Address), purpose: small(16), legalBasis: small(16) },
    ...{ aggregation: small(8), noiseMilli: small(32), rounds: small(16), tier: small(8) },
    ...{ k: small(8), m: small(8), t: small(8), f: small(8) },
    ...{ base: bits(128), performance: bits(128), oracleFee: bits(128), utilityTarget: BigInt.asIntN(64, bits(64)) },
    ...{ startSeconds: small(32), roundSeconds: small(32), proposeSeconds: small(32), challengeSeconds: small(32) },
    ...{ retentionDays: small(32), rulesVersion: small(32), validationRows: small(32), parameters: small(32) },
    assets: Array.from({ length: assets }, () => {
      return { assetId: bits(64), version: small(32), weight: small(32), rhoNano: bits(64), price: bits(64) };
    }),
  };
}
