import { stake } from "../chain/writes/committee.ts";
import { approve } from "../chain/writes/tokens.ts";
import { deposit, fresh, type Moved } from "./money.ts";
import type { Session } from "./session.ts";

/**
 * Stakes incentive tokens (18 decimals) of this party's account, so that its oracle can be drawn, and deposits stable tokens
 * (minor units) in the market, which seats take their bonds from. Amounts of 0 are skipped.
 */
export async function joinOracles(session: Session, amounts: { stake: bigint; bond: bigint }): Promise<Moved> {
  const once = `${amounts.stake}:${fresh(session)}`;
  const { chain } = session;
  // A killed command is gone on with: what it had sent is not sent again.
  const bond = `stake of ${amounts.stake}`;
  if (session.takeResumed(`deposit:${amounts.bond}:${bond}:`)) return "earlier";
  if (amounts.stake > 0n && !session.takeResumed(`stake:${amounts.stake}:`)) {
    await session.send(`approve-stake:${once}`, approve(chain, "IncentiveToken", "OracleCommittee", amounts.stake));
    await session.send(`stake:${once}`, stake(chain, amounts.stake));
  }
  if (amounts.bond > 0n) await deposit(session, amounts.bond, bond);
  return "now";
}
