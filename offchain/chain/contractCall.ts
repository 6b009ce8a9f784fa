import { type Abi, type ContractFunctionArgs, type ContractFunctionName, encodeFunctionData } from "viem";
import type { Abis, ContractName } from "./abi/contracts.ts";
import { abis } from "./abi/contracts.ts";
import type { Chain } from "./client.ts";
import type { ContractCall } from "./legacyTransaction.ts";
import type { ManifestContract } from "./manifest.ts";

type Writes<N extends ContractName> = ContractFunctionName<Abis[N], "nonpayable" | "payable">;

/** A call to one of the deployment's contracts, typed by its ABI, for the outbox to send. */
export function contractCall<
  N extends ContractName & ManifestContract,
  F extends Writes<N>,
  A extends ContractFunctionArgs<Abis[N], "nonpayable" | "payable", F>,
>(chain: Chain, name: N, functionName: F, args: A): ContractCall {
  const data = encodeFunctionData({ abi: abis[name] as Abi, functionName, args } as never);
  return { to: chain.address(name), data };
}
