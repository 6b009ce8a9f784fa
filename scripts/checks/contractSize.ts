import type { BuiltContract } from "./builtContracts.ts";

/** Most bytes of deployed code that the chain accepts: EIP-170. */
export const sizeLimit = 24_576;

/** Contracts whose deployed code is longer than `limit` bytes. */
export function sizeProblems(contracts: readonly BuiltContract[], limit: number = sizeLimit): readonly string[] {
  return contracts
    .filter(({ deployed }) => deployed.length > limit)
    .map(({ name, source, deployed }) => `${source}: ${name} has ${deployed.length} bytes, ${limit} are allowed`);
}
