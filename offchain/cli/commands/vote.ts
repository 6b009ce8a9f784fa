import { Argument, type Command, InvalidArgumentError } from "commander";
import { getProposals, type Proposal } from "../../chain/reads/proposals.ts";
import { delegateVotes, type Support, supports } from "../../chain/writes/governance.ts";
import type { Address } from "../../core/bytes.ts";
import { fresh } from "../../sdk/money.ts";
import { moveProposal, proposeRules } from "../../sdk/votes.ts";
import { address } from "../arguments.ts";
import { withSession } from "../withSession.ts";

/** farshore vote …: decisions of the holders of incentive tokens. */
export function voteCommands(root: Command): void {
  const vote = root.command("vote").description("decisions of the holders of incentive tokens");
  vote
    .command("delegate")
    .description("let this account's tokens vote: by itself, or by another account")
    .argument("[account]", "this account unless given", address)
    .action((account: Address | undefined, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const to = account ?? session.account;
        await session.send(`delegate:${fresh(session)}`, delegateVotes(session.chain, to));
        output.answer({ delegate: to }, [`votes of ${session.account} are cast by ${to}`]);
      }),
    );
  vote
    .command("rules")
    .description("put a rules document on the boards and propose to publish it")
    .argument("<file>", "rules, JSON")
    .option("--activates <seconds>", "seconds since 1970; when the vote is executed unless given", seconds, 0n)
    .action((file: string, { activates }: { activates: bigint }, command: Command) =>
      withSession(command, async (session, output) => {
        const proposal = await proposeRules(session, file, activates);
        output.answer(summary(proposal), [line(proposal)]);
      }),
    );
  vote
    .command("show")
    .description("proposals and how far they are")
    .action((_options, command: Command) =>
      withSession(command, async (session, output) => {
        const proposals = await getProposals(session.chain);
        output.answer({ proposals: proposals.map(summary) }, proposals.map(line));
      }),
    );
  stepCommands(vote);
}

function stepCommands(vote: Command): void {
  vote
    .command("cast")
    .description("vote on a proposal")
    .argument("<proposal>", "its number", proposalId)
    .addArgument(new Argument("<support>").choices(Object.keys(supports)))
    .action((id: bigint, support: Support, _options, command: Command) => take(command, id, support));
  for (const [step, description] of [
    ["queue", "begin the delay of a proposal that passed"],
    ["execute", "execute a proposal after its delay"],
  ] as const) {
    vote
      .command(step)
      .description(description)
      .argument("<proposal>", "its number", proposalId)
      .action((id: bigint, _options, command: Command) => take(command, id, step));
  }
}

function take(command: Command, id: bigint, step: Support | "queue" | "execute"): Promise<void> {
  return withSession(command, async (session, output) => {
    const proposal = await moveProposal(session, id, step);
    output.answer(summary(proposal), [line(proposal)]);
  });
}

function summary({ id, state, description, voteStart, voteEnd }: Proposal) {
  return { id, state, description, voteStart, voteEnd };
}

function line({ id, state, description }: Proposal): string {
  return `${state.padEnd(10)} ${description}  ${id}`;
}

function proposalId(text: string): bigint {
  if (/^[0-9]{1,78}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("expected the number of a proposal: see farshore vote show");
}

function seconds(text: string): bigint {
  if (/^[0-9]{1,12}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("expected seconds since 1970");
}
