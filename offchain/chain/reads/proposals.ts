import { encodeEventTopics, parseEventLogs } from "viem";
import type { Address, Hex } from "../../core/bytes.ts";
import { constitutionAbi } from "../abi/generated/constitution.ts";
import type { Chain } from "../client.ts";
import { logsInRanges } from "../logRanges.ts";
import type { ProposedCalls } from "../writes/governance.ts";

/** OpenZeppelin's `IGovernor.ProposalState`, by number. */
export const proposalStates = [
  ...(["pending", "active", "canceled", "defeated"] as const),
  ...(["succeeded", "queued", "expired", "executed"] as const),
] as const;
export type ProposalState = (typeof proposalStates)[number];

/** A proposal to the Constitution. Times in seconds since 1970. */
export interface Proposal extends ProposedCalls {
  readonly id: bigint;
  readonly proposer: Address;
  readonly voteStart: bigint;
  readonly voteEnd: bigint;
  readonly state: ProposalState;
}

const [created] = encodeEventTopics({ abi: constitutionAbi, eventName: "ProposalCreated" });

/** Every proposal that was made, the first one first. */
export async function getProposals(chain: Chain): Promise<Proposal[]> {
  const to = await chain.ask((c) => c.getBlockNumber({ cacheTime: 0 }));
  const from = BigInt(chain.manifest.deployedBlock);
  const found: Promise<Proposal>[] = [];
  const question = { address: chain.address("Constitution"), topics: [created as Hex], from, to };
  for await (const { logs } of logsInRanges(chain, question)) {
    const events = parseEventLogs({ abi: constitutionAbi, logs: [...logs], eventName: "ProposalCreated" });
    found.push(...events.map(({ args }) => withState(chain, args)));
  }
  return Promise.all(found);
}

interface Created extends Pick<Proposal, "proposer" | "voteStart" | "voteEnd" | "description"> {
  readonly proposalId: bigint;
  readonly targets: readonly Address[];
  readonly calldatas: readonly Hex[];
}

async function withState(chain: Chain, made: Created): Promise<Proposal> {
  const { proposalId: id, proposer, targets, calldatas, voteStart, voteEnd, description } = made;
  const state = proposalStates[await chain.call("Constitution", "state", [id])] as ProposalState;
  const calls = targets.map((target, i) => ({ to: target, data: calldatas[i] as Hex }));
  return { id, proposer, calls, voteStart, voteEnd, description, state };
}
