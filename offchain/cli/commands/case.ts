import type { Command } from "commander";
import { type Case, getCase, getFreeze } from "../../chain/reads/cases.ts";
import { wholeAccount } from "../../chain/writes/tokens.ts";
import type { Address } from "../../core/bytes.ts";
import { freezeReasonName } from "../../core/tables/freezeReasons.ts";
import { formatStable, parseStable } from "../../core/units.ts";
import { caseOf, closeCase, freeze, moveByForce, openCase } from "../../sdk/cases.ts";
import { address } from "../arguments.ts";
import { withSession } from "../withSession.ts";

/** farshore case …: what a regulator does to stable tokens, each act under a case with its reason. */
export function caseCommands(root: Command): void {
  const group = root.command("case").description("a regulator's cases: freeze and move stable tokens, with the reason");
  group
    .command("open")
    .description("record why, on which evidence; the file stays here, its hash goes to the chain")
    .argument("<case>", "name of the case")
    .requiredOption("--reason <reason>", "courtOrder, regulatorOrder, sanctions, …")
    .requiredOption("--evidence <file>", "order or file behind it")
    .action((name: string, { reason, evidence }: { reason: string; evidence: string }, command: Command) =>
      withSession(command, async (session, output) => {
        const opened = summary(await openCase(session, name, reason, evidence));
        output.answer(opened, [`case ${name} is open: ${opened.reason}`]);
      }),
    );
  group
    .command("freeze")
    .description("freeze an account under a case: all of it, or an amount; 0 lifts the freeze")
    .argument("<case>", "name of the case")
    .argument("<account>", "whose tokens", address)
    .option("--amount <amount>", "stable tokens; everything unless given")
    .action((name: string, account: Address, { amount }: { amount?: string }, command: Command) =>
      withSession(command, async (session, output) => {
        await freeze(session, name, account, amount === undefined ? wholeAccount : parseStable(amount));
        const { frozen, caseId } = await getFreeze(session.chain, account);
        output.answer({ account, frozen, caseId }, [`${account}: ${shown(frozen)} frozen`]);
      }),
    );
  group
    .command("transfer")
    .description("move tokens from one account to another under a case, frozen or not")
    .argument("<case>", "name of the case")
    .argument("<from>", "whose tokens", address)
    .argument("<to>", "who gets them", address)
    .argument("<amount>", "for example 1250.50")
    .action((name: string, from: Address, to: Address, amount: string, _options, command: Command) =>
      withSession(command, async (session, output) => {
        await moveByForce(session, name, { from, to, amount: parseStable(amount) });
        output.answer({ from, to, amount }, [`${amount} moved from ${from} to ${to}`]);
      }),
    );
  group
    .command("close")
    .description("end a case; what it froze stays frozen")
    .argument("<case>", "name of the case")
    .action((name: string, _options, command: Command) =>
      withSession(command, async (session, output) => {
        await closeCase(session, name);
        output.answer(summary(await caseOf(session, name)), [`case ${name} is closed`]);
      }),
    );
  showCommand(group);
}

function showCommand(group: Command): void {
  group
    .command("show")
    .description("what is frozen of an account, and why")
    .argument("<account>", "whose tokens", address)
    .action((account: Address, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const { frozen, caseId } = await getFreeze(session.chain, account);
        const found = await getCase(session.chain, caseId);
        const why = found === null ? null : summary(found);
        const line = why === null ? "nothing was ever frozen" : `${shown(frozen)} frozen: ${why.reason}`;
        output.answer({ account, frozen, case: why }, [`${account}: ${line}`]);
      }),
    );
}

function shown(frozen: bigint): string {
  return frozen === wholeAccount ? "everything" : formatStable(frozen);
}

function summary(found: Case) {
  return { ...found, reason: freezeReasonName(found.reason) };
}
