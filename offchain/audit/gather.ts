import type { Chain } from "../chain/client.ts";
import { readJob } from "../chain/jobParts.ts";
import type { JobRecord } from "../chain/jobRecord.ts";
import { getJobSlot } from "../chain/reads/jobSlot.ts";
import { getUsageProofs } from "../chain/reads/usageProofs.ts";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { escrowAt } from "./gather/escrow.ts";
import { operatorsUntil } from "./gather/operators.ts";
import type { ChainFacts, UsageInput } from "./input.ts";

/**
 * Reads from the chain everything that the checks compare the evidence with: events and views, never a transaction's input
 * (a call may come through any contract). Ledger and money are read at one block, whatever else happens meanwhile. Needs no
 * key and no other network. Throws `audit/not-settled`, `audit/overturned` and chain/* errors.
 */
export async function gatherFacts(chain: Chain, jobId: Hex): Promise<ChainFacts> {
  const record = await readJob(chain, jobId);
  if (record.state !== "Settled") throw notSettled(record);
  if (record.dispute?.overturned) throw overturned(record);
  const block = await chain.ask((c) => c.getBlockNumber({ cacheTime: 0 }));
  const accounts = (record.parties?.contributors ?? []).map((c) => c.account);
  const [slot, operators, usage, escrow] = await Promise.all([
    getJobSlot(chain, jobId, block),
    operatorsUntil(chain, accounts, block),
    usageAt(chain, block),
    escrowAt(chain, block),
  ]);
  const { chainId } = chain.manifest;
  return { chainId, market: chain.address("JobMarket"), record, slot, operators, usage, escrow };
}

function notSettled(record: JobRecord): FarshoreError {
  const over = record.state === "Failed" || record.state === "Cancelled";
  return new FarshoreError({
    code: "audit/not-settled",
    message: `job ${record.jobId} is ${record.state}: an audit needs a settled job`,
    facts: { jobId: record.jobId, state: record.state },
    remedy: over
      ? "this job has no result to audit: a failed one has its usage proofs alone, a cancelled one nothing"
      : "audit it again once farshore job status says Settled",
    retryable: !over,
  });
}

function overturned({ jobId }: JobRecord): FarshoreError {
  return new FarshoreError({
    code: "audit/overturned",
    message: `the result of job ${jobId} was overturned: what was paid is the second committee's own valuation, which no evidence file of this release holds`,
    facts: { jobId },
    remedy:
      "check the second committee's signatures and words in the transaction that resolved the dispute (event JobRevalued)",
  });
}

async function usageAt(chain: Chain, blockNumber: bigint): Promise<UsageInput> {
  const [root, leaves, proofs] = await Promise.all([
    chain.call("UsageLedger", "root", [], { blockNumber }),
    chain.call("UsageLedger", "size", [], { blockNumber }),
    getUsageProofs(chain),
  ]);
  const size = Number(leaves);
  // Later leaves are not in the root of this block.
  return { proofs: proofs.slice(0, size).map(({ proof }) => proof), root, size };
}
