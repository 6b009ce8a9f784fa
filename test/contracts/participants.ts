import { farshoreTypes } from "../../offchain/core/eip712.ts";
import { makeLei } from "../../offchain/core/lei.ts";
import type { Deployed, Signer, TestChain } from "./chain.ts";

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

/** Gives a participant a new operator, who signs that it holds the key; the call is the account's. */
export async function rotateOperator(
  registry: Deployed,
  account: Signer,
  operator: Pick<Signer, "address" | "signTypedData">,
  encryptionKey: string,
  endpoint = "",
) {
  const proof = await operatorProof(registry, account.address, operator);
  return registry.connect(account).setKeys(operator.address, encryptionKey, endpoint, proof);
}

/** EIP-712 signature of a new operator for an account; `fields` replaces single ones of what is signed. */
export async function operatorProof(
  registry: Deployed,
  account: string,
  operator: Pick<Signer, "address" | "signTypedData">,
  fields: object = {},
): Promise<string> {
  const [, name, version, chainId, verifyingContract] = await registry.eip712Domain();
  const { OperatorKey } = farshoreTypes;
  const message = { account, operator: operator.address, nonce: await registry.keyNonce(account), ...fields };
  return operator.signTypedData(
    { name, version, chainId, verifyingContract },
    { OperatorKey: [...OperatorKey] },
    message,
  );
}

/** The LEI of participant number `index`, 20 ASCII characters as bytes20. */
export function leiOf(chain: TestChain, index: number): string {
  const lei = makeLei(`5493${String(index).padStart(14, "0")}`);
  return chain.ethers.hexlify(chain.ethers.toUtf8Bytes(lei));
}
