import { keccak256, stringToBytes } from "viem";
import type { Address, Hex } from "../../core/bytes.ts";
import type { ContractCall } from "../legacyTransaction.ts";
import { type Addresses, callTo } from "./encode.ts";

// Calls of `Constitution`. Requirements and effects stand in IConstitution.sol and OpenZeppelin's Governor.

/** What is voted on: calls, and a description that makes the proposal unique. */
export interface ProposedCalls {
  readonly calls: readonly ContractCall[];
  readonly description: string;
}

/** For, against or abstaining, by OpenZeppelin's numbers (GovernorCountingSimple). */
export const supports = { against: 0, for: 1, abstain: 2 } as const;
export type Support = keyof typeof supports;

/** Votes count from the block after this on; to oneself as to another. */
export function delegateVotes(chain: Addresses, to: Address): ContractCall {
  return callTo(chain, "IncentiveToken", "delegate", [to]);
}

export function propose(chain: Addresses, proposal: ProposedCalls): ContractCall {
  const [targets, values, data] = columns(proposal);
  return callTo(chain, "Constitution", "propose", [targets, values, data, proposal.description]);
}

export function castVote(chain: Addresses, id: bigint, support: Support): ContractCall {
  return callTo(chain, "Constitution", "castVote", [id, supports[support]]);
}

/** Anyone: begins the delay of a proposal that passed. */
export function queueProposal(chain: Addresses, proposal: ProposedCalls): ContractCall {
  return callTo(chain, "Constitution", "queue", [...columns(proposal), descriptionHash(proposal)]);
}

/** Anyone, after the delay. */
export function executeProposal(chain: Addresses, proposal: ProposedCalls): ContractCall {
  return callTo(chain, "Constitution", "execute", [...columns(proposal), descriptionHash(proposal)]);
}

function columns({ calls }: ProposedCalls): [Address[], bigint[], Hex[]] {
  return [calls.map((c) => c.to), calls.map(() => 0n), calls.map((c) => c.data)];
}

function descriptionHash({ description }: ProposedCalls): Hex {
  return keccak256(stringToBytes(description));
}
