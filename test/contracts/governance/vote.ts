import type { Deployed, Signer, TestChain } from "../chain.ts";
import type { Platform } from "../platform.ts";

/** Times in seconds, votes with 18 decimals. */
export const settings = {
  votingDelay: 3600,
  votingPeriod: 86_400,
  proposalThreshold: 1_000n * 10n ** 18n,
  quorumPercent: 4,
  delay: 172_800,
};

/** One call of a proposal. */
export interface Action {
  readonly target: Deployed;
  readonly data: string;
}

/** A contract or an account among `args` stands for its address. */
export function call(target: Deployed, name: string, args: readonly unknown[]): Action {
  const plain = args.map((arg) => {
    const { target: contract, address } = Object(arg) as { target?: string; address?: string };
    return contract ?? address ?? arg;
  });
  return { target, data: target.interface.encodeFunctionData(name, plain) };
}

/** Deploys a Constitution and makes it the only administrator of a platform; who administered holds votes that count. */
export async function handOver(chain: TestChain, { manager, incentive, admin }: Platform): Promise<Deployed> {
  const constitution = await chain.deploy("Constitution", [manager, incentive, settings]);
  await incentive.connect(admin).delegate(admin);
  await manager.connect(admin).grantRole(0, constitution, settings.delay);
  await manager.connect(admin).renounceRole(0, admin);
  await chain.time.increase(1);
  return constitution;
}

/** A proposal as the governor's functions name it. */
export function proposalOf(chain: TestChain, actions: readonly Action[], description: string) {
  const targets = actions.map(({ target }) => target.target as string);
  const [values, data] = [actions.map(() => 0n), actions.map((action) => action.data)];
  return {
    propose: [targets, values, data, description] as const,
    rest: [targets, values, data, chain.ethers.id(description)] as const,
  };
}

/** From the proposal to the end of the vote: `voter` proposes and votes for it. */
export async function voteFor(
  chain: TestChain,
  constitution: Deployed,
  voter: Signer,
  proposal: ReturnType<typeof proposalOf>,
): Promise<void> {
  await constitution.connect(voter).propose(...proposal.propose);
  const id: bigint = await constitution.getProposalId(...proposal.rest);
  await chain.time.increase(settings.votingDelay + 1);
  await constitution.connect(voter).castVote(id, 1);
  await chain.time.increase(settings.votingPeriod + 1);
}

/** The whole way of a proposal that passes; anybody queues and executes it. */
export async function carry(
  chain: TestChain,
  constitution: Deployed,
  voter: Signer,
  actions: readonly Action[],
  description: string,
) {
  const proposal = proposalOf(chain, actions, description);
  await voteFor(chain, constitution, voter, proposal);
  await constitution.queue(...proposal.rest);
  await chain.time.increase(settings.delay + 1);
  return constitution.execute(...proposal.rest);
}
