import type { Command } from "commander";
import { formatIncentive, formatStable, parseIncentive, parseStable } from "../../core/units.ts";
import { joinOracles } from "../../sdk/oracles.ts";
import { withSession } from "../withSession.ts";

/** farshore oracle join. */
export function oracleCommands(root: Command): void {
  root
    .command("oracle")
    .description("this party as a compute oracle")
    .command("join")
    .description("stake incentive tokens and bond stable tokens, so that committees can be drawn with this oracle")
    .requiredOption("--stake <amount>", "incentive tokens: the weight in the draw")
    .requiredOption("--bond <amount>", "stable tokens: what seats lock")
    .action((options: { stake: string; bond: string }, command: Command) =>
      withSession(command, async (session, output) => {
        await joinOracles(session, { stake: parseIncentive(options.stake), bond: parseStable(options.bond) });
        const holding = await session.chain.call("OracleCommittee", "holdingOf", [session.account]);
        output.answer(holding, [
          `stake ${formatIncentive(holding.stake)}, free bond ${formatStable(holding.freeBond)}, locked ${formatStable(holding.lockedBond)}`,
        ]);
      }),
    );
}
