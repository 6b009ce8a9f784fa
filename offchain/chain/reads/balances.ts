import type { Address } from "../../core/bytes.ts";
import type { Chain } from "../client.ts";

/** What an account owns. Stable in minor units (6 decimals), incentive with 18 decimals. */
export interface Balances {
  /** In its own wallet. */
  readonly wallet: { readonly stable: bigint; readonly incentive: bigint };
  /** Inside the market: deposited or earned, not withdrawn. */
  readonly market: { readonly stable: bigint; readonly incentive: bigint };
}

export async function getBalances(chain: Chain, account: Address): Promise<Balances> {
  const [stable, incentive, market] = await Promise.all([
    chain.call("StableToken", "balanceOf", [account]),
    chain.call("IncentiveToken", "balanceOf", [account]),
    getCredit(chain, account),
  ]);
  return { wallet: { stable, incentive }, market };
}

/** Balance of an account inside the market. */
export async function getCredit(chain: Chain, account: Address): Promise<{ stable: bigint; incentive: bigint }> {
  return chain.call("JobMarket", "creditOf", [account]);
}
