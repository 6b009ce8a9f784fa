import type { Command } from "commander";
import { getParticipant } from "../../chain/reads/participants.ts";
import { leave, readmit, setStatus } from "../../chain/writes/participants.ts";
import type { Address } from "../../core/bytes.ts";
import { freezeReasonNumber } from "../../core/tables/freezeReasons.ts";
import { fresh } from "../../sdk/money.ts";
import { rotateOperator } from "../../sdk/rotateOperator.ts";
import { address } from "../arguments.ts";
import { withSession } from "../withSession.ts";

/** farshore participant suspend, reinstate, readmit, rotate, leave. */
export function membershipCommands(participant: Command): void {
  participant
    .command("suspend")
    .description("suspend a participant (registrar and regulator)")
    .argument("<account>", "who", address)
    .requiredOption("--reason <reason>", "courtOrder, rulesViolation, keyCompromise, …")
    .action((account: Address, { reason }: { reason: string }, command: Command) =>
      withSession(command, async (session, output) => {
        const call = setStatus(session.chain, account, "suspended", freezeReasonNumber(reason));
        await session.send(`suspend:${fresh(session)}`, call);
        output.answer({ account, status: "suspended", reason }, [`${account} is suspended: ${reason}`]);
      }),
    );
  participant
    .command("reinstate")
    .description("end a suspension (registrar and regulator)")
    .argument("<account>", "who", address)
    .action((account: Address, _options, command: Command) =>
      withSession(command, async (session, output) => {
        await session.send(`reinstate:${fresh(session)}`, setStatus(session.chain, account, "active", 0));
        output.answer({ account, status: "active" }, [`${account} is active again`]);
      }),
    );
  participant
    .command("readmit")
    .description("admit a participant that left once more (registrar)")
    .argument("<account>", "who", address)
    .action((account: Address, _options, command: Command) =>
      withSession(command, async (session, output) => {
        await session.send(`readmit:${fresh(session)}`, readmit(session.chain, account));
        output.answer({ account, status: "active" }, [`${account} is active again`]);
      }),
    );
  ownCommands(participant);
}

/** What a participant does for itself. */
function ownCommands(participant: Command): void {
  participant
    .command("rotate")
    .description("give this party's node a new hot key; start the node again afterwards")
    .action((_options, command: Command) =>
      withSession(command, async (session, output) => {
        const operator = await rotateOperator(session);
        output.answer({ operator }, [`operator ${operator}`, "start the node again: it reads the key when it starts"]);
      }),
    );
  participant
    .command("leave")
    .description("end this party's participation: nothing new begins, what runs goes on, balances stay yours")
    .action((_options, command: Command) =>
      withSession(command, async (session, output) => {
        await session.send(`leave:${fresh(session)}`, leave(session.chain));
        const { status } = await getParticipant(session.chain, session.account);
        const until = await session.chain.call("ParticipantRegistry", "noticeEnd", [session.account]);
        output.answer({ status, noticeEnd: until }, [
          `left; running jobs are served until ${new Date(Number(until) * 1000).toISOString()}`,
        ]);
      }),
    );
}
