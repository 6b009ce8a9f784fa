import { getBalances } from "../chain/reads/balances.ts";
import * as market from "../chain/writes/market.ts";
import { approve } from "../chain/writes/tokens.ts";
import { bytesToHex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { formatIncentive, formatStable } from "../core/units.ts";
import type { Session } from "./session.ts";

/** `earlier`: a call of the same amounts was still under way from a killed command and is done now; nothing else was sent. */
export type Moved = "now" | "earlier";

/**
 * Moves stable tokens (minor units) from the wallet into the market: approval and deposit. `purpose` tells apart deposits
 * of one amount that are meant for different things. Throws `core/bad-amount`, `money/wallet-too-small`.
 */
export async function deposit(session: Session, amount: bigint, purpose = "balance"): Promise<Moved> {
  if (amount === 0n) throw nothing("deposit");
  if (session.takeResumed(`deposit:${amount}:${purpose}:`)) return "earlier";
  const { wallet } = await getBalances(session.chain, session.account);
  if (wallet.stable < amount) {
    throw new FarshoreError({
      code: "money/wallet-too-small",
      message: `the wallet holds ${formatStable(wallet.stable)}, ${formatStable(amount)} were to be deposited`,
      facts: { had: wallet.stable, needed: amount },
      remedy: "have the issuer mint stable tokens to the account, or deposit less",
    });
  }
  const once = `${amount}:${purpose}:${fresh(session)}`;
  await session.send(`approve:${once}`, approve(session.chain, "StableToken", "JobMarket", amount));
  await session.send(`deposit:${once}`, market.deposit(session.chain, amount));
  return "now";
}

/**
 * Pays out of the market into the wallet; null = everything of that token. Incentive tokens are minted now. Throws
 * `core/bad-amount`, `money/balance-too-small`.
 */
export async function withdraw(session: Session, stable: bigint | null, incentive: bigint | null): Promise<Moved> {
  if (stable === 0n && incentive === 0n) throw nothing("withdraw");
  const amounts = `withdraw:${stable ?? "all"}:${incentive ?? "all"}:`;
  if (session.takeResumed(amounts)) return "earlier";
  const { market: balance } = await getBalances(session.chain, session.account);
  if (stable !== null && stable > balance.stable) throw tooMuch(balance.stable, stable, "stable", formatStable);
  if (incentive !== null && incentive > balance.incentive) {
    throw tooMuch(balance.incentive, incentive, "incentive", formatIncentive);
  }
  const all = market.wholeBalance;
  const call = market.withdraw(session.chain, stable ?? all, incentive ?? all);
  await session.send(`${amounts}${fresh(session)}`, call);
  return "now";
}

function nothing(act: string): FarshoreError {
  return new FarshoreError({
    code: "core/bad-amount",
    message: `nothing to ${act}: the amount is 0`,
    facts: { amount: 0 },
    remedy: `name an amount above 0 to ${act}`,
  });
}

function tooMuch(had: bigint, needed: bigint, token: string, format: (amount: bigint) => string): FarshoreError {
  return new FarshoreError({
    code: "money/balance-too-small",
    message: `${format(had)} ${token} tokens are free inside the market, ${format(needed)} were to be withdrawn`,
    facts: { had, needed, token },
    remedy: `withdraw ${format(had)} at most; what open jobs and seats hold comes back when they are closed`,
  });
}

/** A name for a call that is meant anew each time it is asked for. */
export function fresh(session: Session): string {
  return bytesToHex(session.random(8));
}
