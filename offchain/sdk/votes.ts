import { getProposals, type Proposal } from "../chain/reads/proposals.ts";
import * as governance from "../chain/writes/governance.ts";
import { publishRules } from "../chain/writes/rules.ts";
import { FarshoreError } from "../core/errors.ts";
import { fresh } from "./money.ts";
import { putRules } from "./rules.ts";
import type { Session } from "./session.ts";

/**
 * Puts a rules document on the boards and proposes to publish it; `activatesAt` in seconds since 1970, 0 = when the vote is
 * executed. Needs the votes that the Constitution's threshold names. Throws `rules/malformed`, board/* and chain/* errors.
 */
export async function proposeRules(session: Session, path: string, activatesAt: bigint): Promise<Proposal> {
  const { chain } = session;
  const { rulesHash } = await putRules(session, path);
  const calls = [publishRules(chain, rulesHash, activatesAt)];
  const description = `Publish rules ${rulesHash} (${fresh(session)})`;
  await session.send(`propose:${description}`, governance.propose(chain, { calls, description }));
  return (await getProposals(chain)).find((proposal) => proposal.description === description) as Proposal;
}

/** A proposal by its id; throws `vote/unknown`. */
export async function proposalOf(session: Session, id: bigint): Promise<Proposal> {
  const found = (await getProposals(session.chain)).find((proposal) => proposal.id === id);
  if (found !== undefined) return found;
  throw new FarshoreError({
    code: "vote/unknown",
    message: `no proposal ${id} was made on this chain`,
    facts: { id },
    remedy: "see farshore vote show",
  });
}

/** One step of a proposal on its way: the vote, the beginning of the delay, the execution. */
export async function moveProposal(
  session: Session,
  id: bigint,
  step: governance.Support | "queue" | "execute",
): Promise<Proposal> {
  const { chain } = session;
  const proposal = await proposalOf(session, id);
  const call =
    step === "queue"
      ? governance.queueProposal(chain, proposal)
      : step === "execute"
        ? governance.executeProposal(chain, proposal)
        : governance.castVote(chain, id, step);
  await session.send(`${step}:${id}:${fresh(session)}`, call);
  return proposalOf(session, id);
}
