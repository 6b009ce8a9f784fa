import { type JobRecord, seatsOf } from "../chain/jobRecord.ts";
import { lower } from "./envelopes.ts";
import type { JobView } from "./network.ts";

/** A job's record as the node's steps read it. */
export function viewOf(record: JobRecord): JobView {
  const { jobId, buyer, state, deadline, terms, termsHash, rounds, result } = record;
  const over = rounds !== null && !["Seating", "Running"].includes(state);
  return {
    ...{ jobId, state, deadline, terms, termsHash, result },
    buyer: lower(buyer),
    contributors: (record.parties?.contributors ?? []).map((c) => ({ ...c, account: lower(c.account) })),
    beaconRound: record.parties?.beaconRound ?? 0n,
    seats: seatsOf(record).map((s) => ({ account: lower(s.account), operator: lower(s.operator) })),
    signers: record.proposal?.signers ?? 0n,
    sets: record.certified.map(({ set, digest }) => ({ set, digest })),
    finished: over ? { completed: rounds.completed, reason: rounds.reason, lastState: rounds.lastState } : null,
  };
}

/** True while dealings are brought and taken: until a job is closed, as a seat that got one late is to serve the evidence too. */
export function takesDealings({ state }: JobView): boolean {
  return state === "Running" || state === "Finished" || state === "Proposed";
}
