import { type DecodeEventLogReturnType, type Log, parseEventLogs } from "viem";
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

/** The logs of jobs among `logs`, decoded, in the chain's order. Logs of other events are left out. */
export function decodeJobLogs(logs: readonly Log[]): JobLog[] {
  const decoded = parseEventLogs({ abi: jobMarketAbi, logs: [...logs], eventName: [...jobEventNames], strict: true });
  return (decoded as unknown as JobLog[]).sort(inOrder);
}

function inOrder(a: JobLog, b: JobLog): number {
  return a.blockNumber === b.blockNumber ? a.logIndex - b.logIndex : Number(a.blockNumber - b.blockNumber);
}
