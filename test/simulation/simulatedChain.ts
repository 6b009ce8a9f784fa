import hre from "hardhat";
import { createPublicClient, custom, type EIP1193RequestFn, type PublicClient, type Transport } from "viem";
import { type Chain, chainOver } from "../../offchain/chain/client.ts";
import type { Manifest } from "../../offchain/chain/manifest.ts";
import { FarshoreError } from "../../offchain/core/errors.ts";
import type { VirtualClock } from "./virtualClock.ts";

// Between looks for a receipt, on the virtual clock (ms).
const pollMs = 100;
/** What many parties ask alike, and what has one answer until the next block. */
const readings = ["eth_call", "eth_getLogs", "eth_getBlockByNumber"];

interface Question {
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** A party's own way to the chain: it ends when the party's node is killed. */
export interface ChainAccess {
  readonly chain: Chain;
  cut(): void;
}

/** An EDR chain with the rules of GoQuorum in this process; its blocks carry the virtual clock's time. */
export class SimulatedChain {
  readonly #provider: { request(question: never): Promise<unknown> };
  readonly #clock: VirtualClock;
  #sending: Promise<unknown> = Promise.resolve();
  #headSeconds = 0;
  readonly #answers = new Map<string, Promise<unknown>>();
  #answeredAt = -1;
  /** Grows with every block. */
  blocks = 0;
  /** Questions under way. */
  asked = 0;

  private constructor(provider: { request(question: never): Promise<unknown> }, clock: VirtualClock) {
    this.#provider = provider;
    this.#clock = clock;
  }

  /** @param clock must be ahead of the computer's own: a chain begins with that */
  static async open(clock: VirtualClock): Promise<SimulatedChain> {
    const { provider } = await hre.network.create("berlin");
    return new SimulatedChain(provider, clock);
  }

  /** viem's transport to the chain, for whoever is never killed. */
  get transport(): Transport {
    return this.#transport(() => undefined);
  }

  /** A party's access with the deployment that `manifest` describes. */
  access(manifest: Manifest): ChainAccess {
    let cut = false;
    const expectThere = () => {
      if (cut) throw new FarshoreError({ code: "chain/unreachable", message: "this party is gone" });
    };
    const client = createPublicClient({
      transport: this.#transport(expectThere),
      pollingInterval: pollMs,
      cacheTime: 0,
    });
    const chain = chainOver(client as PublicClient, manifest, "in this process");
    return {
      chain,
      cut() {
        cut = true;
      },
    };
  }

  /** An empty block at the virtual clock's time: deadlines are compared with the newest block's. */
  async mine(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#stamp();
      await this.#ask({ method: "evm_mine" });
      this.blocks += 1;
    });
  }

  async snapshot(): Promise<unknown> {
    return this.#ask({ method: "evm_snapshot" });
  }

  /** Back to a snapshot, which is used up, and the clock with it. */
  async revert(snapshot: unknown, startMs: number): Promise<void> {
    await this.#ask({ method: "evm_revert", params: [snapshot] });
    this.#clock.reset(startMs);
    this.#headSeconds = 0;
    this.blocks += 1;
  }

  #transport(expectThere: () => void): Transport {
    const request = async (question: Question) => {
      expectThere();
      const answer = await (question.method === "eth_sendRawTransaction" ? this.#send(question) : this.#ask(question));
      expectThere();
      return answer;
    };
    return custom({ request: request as unknown as EIP1193RequestFn }, { retryCount: 0 });
  }

  // A block's time is set before its transaction comes: one at a time.
  #send(question: Question): Promise<unknown> {
    return this.#inTurn(async () => {
      await this.#stamp();
      try {
        return await this.#ask(question);
      } finally {
        this.blocks += 1;
      }
    });
  }

  async #stamp(): Promise<void> {
    this.#headSeconds = Math.max(this.#headSeconds, Number(this.#clock.nowSeconds()));
    await this.#ask({ method: "evm_setNextBlockTimestamp", params: [this.#headSeconds] });
  }

  async #ask(question: Question): Promise<unknown> {
    this.asked += 1;
    try {
      return await (readings.includes(question.method)
        ? this.#read(question)
        : this.#provider.request(question as never));
    } finally {
      this.asked -= 1;
    }
  }

  #read(question: Question): Promise<unknown> {
    if (this.#answeredAt !== this.blocks) this.#answers.clear();
    this.#answeredAt = this.blocks;
    const key = JSON.stringify(question);
    const answer = this.#answers.get(key) ?? this.#provider.request(question as never);
    this.#answers.set(key, answer);
    return answer;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#sending.then(work);
    this.#sending = turn.catch(() => undefined);
    return turn;
  }
}
