import type { Hex } from "../../core/bytes.ts";
import { type JobState, jobStates } from "../../protocol/chainStructs.ts";
import type { Chain } from "../client.ts";

/** What the chain stores of a job. `deadline` in seconds since 1970; `partsHash` commits to the parts (200 bits). */
export interface JobSlot {
  readonly state: JobState;
  readonly deadline: number;
  readonly partsHash: Hex;
}

/** The slot of a job at `latest`, or at a block. State `None` for a job that was never posted. */
export async function getJobSlot(chain: Chain, jobId: Hex, blockNumber?: bigint): Promise<JobSlot> {
  const at = blockNumber === undefined ? undefined : { blockNumber };
  const [state, deadline, partsHash] = await chain.call("JobMarket", "jobOf", [jobId], at);
  return { state: jobStates[state] ?? "None", deadline: Number(deadline), partsHash };
}
