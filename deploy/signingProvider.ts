import { type Hex, keccak256, type LocalAccount, type PublicClient } from "viem";

interface Question {
  readonly method: string;
  readonly params?: readonly unknown[] | object;
}

/** What Ignition asks of a chain (EIP-1193). */
export interface SigningProvider {
  request(question: Question): Promise<unknown>;
}

interface TransactionRequest {
  readonly to?: Hex;
  readonly data?: Hex;
  readonly gas?: Hex;
  readonly nonce?: Hex;
  readonly value?: Hex;
}

/**
 * A JSON-RPC node together with one key that is held here: `eth_sendTransaction` is signed locally as a legacy
 * transaction at gas price 0 and sent raw, so that a chain without unlocked accounts (all of them) can be deployed to.
 */
export function signingProvider(client: PublicClient, account: LocalAccount, chainId: number): SigningProvider {
  const ask = (question: Question) => client.request(question as never) as Promise<unknown>;
  return {
    request: async (question) => {
      if (question.method === "eth_accounts") return [account.address.toLowerCase()];
      if (question.method !== "eth_sendTransaction") return ask(question);
      const [request] = question.params as [TransactionRequest];
      const raw = await sign(account, chainId, request);
      await ask({ method: "eth_sendRawTransaction", params: [raw] });
      return keccak256(raw);
    },
  };
}

function sign(account: LocalAccount, chainId: number, request: TransactionRequest): Promise<Hex> {
  const { to, data, gas = "0x0", nonce = "0x0", value = "0x0" } = request;
  return account.signTransaction({
    type: "legacy",
    chainId,
    gasPrice: 0n,
    nonce: Number(nonce),
    gas: BigInt(gas),
    value: BigInt(value),
    ...(to === undefined ? {} : { to }),
    ...(data === undefined ? {} : { data }),
  });
}
