import type { Address, Hex } from "../core/bytes.ts";
import type { Clock } from "../core/clock.ts";
import { FarshoreError } from "../core/errors.ts";
import type { Chain } from "./client.ts";
import { keyAccount, type TransactionSigner } from "./keyAccount.ts";
import { type ContractCall, gasToSign, signLegacy } from "./legacyTransaction.ts";
import { type Intent, OutboxStore } from "./outboxStore.ts";
import { getReceipt, minedOf } from "./receipts.ts";
import { isSuperseded, type Revert, revertError } from "./revert.ts";
import { sendRaw } from "./sendRaw.ts";
import { estimateGas, simulate } from "./simulate.ts";
import { isOnlyHeadStale } from "./staleHead.ts";

/** A call to make once. `key` names what it is for (job and step): the same key never takes effect twice. */
export interface OutboxCall extends ContractCall {
  readonly key: string;
}

/**
 * What became of a call. done: mined. superseded: another caller had done the same step, no harm. reverted: refused.
 * `hash`, `blockNumber` and `gasUsed` are null when nothing was sent: the refusal was foreseen and took no nonce.
 */
export interface Outcome {
  readonly status: "done" | "superseded" | "reverted";
  readonly hash: Hex | null;
  readonly blockNumber: bigint | null;
  readonly gasUsed: bigint | null;
  /** `chain/revert` with the decoded error, unless done. */
  readonly error: FarshoreError | null;
}

export interface OutboxOptions {
  /** Milliseconds until `submit` stops waiting for a block; the transaction stays stored. */
  readonly waitMs?: number;
  /** Milliseconds between sendings of the same bytes. */
  readonly resendMs?: number;
  /** Told when another process seems to use the same key. */
  readonly onWarning?: (warning: FarshoreError) => void;
  /** Told before and after each act that must survive a crash; what it throws ends the call there. */
  readonly observe?: (act: OutboxAct, phase: "before" | "after") => void;
}

/** Storing a signed transaction, sending it, storing what became of it. */
export type OutboxAct = "record" | "send" | "conclude";

/** Blocks are a second apart; a chain that lost its quorum needs longer, and then `submit` is simply called again. */
const defaultWaitMs = 60_000;
const defaultResendMs = 4_000;
/** Gas of a call that cannot be estimated before the next block: twice what settling the largest job takes. */
const unestimatedGas = 6_000_000n;
/** Looks, a resend apart, that must agree: behind one URL several nodes may answer, one of them a block late. */
const checksForTaken = 3;

/**
 * Transactions of one key, each stored on the disk before it is sent. After a crash or a time-out the very same bytes are
 * sent again, never others under the same nonce: at price 0 GoQuorum takes no replacement.
 */
export class Outbox {
  readonly address: Address;
  readonly #store: OutboxStore;
  readonly #chain: Chain;
  readonly #account: TransactionSigner;
  readonly #clock: Clock;
  readonly #options: Required<OutboxOptions>;
  readonly #running = new Map<string, Promise<Outcome>>();
  #queue: Promise<unknown> = Promise.resolve();

  /**
   * `path`: SQLite file, created when absent; `key`: private key or whoever signs with it.
   * Throws `chain/outbox-in-use`, `chain/outbox-of-another`.
   */
  constructor(path: string, chain: Chain, key: Hex | TransactionSigner, clock: Clock, options: OutboxOptions = {}) {
    this.#account = typeof key === "string" ? keyAccount(key) : key;
    this.address = this.#account.address;
    this.#chain = chain;
    this.#clock = clock;
    const usual = { waitMs: defaultWaitMs, resendMs: defaultResendMs, onWarning: () => {}, observe: () => {} };
    this.#options = { ...usual, ...options };
    this.#store = new OutboxStore(path);
    const { chainId, genesisHash } = chain.manifest;
    this.#store.bind({ "chain id": String(chainId), genesis: genesisHash, account: this.address });
  }

  /**
   * Makes the call once and waits for its block. A key that is done returns its stored outcome, one that is pending is
   * waited for; one that was refused may be tried again.
   * Throws `chain/unreachable`, `chain/not-mined` (both: call again), `chain/nonce-taken`, `chain/send-refused`.
   */
  submit(call: OutboxCall): Promise<Outcome> {
    return this.#once(call.key, async () => {
      const stored = this.#store.live(call.key);
      if (stored !== undefined) return this.#follow(stored, 0);
      const fresh = await this.#inTurn(() => this.#prepare(call));
      return "key" in fresh ? this.#follow(fresh, this.#options.resendMs) : fresh;
    });
  }

  /** Sends everything again that was stored but not seen mined, and waits for it. Throws as `submit` does. */
  async resume(): Promise<void> {
    await this.finishPending();
  }

  /** The same, and tells what became of each key. */
  async finishPending(): Promise<ReadonlyMap<string, Outcome>> {
    const pending = this.#store.pending();
    const ended = await Promise.allSettled(
      pending.map((intent) => this.#once(intent.key, () => this.#follow(intent, 0))),
    );
    const failure = ended.find((e) => e.status === "rejected");
    if (failure !== undefined) throw failure.reason;
    return new Map(pending.map((intent, i) => [intent.key, (ended[i] as PromiseFulfilledResult<Outcome>).value]));
  }

  /** Keys of what was stored and not yet seen mined, lowest nonce first. */
  pendingKeys(): string[] {
    return this.#store.pending().map((intent) => intent.key);
  }

  close(): void {
    this.#store.close();
  }

  /** Two submissions of one key are one. */
  #once(key: string, work: () => Promise<Outcome>): Promise<Outcome> {
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const started = work().finally(() => this.#running.delete(key));
    this.#running.set(key, started);
    return started;
  }

  /** Nonces are handed out one at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Simulates, signs, stores, and only then sends. */
  async #prepare(call: OutboxCall): Promise<Intent | Outcome> {
    const foreseen = await this.#foresee(call);
    if (typeof foreseen !== "bigint") return refusal(foreseen, null);
    const nonce = await this.#nextNonce();
    const { chainId } = this.#chain.manifest;
    const signed = await signLegacy(this.#account, call, { chainId, nonce, gas: gasToSign(foreseen) });
    const { key, to, data, value = 0n } = call;
    const { observe } = this.#options;
    observe("record", "before");
    const intent = this.#store.add({ key, to, data, value, nonce, ...signed }, this.#clock.nowMs());
    observe("record", "after");
    observe("send", "before");
    const answer = await sendRaw(this.#chain, intent.raw, intent.hash);
    observe("send", "after");
    if (answer.kind !== "refused") return intent;
    this.#store.giveUp(intent, "refused");
    throw sendRefused(intent, answer.error);
  }

  /** Gas that the call will use, or the refusal that it would meet. */
  async #foresee(call: OutboxCall): Promise<bigint | Revert> {
    const from = this.address;
    const foreseen = (await simulate(this.#chain, from, call)) ?? (await estimateGas(this.#chain, from, call));
    if (typeof foreseen === "bigint" || !isOnlyHeadStale(foreseen, this.#clock.nowSeconds())) return foreseen;
    return unestimatedGas;
  }

  /** The higher of what the chain counts (its pool included) and what is stored; what the pool lost is sent again. */
  async #nextNonce(): Promise<number> {
    const counted = await this.#count("pending");
    const stored = this.#store.nextNonce();
    if (counted > stored && stored > 0) this.#options.onWarning(foreignTransactions(this.address, counted - stored));
    if (counted < stored) {
      for (const intent of this.#store.pending()) await sendRaw(this.#chain, intent.raw, intent.hash);
    }
    return Math.max(counted, stored);
  }

  async #count(blockTag: "latest" | "pending"): Promise<number> {
    const params = [this.address, blockTag] as const;
    return Number(await this.#chain.ask((c) => c.request({ method: "eth_getTransactionCount", params: [...params] })));
  }

  /** Waits for a stored transaction's block, sending the same bytes after `resendInMs` and then again and again. */
  async #follow(intent: Intent, resendInMs: number): Promise<Outcome> {
    if (intent.status === "done") return outcomeOf(intent);
    const end = this.#clock.nowMs() + this.#options.waitMs;
    let resendAt = this.#clock.nowMs() + resendInMs;
    let refused: FarshoreError | undefined;
    let timesTaken = 0;
    while (this.#clock.nowMs() <= end) {
      const mined = await this.#minedIntent(intent);
      if (mined !== undefined) return outcomeOf(mined);
      if (this.#clock.nowMs() >= resendAt) {
        timesTaken = (await this.#isNonceTaken(intent)) ? timesTaken + 1 : 0;
        if (timesTaken === checksForTaken) throw this.#giveUpNonce(intent);
        const answer = await sendRaw(this.#chain, intent.raw, intent.hash);
        refused = answer.kind === "refused" ? answer.error : undefined;
        resendAt = this.#clock.nowMs() + this.#options.resendMs;
      } else {
        await this.#clock.sleep(this.#chain.pollMs);
      }
    }
    throw notMined(intent, this.#options.waitMs, refused);
  }

  async #minedIntent(intent: Intent): Promise<Intent | undefined> {
    const receipt = await getReceipt(this.#chain, intent.hash);
    if (receipt === null) return undefined;
    const outcome = await minedOf(this.#chain, this.address, intent, receipt);
    this.#options.observe("conclude", "before");
    const concluded = this.#store.mined(intent, outcome);
    this.#options.observe("conclude", "after");
    return concluded;
  }

  /** True when the chain is past the intent's nonce and does not know the intent. */
  async #isNonceTaken(intent: Intent): Promise<boolean> {
    if ((await this.#count("latest")) <= intent.nonce) return false;
    return (await getReceipt(this.#chain, intent.hash)) === null;
  }

  #giveUpNonce(intent: Intent): FarshoreError {
    this.#store.giveUp(intent, "displaced");
    const taken = nonceTaken(this.address, intent);
    this.#options.onWarning(taken);
    return taken;
  }
}

/** The outcome when it is done; else throws its error (for callers to whom coming second is a failure). */
export function expectDone(outcome: Outcome): Outcome & { readonly hash: Hex } {
  if (outcome.status === "done" && outcome.hash !== null) return { ...outcome, hash: outcome.hash };
  throw outcome.error;
}

function outcomeOf(intent: Intent): Outcome {
  const { hash, blockNumber, gasUsed, revert } = intent;
  if (revert !== null) return { ...refusal(revert, hash), blockNumber, gasUsed };
  return { status: "done", hash, blockNumber, gasUsed, error: null };
}

function refusal(revert: Revert, hash: Hex | null): Outcome {
  const status = isSuperseded(revert) ? "superseded" : "reverted";
  return { status, hash, blockNumber: null, gasUsed: null, error: revertError(revert) };
}

function sendRefused(intent: Intent, cause: FarshoreError): FarshoreError {
  return new FarshoreError({
    code: "chain/send-refused",
    message: `the node did not take the transaction for ${intent.key}: ${cause.facts.reason ?? cause.message}`,
    facts: { key: intent.key, nonce: intent.nonce, reason: cause.facts.reason ?? cause.message },
    remedy: cause.remedy ?? "check that the chain takes gas price 0 from this account",
    cause,
  });
}

function notMined(intent: Intent, waitMs: number, refused: FarshoreError | undefined): FarshoreError {
  return new FarshoreError({
    code: "chain/not-mined",
    message: `no block holds the transaction for ${intent.key} after ${waitMs} ms`,
    facts: { key: intent.key, hash: intent.hash, nonce: intent.nonce, waitMs, refused: refused?.message ?? null },
    remedy:
      "it is stored and will be sent again; check that the chain makes blocks (QBFT needs two thirds of its validators)",
    retryable: true,
  });
}

function nonceTaken(account: Address, intent: Intent): FarshoreError {
  return new FarshoreError({
    code: "chain/nonce-taken",
    message: `another process sent a transaction with the key of ${account}: nonce ${intent.nonce} is not ours`,
    facts: { account, nonce: intent.nonce, key: intent.key, hash: intent.hash },
    remedy: "give every process a key of its own; what was displaced is signed anew when it is submitted again",
    party: account,
    retryable: true,
  });
}

function foreignTransactions(account: Address, count: number): FarshoreError {
  return new FarshoreError({
    code: "chain/foreign-transactions",
    message: `${count} transactions of ${account} were not sent by this process`,
    facts: { account, count },
    remedy: "give every process a key of its own",
    party: account,
  });
}
