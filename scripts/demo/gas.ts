import type { Chain } from "../../offchain/chain/client.ts";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { getGasUsed } from "../../offchain/chain/receipts.ts";

/** Gas of a job by receipts: `certify` per round, `total` without and `withRounds` with the certified rounds. */
export interface JobGas {
  readonly post: number;
  readonly start: number;
  readonly seat: number;
  readonly certify: number;
  readonly finish: number;
  readonly propose: number;
  readonly settle: number;
  readonly total: number;
  readonly withRounds: number;
}

const once = ["post", "start", "seat", "finish", "propose", "settle"] as const;

/** Reads the receipts of every step of a job. */
export async function gasOf(chain: Chain, record: JobRecord): Promise<JobGas> {
  const used = await Promise.all(
    record.steps.map(async ({ step, transactionHash }) => ({
      step,
      gas: Number((await getGasUsed(chain, transactionHash)) ?? 0n),
    })),
  );
  const sum = (step: string) => used.filter((u) => u.step === step).reduce((total, u) => total + u.gas, 0);
  const rounds = used.filter((u) => u.step === "certify").length;
  const steps = Object.fromEntries(once.map((step) => [step, sum(step)])) as Record<(typeof once)[number], number>;
  const total = once.reduce((all, step) => all + steps[step], 0);
  return {
    ...steps,
    certify: Math.round(sum("certify") / Math.max(1, rounds)),
    total,
    withRounds: total + sum("certify"),
  };
}
