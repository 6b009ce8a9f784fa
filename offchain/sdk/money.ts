import { getBalances } from "../chain/reads/balances.ts";
import * as market from "../chain/writes/market.ts";
import { approve } from "../chain/writes/tokens.ts";
import { bytesToHex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { formatStable } from "../core/units.ts";
import type { Session } from "./session.ts";

/** Moves stable tokens from the wallet into the market: approval and deposit. Throws `money/wallet-too-small`. */
export async function deposit(session: Session, amount: bigint): Promise<void> {
  const { wallet } = await getBalances(session.chain, session.account);
  if (wallet.stable < amount) {
    throw new FarshoreError({
      code: "money/wallet-too-small",
      message: `the wallet holds ${formatStable(wallet.stable)}, ${formatStable(amount)} were to be deposited`,
      facts: { had: wallet.stable, needed: amount },
      remedy: "have the issuer mint stable tokens to the account, or deposit less",
    });
  }
  const once = fresh(session);
  await session.send(`approve:${once}`, approve(session.chain, "StableToken", "JobMarket", amount));
  await session.send(`deposit:${once}`, market.deposit(session.chain, amount));
}

/** Pays out of the market into the wallet; null = everything of that token. Incentive tokens are minted now. */
export async function withdraw(session: Session, stable: bigint | null, incentive: bigint | null): Promise<void> {
  const all = market.wholeBalance;
  await session.send(`withdraw:${fresh(session)}`, market.withdraw(session.chain, stable ?? all, incentive ?? all));
}

/** A name for a call that is meant anew each time it is asked for. */
export function fresh(session: Session): string {
  return bytesToHex(session.random(8));
}
