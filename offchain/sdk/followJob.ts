import { readJob, standsFor } from "../chain/jobParts.ts";
import type { JobRecord } from "../chain/jobRecord.ts";
import { getJobSlot } from "../chain/reads/jobSlot.ts";
import type { Hex } from "../core/bytes.ts";
import { namesEvaluator } from "../protocol/acceptance.ts";
import { ValidationDelivery } from "./deliverValidation.ts";
import { postedJob } from "./jobs.ts";
import type { Session } from "./session.ts";

const closed = ["Settled", "Failed", "Cancelled"];
/**
 * Follows a job that this folder posted until it is closed: delivers the validation rows to the committee as soon as it is
 * seated, again until every seat holds them, waiting for none, and reports each step. May be stopped and started again at
 * any time.
 */
export async function followJob(session: Session, jobId: Hex, report: (line: string) => void): Promise<JobRecord> {
  const say = whenNew(report);
  const sayRows = whenNew(report);
  let job: JobRecord | undefined;
  let rows: ValidationDelivery | undefined;
  try {
    for (;;) {
      job = await readAgain(session, jobId, job);
      if (closed.includes(job.state)) return job;
      say(
        `${job.state}${job.rounds === null ? "" : `, ${job.rounds.certified} of ${job.terms.rounds} rounds certified`}`,
      );
      // An evaluator that the terms name delivers the rows itself.
      if (job.state === "Running" && !namesEvaluator(job.terms)) {
        rows ??= new ValidationDelivery(session, job, postedJob(session, jobId).validation);
        await rows.step();
      }
      if (rows !== undefined && rows.holding > 0) {
        sayRows(`validation rows: ${rows.holding} of ${job.terms.k} oracles hold them`);
      }
      await session.clock.sleep(session.chain.pollMs);
    }
  } finally {
    rows?.close();
  }
}

/** Reports a line only when it is another than the one before. */
export function whenNew(report: (line: string) => void): (line: string) => void {
  let said = "";
  return (line) => {
    if (line !== said) report(line);
    said = line;
  };
}

/** The job as it is now; its history is read again only when its slot on the chain is another. */
async function readAgain(session: Session, jobId: Hex, known: JobRecord | undefined): Promise<JobRecord> {
  if (known !== undefined && standsFor(await getJobSlot(session.chain, jobId), known)) return known;
  return readJob(session.chain, jobId);
}
