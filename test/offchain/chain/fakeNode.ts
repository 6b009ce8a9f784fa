import { createPublicClient, custom, type Hex, keccak256, parseTransaction } from "viem";
import { type Chain, chainOver } from "../../../offchain/chain/client.ts";
import { type Manifest, manifestContracts } from "../../../offchain/chain/manifest.ts";
import { hexToBytes } from "../../../offchain/core/bytes.ts";
import { sha256Hex } from "../../../offchain/core/hash.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const code: Hex = "0x6001";

export const fakeManifest: Manifest = {
  version: 1,
  chainId: 1337,
  genesisHash: word(7),
  deployedBlock: 0,
  contracts: Object.fromEntries(
    manifestContracts.map((name, i) => [name, `0x${(i + 1).toString(16).padStart(40, "0")}`]),
  ) as Manifest["contracts"],
  codeHashes: Object.fromEntries(
    manifestContracts.map((name) => [name, sha256Hex(hexToBytes(code))]),
  ) as Manifest["codeHashes"],
};

class RpcFailure extends Error {
  readonly code: number;
  readonly data: Hex | undefined;
  constructor(message: string, code = -32000, data?: Hex) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** A JSON-RPC node with one account's pool, for what a real one cannot be made to do at a given moment. */
export class FakeNode {
  chainId = 1337;
  genesisHash: Hex = word(7);
  timestamp = 1_800_000_000;
  head = 100;
  code: Hex = code;
  /** Revert data that the contract answers with, or null. */
  revert: Hex | null = null;
  /** Mined transactions revert although the simulation went well. */
  revertWhenMined = false;
  mining = true;
  /** What to do instead of answering a method. */
  readonly faults = new Map<string, () => Promise<never> | never>();
  readonly sent: Hex[] = [];
  readonly mined: { hash: Hex; nonce: number }[] = [];
  readonly pool = new Map<number, Hex>();
  readonly calls: { method: string; params: readonly unknown[] }[] = [];

  chain(manifest: Manifest = fakeManifest): Chain {
    const transport = custom({ request: async (q) => this.answer(q.method, q.params ?? []) }, { retryCount: 0 });
    return chainOver(createPublicClient({ transport, pollingInterval: 1, cacheTime: 0 }), manifest, "fake");
  }

  /** A transaction of the same key that the outbox knows nothing about. */
  mineForeign(): void {
    this.pool.delete(this.mined.length);
    this.mined.push({ hash: word(90_000 + this.mined.length), nonce: this.mined.length });
  }

  mine(): void {
    for (let raw = this.pool.get(this.mined.length); raw !== undefined; raw = this.pool.get(this.mined.length)) {
      this.pool.delete(this.mined.length);
      this.mined.push({ hash: keccak256(raw), nonce: this.mined.length });
    }
  }

  async answer(method: string, params: readonly unknown[]): Promise<unknown> {
    this.calls.push({ method, params });
    await this.faults.get(method)?.();
    const answer = this.#answers[method];
    if (answer === undefined) throw new RpcFailure(`the method ${method} does not exist`, -32601);
    return answer(params);
  }

  readonly #answers: Record<string, (params: readonly unknown[]) => unknown> = {
    eth_chainId: () => `0x${this.chainId.toString(16)}`,
    eth_getCode: () => this.code,
    eth_getBlockByNumber: ([tag]) => ({
      number: tag === "0x0" ? "0x0" : `0x${this.head.toString(16)}`,
      hash: tag === "0x0" ? this.genesisHash : word(this.head),
      timestamp: `0x${this.timestamp.toString(16)}`,
      transactions: [],
    }),
    eth_blockNumber: () => `0x${this.head.toString(16)}`,
    eth_call: ([, tag]) => this.#run(tag !== "latest" && this.revertWhenMined),
    eth_estimateGas: () => this.#run(false) && "0x5208",
    eth_getTransactionCount: ([, tag]) =>
      `0x${(this.mined.length + (tag === "pending" ? this.pool.size : 0)).toString(16)}`,
    eth_sendRawTransaction: ([raw]) => this.#take(raw as Hex),
    eth_getTransactionByHash: ([hash]) => (this.#knows(hash as Hex) ? { hash } : null),
    eth_getTransactionReceipt: ([hash]) => this.#receipt(hash as Hex),
  };

  #run(reverts: boolean): Hex {
    if (this.revert !== null && (reverts || !this.revertWhenMined)) {
      throw new RpcFailure("execution reverted", 3, this.revert);
    }
    return "0x01";
  }

  #take(raw: Hex): Hex {
    const nonce = parseTransaction(raw).nonce ?? 0;
    this.sent.push(raw);
    if (nonce < this.mined.length) throw new RpcFailure("nonce too low");
    if (this.pool.get(nonce) === raw) throw new RpcFailure("already known");
    if (this.pool.has(nonce)) throw new RpcFailure("replacement transaction underpriced");
    this.pool.set(nonce, raw);
    if (this.mining) this.mine();
    return keccak256(raw);
  }

  #knows(hash: Hex): boolean {
    return this.mined.some((m) => m.hash === hash) || [...this.pool.values()].some((raw) => keccak256(raw) === hash);
  }

  #receipt(hash: Hex): unknown {
    if (!this.mined.some((m) => m.hash === hash)) return null;
    const status = this.revertWhenMined ? "0x0" : "0x1";
    return { status, blockNumber: `0x${this.head.toString(16)}`, gasUsed: "0x5000", effectiveGasPrice: null };
  }

  /** Ends with a node's refusal in JSON-RPC. */
  refuse(message: string): () => never {
    return () => {
      throw new RpcFailure(message);
    };
  }
}
