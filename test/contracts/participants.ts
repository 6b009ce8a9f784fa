import { makeLei } from "../../offchain/core/lei.ts";
import type { TestChain } from "./chain.ts";

export const role = { institution: 1, buyer: 2, oracle: 4, evaluator: 8, regulator: 16, issuer: 32 } as const;
export const status = { none: 0, active: 1, suspended: 2, left: 3 } as const;
export const tier = { lite: 0, member: 1, core: 2 } as const;

/** Fields of `IParticipantRegistry.Profile` that a test cares about. */
export interface ProfileFields {
  readonly operator?: string;
  readonly roles?: number;
  readonly status?: number;
  readonly tier?: number;
  readonly jurisdiction?: number;
  readonly group?: number;
}

/** Profile number `index`: an active institution of tier member in Germany, with an operator and a group of its own. */
export function profileOf(chain: TestChain, index: number, fields: ProfileFields = {}) {
  return {
    operator: operatorKey(chain, index).address,
    roles: role.institution,
    status: status.active,
    tier: tier.member,
    jurisdiction: 276,
    group: 100 + index,
    ...fields,
  };
}

/** Contact number `index`, with a valid LEI. */
export function contactOf(chain: TestChain, index: number) {
  return {
    encryptionKey: chain.ethers.id(`encryption key ${index}`),
    lei: leiOf(chain, index),
    name: `Bank ${index}`,
    endpoint: `https://bank${index}.example/board`,
  };
}

/** The hot key of participant number `index`; it signs, so the tests hold it. */
export function operatorKey(chain: TestChain, index: number) {
  return new chain.ethers.Wallet(chain.ethers.id(`operator ${index}`));
}

/** The LEI of participant number `index`, 20 ASCII characters as bytes20. */
export function leiOf(chain: TestChain, index: number): string {
  const lei = makeLei(`5493${String(index).padStart(14, "0")}`);
  return chain.ethers.hexlify(chain.ethers.toUtf8Bytes(lei));
}
