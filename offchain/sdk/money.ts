import { contractCall } from "../chain/contractCall.ts";
import { bytesToHex, type Address } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { formatStable } from "../core/units.ts";
import type { Session } from "./session.ts";

/** Balances of an account. Stable in minor units (6 decimals), incentive with 18 decimals. */
export interface Balance {
  readonly wallet: { readonly stable: bigint; readonly incentive: bigint };
  readonly market: { readonly stable: bigint; readonly incentive: bigint };
}

/** What an account holds in its wallet and inside the market. */
export async function balanceOf(session: Session, account: Address = session.account): Promise<Balance> {
  const { chain } = session;
  const [stable, incentive, credit] = await Promise.all([
    chain.call("StableToken", "balanceOf", [account]),
    chain.call("IncentiveToken", "balanceOf", [account]),
    chain.call("JobMarket", "creditOf", [account]),
  ]);
  return { wallet: { stable, incentive }, market: { stable: credit.stable, incentive: credit.incentive } };
}

/** Moves stable tokens from the wallet into the market: approval and deposit. Throws `money/wallet-too-small`. */
export async function deposit(session: Session, amount: bigint): Promise<void> {
  const { wallet } = await balanceOf(session);
  if (wallet.stable < amount) {
    throw new FarshoreError({
      code: "money/wallet-too-small",
      message: `the wallet holds ${formatStable(wallet.stable)}, ${formatStable(amount)} were to be deposited`,
      facts: { had: wallet.stable, needed: amount },
      remedy: "have the issuer mint stable tokens to the account, or deposit less",
    });
  }
  const once = fresh(session);
  const market = session.chain.address("JobMarket");
  await session.send(`approve:${once}`, contractCall(session.chain, "StableToken", "approve", [market, amount]));
  await session.send(`deposit:${once}`, contractCall(session.chain, "JobMarket", "deposit", [amount]));
}

/** Pays out of the market into the wallet; null = everything of that token. Incentive tokens are minted now. */
export async function withdraw(session: Session, stable: bigint | null, incentive: bigint | null): Promise<void> {
  const all = 2n ** 128n - 1n;
  const args = [stable ?? all, incentive ?? all] as const;
  await session.send(`withdraw:${fresh(session)}`, contractCall(session.chain, "JobMarket", "withdraw", args));
}

/** A name for a call that is meant anew each time it is asked for. */
export function fresh(session: Session): string {
  return bytesToHex(session.random(8));
}
