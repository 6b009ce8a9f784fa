import type { Log } from "viem";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { Chain } from "./client.ts";
import { decodeJobLogs, type JobLog } from "./jobLogs.ts";
import { applyLog, type JobRecord } from "./jobRecord.ts";
import { logsInRanges } from "./logRanges.ts";
import { isHashOfParts } from "./partsHash.ts";
import { getJobSlot, type JobSlot } from "./reads/jobSlot.ts";

/** Records of jobs, kept up to date log by log. */
export class JobHistory {
  readonly #records = new Map<Hex, JobRecord>();

  /** Applies logs in the chain's order; returns the jobs that changed. Throws `chain/log-without-job`. */
  apply(logs: readonly JobLog[]): Set<Hex> {
    for (const log of logs) this.#records.set(log.args.jobId, applyLog(this.#records.get(log.args.jobId), log));
    return new Set(logs.map((log) => log.args.jobId));
  }

  job(jobId: Hex): JobRecord | undefined {
    return this.#records.get(jobId);
  }

  /** All jobs in the order in which they were posted. */
  jobs(): readonly JobRecord[] {
    return [...this.#records.values()];
  }
}

/** How often a job is read again: behind one URL several nodes may answer, one of them a block late. */
const readAttempts = 4;

/**
 * Rebuilds a job from its events (from the deployment's block, or `fromBlock`) and checks the parts against the slot on
 * the chain. Throws `chain/unknown-job`, `chain/parts-differ`.
 */
export async function readJob(chain: Chain, jobId: Hex, fromBlock?: bigint): Promise<JobRecord> {
  for (let attempt = 1; ; attempt++) {
    // Events and slot of one block: between two questions a job in its rounds moves on.
    const to = await chain.ask((c) => c.getBlockNumber({ cacheTime: 0 }));
    const logs = await jobLogs(chain, jobId, fromBlock ?? BigInt(chain.manifest.deployedBlock), to);
    const record = logs.reduce<JobRecord | undefined>(applyLog, undefined);
    if (record === undefined) throw unknownJob(jobId);
    const slot = await getJobSlot(chain, jobId, to);
    if (standsFor(slot, record)) return record;
    if (attempt === readAttempts) throw partsDiffer(record, slot);
  }
}

async function jobLogs(chain: Chain, jobId: Hex, from: bigint, to: bigint): Promise<JobLog[]> {
  const logs: Log[] = [];
  const address = chain.address("JobMarket");
  for await (const range of logsInRanges(chain, { address, topics: [null, jobId], from, to })) logs.push(...range.logs);
  return decodeJobLogs(logs);
}

/** True when the record's state and parts are those that the slot commits to. */
export function standsFor(slot: JobSlot, record: JobRecord): boolean {
  return slot.state === record.state && (record.closing !== null || isHashOfParts(slot.partsHash, record));
}

function partsDiffer(record: JobRecord, slot: JobSlot): FarshoreError {
  return new FarshoreError({
    code: "chain/parts-differ",
    message: `the events of job ${record.jobId} do not add up to what its slot on the chain holds`,
    facts: { jobId: record.jobId, state: record.state, slotState: slot.state, partsHash: slot.partsHash },
    remedy: "read again from the deployment's block; if it persists, the node serves incomplete logs: use another",
  });
}

function unknownJob(jobId: Hex): FarshoreError {
  return new FarshoreError({
    code: "chain/unknown-job",
    message: `no job ${jobId} was ever posted on this chain`,
    facts: { jobId },
    remedy: "check the job's id and that the manifest is that of the chain where it was posted",
  });
}
