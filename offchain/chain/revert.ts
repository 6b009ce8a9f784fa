import { type AbiParameter, decodeErrorResult, toFunctionSelector } from "viem";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { jobStates } from "../protocol/chainStructs.ts";
import { abis } from "./abi/contracts.ts";
import { platformErrors } from "./abi/platformErrors.ts";
import { remedyOf } from "./remedies.ts";

/** A contract's refusal. `error` is the custom error's name, or `Error`, `Panic`, `Unknown` and `Empty`. */
export interface Revert {
  readonly error: string;
  readonly args: Readonly<Record<string, string | number | bigint | boolean>>;
}

type ErrorEntry = { readonly type: "error"; readonly name: string; readonly inputs: readonly AbiParameter[] };

const ownErrors = Object.values(abis).flatMap((abi) => (abi as readonly { type: string }[]).filter(isError));
const bySelector = new Map([...platformErrors, ...ownErrors].map((entry) => [selectorOf(entry), entry]));

function isError(entry: { readonly type: string }): entry is ErrorEntry {
  return entry.type === "error";
}

function selectorOf({ name, inputs }: ErrorEntry): Hex {
  return toFunctionSelector(`function ${name}(${inputs.map((input) => input.type).join(",")})`);
}

/** Decodes revert data against every error of the house, of the libraries it is built on, and Solidity's own. */
export function decodeRevert(data: Hex): Revert {
  if (data === "0x") return { error: "Empty", args: {} };
  const entry = bySelector.get(data.slice(0, 10) as Hex);
  if (entry === undefined) return { error: "Unknown", args: { data } };
  try {
    const { args } = decodeErrorResult({ abi: [entry], data });
    return { error: entry.name, args: namedArgs(entry, (args ?? []) as readonly unknown[]) };
  } catch {
    return { error: "Unknown", args: { data } };
  }
}

function namedArgs(entry: ErrorEntry, values: readonly unknown[]): Revert["args"] {
  const named = entry.inputs.map((input, i) => [input.name || `arg${i}`, scalar(input, values[i])] as const);
  return Object.fromEntries(named);
}

function scalar(input: AbiParameter, value: unknown): string | number | bigint | boolean {
  if ("internalType" in input && input.internalType === "enum IJobTypes.State")
    return jobStates[Number(value)] ?? String(value);
  return typeof value === "object" ? JSON.stringify(value) : (value as string | number | bigint | boolean);
}

/** The FarshoreError of a contract's refusal: `chain/revert`, its facts the error's name and arguments. */
export function revertError(revert: Revert): FarshoreError {
  const args = Object.entries(revert.args).map(([name, value]) => `${name} ${value}`);
  return new FarshoreError({
    code: "chain/revert",
    message: `the contract refused: ${revert.error}(${args.join(", ")})`,
    facts: { error: revert.error, ...revert.args },
    remedy: remedyOf(revert),
  });
}

/** Contracts' errors that say that somebody else's call was first: no harm, and no error for who came second. */
const cameSecond = new Set([
  "JobMarket_WrongState",
  "JobMarket_WrongRound",
  "JobMarket_PartsMismatch",
  "JobMarket_AlreadyPosted",
]);

/** True when the refusal means that the same step was already done by another caller. */
export function isSuperseded(revert: Revert): boolean {
  return cameSecond.has(revert.error);
}
