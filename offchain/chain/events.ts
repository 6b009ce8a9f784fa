import type { Hex } from "../core/bytes.ts";
import type { Clock } from "../core/clock.ts";
import type { Chain } from "./client.ts";
import { decodeJobLogs, type JobLog } from "./jobLogs.ts";
import { logsInRanges } from "./logRanges.ts";

/** Logs of one range of blocks, in the chain's order. `to` is the last block of the range: resume from `to + 1`. */
export interface JobLogBatch {
  readonly logs: readonly JobLog[];
  readonly to: bigint;
}

/**
 * Job events from block `from` to the newest block, a bounded range at a time; ranges without events come too, so that
 * their end can be stored. `jobId` narrows it to one job.
 */
export async function* readJobLogs(chain: Chain, from: bigint, jobId: Hex | null = null): AsyncGenerator<JobLogBatch> {
  const to = await chain.ask((c) => c.getBlockNumber({ cacheTime: 0 }));
  const question = { address: chain.address("JobMarket"), topics: [null, jobId], from, to };
  for await (const range of logsInRanges(chain, question)) yield { logs: decodeJobLogs(range.logs), to: range.to };
}

export interface WatchOptions {
  readonly chain: Chain;
  /** First block to look at: the stored block + 1, or the deployment's. */
  readonly fromBlock: bigint;
  readonly clock: Clock;
  /** Milliseconds between looks; the chain's own by default. */
  readonly pollMs?: number;
  /** Given each range in order; the next one waits for it. What it throws ends the watch. */
  readonly onLogs: (batch: JobLogBatch) => Promise<void> | void;
  /** Told when the chain does not answer; the watch goes on and asks again. */
  readonly onFailure?: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/**
 * Follows the market's events until `signal` aborts. Blocks are final (QBFT, IBFT), so there is nothing to undo. Each
 * range is handed over exactly once while the watch runs.
 */
export async function watchJobs(options: WatchOptions): Promise<void> {
  const { chain, clock, signal, pollMs = chain.pollMs } = options;
  let from = options.fromBlock;
  while (!signal.aborted) {
    for await (const batch of answered(readJobLogs(chain, from), options.onFailure)) {
      await options.onLogs(batch);
      from = batch.to + 1n;
      if (signal.aborted) return;
    }
    await clock.sleep(pollMs, signal).catch(() => undefined);
  }
}

/** Ends quietly where the chain does not answer; failures of the consumer pass through. */
async function* answered<T>(
  source: AsyncGenerator<T>,
  onFailure: ((error: unknown) => void) | undefined,
): AsyncGenerator<T> {
  while (true) {
    const next = await source.next().catch((error: unknown) => {
      onFailure?.(error);
      return { done: true as const, value: undefined };
    });
    if (next.done === true) return;
    yield next.value;
  }
}
