import { AbiCoder, keccak256 } from "ethers";

/** An oracle on the roster; `stake` is its weight. */
export interface Candidate {
  readonly account: string;
  readonly operator: string;
  readonly group: number;
  readonly stake: bigint;
}

export interface DrawRules {
  readonly k: number;
  readonly t: number;
  readonly buyerGroup: number;
  readonly evaluatorGroup: number;
  readonly contributorGroups: readonly number[];
}

/**
 * The draw as protocol section 2 tells it: pick p is the candidate at keccak256(seed, job, p) modulo the stake of those who
 * may still sit, in the order of the roster. Written from the rule, over sets of who may sit instead of weights.
 * Returns indices, or undefined when fewer than k may sit.
 */
export function expectedDraw(
  candidates: readonly Candidate[],
  jobId: string,
  seed: string,
  rules: DrawRules,
): number[] | undefined {
  const seated: number[] = [];
  for (let pick = 0; pick < rules.k; pick++) {
    const eligible = candidates.map((_, i) => i).filter((i) => maySit(candidates, seated, i, rules));
    const total = eligible.reduce((sum, i) => sum + stakeOf(candidates, i), 0n);
    if (total === 0n) return undefined;
    const random = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32", "uint256"], [seed, jobId, pick]));
    seated.push(holderOf(candidates, eligible, BigInt(random) % total));
  }
  return seated;
}

function maySit(candidates: readonly Candidate[], seated: readonly number[], index: number, rules: DrawRules): boolean {
  const group = candidates[index]?.group as number;
  if (group === rules.buyerGroup || group === rules.evaluatorGroup) return false;
  if (seated.some((i) => candidates[i]?.group === group)) return false;
  const contributors = seated.filter((i) => rules.contributorGroups.includes(candidates[i]?.group as number)).length;
  return !rules.contributorGroups.includes(group) || contributors < rules.t;
}

/** Whose stretch of stake, laid end to end, holds the point. */
function holderOf(candidates: readonly Candidate[], eligible: readonly number[], point: bigint): number {
  let end = 0n;
  for (const i of eligible) {
    end += stakeOf(candidates, i);
    if (point < end) return i;
  }
  throw new Error("the point lies beyond the stake");
}

function stakeOf(candidates: readonly Candidate[], index: number): bigint {
  return (candidates[index] as Candidate).stake;
}
