import type { Command } from "commander";
import { getCredit } from "../../chain/reads/balances.ts";
import { formatIncentive, formatStable, parseIncentive, parseStable } from "../../core/units.ts";
import { joinOracles } from "../../sdk/oracles.ts";
import { withSession } from "../withSession.ts";

/** farshore oracle join. */
export function oracleCommands(root: Command): void {
  root
    .command("oracle")
    .description("this party as a compute oracle")
    .command("join")
    .description(
      "stake incentive tokens and deposit what seats take their bonds from, so that committees can be drawn with this oracle",
    )
    .requiredOption("--stake <amount>", "incentive tokens: the weight in the draw")
    .requiredOption(
      "--bond <amount>",
      "stable tokens to deposit: each seat takes its bond from the balance and returns it",
    )
    .action((options: { stake: string; bond: string }, command: Command) =>
      withSession(command, async (session, output) => {
        const moved = await joinOracles(session, {
          stake: parseIncentive(options.stake),
          bond: parseStable(options.bond),
        });
        const stake = await session.chain.call("OracleCommittee", "stakeOf", [session.account]);
        const { stable } = await getCredit(session.chain, session.account);
        output.answer({ stake, balance: stable, moved }, [
          ...(moved === "now" ? [] : ["an earlier command with the same amounts was still under way and is done now"]),
          `stake ${formatIncentive(stake)}, balance for bonds ${formatStable(stable)}`,
        ]);
      }),
    );
}
