import { type DecodeEventLogReturnType, type Log, parseEventLogs, toEventSelector } from "viem";
import type { Hex } from "../core/bytes.ts";
import { jobMarketAbi } from "./abi/generated/jobMarket.ts";

/** Events of the market that belong to one job. */
export const jobEventNames = [
  "JobPosted",
  "JobCancelled",
  "JobExpired",
  "JobStarted",
  "JobSeated",
  "RoundCertified",
  "JobFinished",
  "JobProposed",
  "JobSettled",
  "JobFailed",
  "OracleReady",
  "JobChallenged",
  "EvidenceServed",
  "PanelSeated",
  "PanelTooSmall",
  "JobRevalued",
  "DisputeClosed",
  "PanelReady",
] as const;
export type JobEventName = (typeof jobEventNames)[number];

type Decoded<N extends JobEventName> = DecodeEventLogReturnType<typeof jobMarketAbi, N>;

/** A decoded event of one job, with its place on the chain. */
export type JobLog = {
  [N in JobEventName]: {
    readonly eventName: N;
    readonly args: Decoded<N>["args"];
    readonly blockNumber: bigint;
    readonly logIndex: number;
    readonly transactionHash: Hex;
  };
}[JobEventName];

type EventOfAbi = Extract<(typeof jobMarketAbi)[number], { type: "event" }>;

// Hashed once: viem hashes the signatures of a whole interface anew at each look at the chain.
let jobEvents: ReadonlyMap<Hex, EventOfAbi> | undefined;

function eventsByTopic(): ReadonlyMap<Hex, EventOfAbi> {
  const events = jobMarketAbi.filter((item) => item.type === "event");
  const ofJobs = events.filter(({ name }) => jobEventNames.some((known) => known === name));
  return new Map(ofJobs.map((event) => [toEventSelector(event), event]));
}

/** The logs of jobs among `logs`, decoded, in the chain's order. Logs of other events are left out. */
export function decodeJobLogs(logs: readonly Log[]): JobLog[] {
  return logs.flatMap(decoded).sort(inOrder);
}

function decoded(log: Log): JobLog[] {
  jobEvents ??= eventsByTopic();
  const event = log.topics[0] === undefined ? undefined : jobEvents.get(log.topics[0]);
  if (event === undefined) return [];
  return parseEventLogs({ abi: [event], logs: [log], strict: true }) as unknown as JobLog[];
}

function inOrder(a: JobLog, b: JobLog): number {
  return a.blockNumber === b.blockNumber ? a.logIndex - b.logIndex : Number(a.blockNumber - b.blockNumber);
}
