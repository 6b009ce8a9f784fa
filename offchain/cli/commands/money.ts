import type { Command } from "commander";
import { getBalances } from "../../chain/reads/balances.ts";
import type { Address } from "../../core/bytes.ts";
import { formatIncentive, formatStable, parseIncentive, parseStable } from "../../core/units.ts";
import { deposit, type Moved, withdraw } from "../../sdk/money.ts";
import { address } from "../arguments.ts";
import { withSession } from "../withSession.ts";

/** farshore balance, deposit, withdraw. */
export function moneyCommands(root: Command): void {
  root
    .command("balance")
    .description("tokens in the wallet and inside the market")
    .argument("[account]", "another account", address)
    .action((account: Address | undefined, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const balance = await getBalances(session.chain, account ?? session.account);
        const { wallet, market } = balance;
        output.answer({ account: account ?? session.account, ...balance }, [
          `wallet  ${formatStable(wallet.stable)} stable, ${formatIncentive(wallet.incentive)} incentive`,
          `market  ${formatStable(market.stable)} stable, ${formatIncentive(market.incentive)} incentive`,
        ]);
      }),
    );
  root
    .command("deposit")
    .description("move stable tokens from the wallet into the market")
    .argument("<amount>", "for example 1250.50")
    .action((amount: string, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const moved = await deposit(session, parseStable(amount));
        const { market } = await getBalances(session.chain, session.account);
        output.answer({ market, moved }, [
          ...earlier(moved, "deposit", `of ${amount}`),
          `inside the market: ${formatStable(market.stable)} stable`,
        ]);
      }),
    );
  root
    .command("withdraw")
    .description("pay out of the market into the wallet; everything unless amounts are given")
    .option("--stable <amount>", "stable tokens")
    .option("--incentive <amount>", "incentive tokens, minted now")
    .action((options: { stable?: string; incentive?: string }, command: Command) =>
      withSession(command, async (session, output) => {
        const all = options.stable === undefined && options.incentive === undefined;
        const stable = options.stable === undefined ? (all ? null : 0n) : parseStable(options.stable);
        const incentive = options.incentive === undefined ? (all ? null : 0n) : parseIncentive(options.incentive);
        const moved = await withdraw(session, stable, incentive);
        const { wallet } = await getBalances(session.chain, session.account);
        output.answer({ wallet, moved }, [
          ...earlier(moved, "withdrawal", "of the same amounts"),
          `wallet: ${formatStable(wallet.stable)} stable, ${formatIncentive(wallet.incentive)} incentive`,
        ]);
      }),
    );
}

/** What to say when a killed command's call was seen to its end instead of a new one. */
function earlier(moved: Moved, what: string, amounts: string): string[] {
  return moved === "now"
    ? []
    : [`an earlier ${what} ${amounts} was still under way and is done now; run again for another`];
}
