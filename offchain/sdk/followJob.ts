import { readJob, standsFor } from "../chain/jobParts.ts";
import type { JobRecord } from "../chain/jobRecord.ts";
import { getJobSlot } from "../chain/reads/jobSlot.ts";
import type { Hex } from "../core/bytes.ts";
import { deliverValidation } from "./deliverValidation.ts";
import type { Session } from "./session.ts";

const closed = ["Settled", "Failed", "Cancelled"];
// Until every seat has the validation rows, a round 0 may wait for them.
const redeliverMs = 1000;

/**
 * Follows a job that this folder posted until it is closed: delivers the validation rows to the committee as soon as it is
 * seated, again until every seat holds them, and reports each step. May be stopped and started again at any time.
 */
export async function followJob(session: Session, jobId: Hex, report: (line: string) => void): Promise<JobRecord> {
  let delivered = false;
  let said = "";
  let tryAt = 0;
  let job: JobRecord | undefined;
  for (;;) {
    job = await readAgain(session, jobId, job);
    if (closed.includes(job.state)) return job;
    const line = `${job.state}${job.rounds === null ? "" : `, ${job.rounds.certified} of ${job.terms.rounds} rounds certified`}`;
    if (line !== said) report(line);
    said = line;
    if (job.state === "Running" && !delivered && session.clock.nowMs() >= tryAt) {
      const holding = await deliverValidation(session, job);
      delivered = holding === job.terms.k;
      tryAt = session.clock.nowMs() + redeliverMs;
      report(`validation rows: ${holding} of ${job.terms.k} oracles hold them`);
    }
    await session.clock.sleep(session.chain.pollMs);
  }
}

/** The job as it is now; its history is read again only when its slot on the chain is another. */
async function readAgain(session: Session, jobId: Hex, known: JobRecord | undefined): Promise<JobRecord> {
  if (known !== undefined && standsFor(await getJobSlot(session.chain, jobId), known)) return known;
  return readJob(session.chain, jobId);
}
