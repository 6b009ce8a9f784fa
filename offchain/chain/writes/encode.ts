import { type Abi, type ContractFunctionArgs, type ContractFunctionName, encodeFunctionData } from "viem";
import { type Abis, abis, type ContractName } from "../abi/contracts.ts";
import type { Chain } from "../client.ts";
import type { ContractCall } from "../legacyTransaction.ts";

type Writes<N extends ContractName> = ContractFunctionName<Abis[N], "nonpayable" | "payable">;

/** A chain as far as addresses go: all that a call's bytes depend on. */
export type Addresses = Pick<Chain, "address">;

/** The call of a contract's function, ready for the outbox. Throws viem's error for arguments of a wrong type or range. */
export function callTo<N extends ContractName, F extends Writes<N>>(
  chain: Addresses,
  name: N,
  functionName: F,
  args: ContractFunctionArgs<Abis[N], "nonpayable" | "payable", F>,
): ContractCall {
  const abi = abis[name] as Abi;
  return {
    to: chain.address(name),
    data: encodeFunctionData({ abi, functionName: functionName as string, args: args as readonly unknown[] }),
  };
}
