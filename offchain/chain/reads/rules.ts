import type { Hex } from "../../core/bytes.ts";
import type { Chain } from "../client.ts";

/** A version of the compliance rules as the RuleBook has it now. Times in seconds since 1970; `retiresAt` 0 = not retired. */
export interface RulesVersion {
  readonly version: number;
  /** keccak256 of the document. */
  readonly rulesHash: Hex;
  readonly activatesAt: bigint;
  readonly retiresAt: bigint;
  readonly uri: string;
  /** Whether a job may start under it at the newest block. */
  readonly valid: boolean;
}

/** One version of the rules; null where none was published under that number. */
export async function getRules(chain: Chain, version: number): Promise<RulesVersion | null> {
  const [rules, valid] = await Promise.all([
    chain.call("RuleBook", "ruleOf", [version]),
    chain.call("RuleBook", "isValid", [version]),
  ]);
  return rules.activatesAt === 0n ? null : { version, ...rules, valid };
}

/** Every version that was published, the first one first. */
export async function getAllRules(chain: Chain): Promise<RulesVersion[]> {
  const latest = await chain.call("RuleBook", "latestVersion", []);
  const versions = await Promise.all(Array.from({ length: latest }, (_, i) => getRules(chain, i + 1)));
  return versions.filter((rules) => rules !== null);
}
