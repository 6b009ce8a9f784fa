import type { Hex } from "../../core/bytes.ts";
import type { Chain } from "../client.ts";

/** Privacy budget of a population in nano-rho; `left` = cap − spent − reserved. */
export interface Budget {
  readonly cap: bigint;
  readonly spent: bigint;
  readonly reserved: bigint;
  readonly left: bigint;
}

export async function getBudget(chain: Chain, populationId: Hex): Promise<Budget> {
  const budget = await chain.call("PrivacyLedger", "budgetOf", [populationId]);
  return { ...budget, left: budget.cap - budget.spent - budget.reserved };
}
