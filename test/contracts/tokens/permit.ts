import type { Deployed, Signer, TestChain } from "../chain.ts";

/** What a holder signs for ERC-2612: amount in the token's own units, deadline in seconds since 1970. */
export interface PermitTerms {
  readonly spender: string;
  readonly value: bigint;
  readonly deadline: bigint;
}

/** Signature (v, r, s) of an ERC-2612 permit with the holder's current nonce. */
export async function signPermit(chain: TestChain, token: Deployed, holder: Signer, terms: PermitTerms) {
  const [, name, version, chainId, verifyingContract] = await token.eip712Domain();
  const types = {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  };
  const message = { owner: holder.address, nonce: await token.nonces(holder), ...terms };
  const signature = await holder.signTypedData({ name, version, chainId, verifyingContract }, types, message);
  const { v, r, s } = chain.ethers.Signature.from(signature);
  return [v, r, s] as const;
}
