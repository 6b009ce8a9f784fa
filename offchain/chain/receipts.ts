import type { Address, Hex } from "../core/bytes.ts";
import type { Chain } from "./client.ts";
import type { ContractCall } from "./legacyTransaction.ts";
import type { Mined } from "./outboxStore.ts";
import { decodeRevert, type Revert } from "./revert.ts";
import { simulate } from "./simulate.ts";

interface RawReceipt {
  readonly status: Hex;
  readonly blockNumber: Hex;
  readonly gasUsed: Hex;
  /** Besu, when it was started with `--revert-reason-enabled`. */
  readonly revertReason?: Hex | null;
}

/** Receipt of a transaction: block, gas, and whether it went through; null while it is not mined. */
export async function getReceipt(chain: Chain, hash: Hex): Promise<RawReceipt | null> {
  const raw = await chain.ask((c) => c.request({ method: "eth_getTransactionReceipt", params: [hash] }));
  return raw as unknown as RawReceipt | null;
}

/** Gas that a mined transaction used; null while it is not mined. */
export async function getGasUsed(chain: Chain, hash: Hex): Promise<bigint | null> {
  const receipt = await getReceipt(chain, hash);
  return receipt === null ? null : BigInt(receipt.gasUsed);
}

/** What a receipt says; the reason of a revert is asked for by running the call again on the block's state. */
export async function minedOf(chain: Chain, from: Address, call: ContractCall, receipt: RawReceipt): Promise<Mined> {
  const facts = { blockNumber: BigInt(receipt.blockNumber), gasUsed: BigInt(receipt.gasUsed) };
  if (receipt.status === "0x1") return { ...facts, status: "done", revert: null };
  return { ...facts, status: "reverted", revert: await reasonOf(chain, from, call, receipt) };
}

async function reasonOf(chain: Chain, from: Address, call: ContractCall, receipt: RawReceipt): Promise<Revert> {
  if (receipt.revertReason) return decodeRevert(receipt.revertReason);
  const revert = await simulate(chain, from, call, receipt.blockNumber).catch(() => null);
  return revert ?? { error: "Unknown", args: {} };
}
