import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { Chain } from "./client.ts";
import type { ContractCall } from "./legacyTransaction.ts";
import type { Revert } from "./revert.ts";

/** Runs a call on the chain's newest state (or a block's) without sending it; the contract's refusal, or null. */
export async function simulate(
  chain: Chain,
  from: Address,
  call: ContractCall,
  blockTag: Hex | "latest" = "latest",
): Promise<Revert | null> {
  return refusalOf(() => chain.ask((c) => c.request({ method: "eth_call", params: [callOf(from, call), blockTag] })));
}

/** Gas that a call would use now, or the contract's refusal. */
export async function estimateGas(chain: Chain, from: Address, call: ContractCall): Promise<bigint | Revert> {
  let gas = 0n;
  const revert = await refusalOf(async () => {
    gas = BigInt(await chain.ask((c) => c.request({ method: "eth_estimateGas", params: [callOf(from, call)] })));
  });
  return revert ?? gas;
}

function callOf(from: Address, { to, data, value = 0n }: ContractCall) {
  return { from, to, data, value: `0x${value.toString(16)}`, gasPrice: "0x0" } as const;
}

/** Null when `question` is answered, the refusal when a contract reverted; other failures are thrown. */
async function refusalOf(question: () => Promise<unknown>): Promise<Revert | null> {
  try {
    await question();
    return null;
  } catch (error) {
    if (error instanceof FarshoreError && error.code === "chain/revert") return revertOf(error);
    throw error;
  }
}

function revertOf({ facts }: FarshoreError): Revert {
  const { error, ...args } = facts;
  return { error: String(error), args: args as Revert["args"] };
}
