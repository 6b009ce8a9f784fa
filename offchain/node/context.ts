import type { Logger } from "pino";
import type { Address, Hex } from "../core/bytes.ts";
import type { Clock } from "../core/clock.ts";
import type { RandomBytes } from "../core/rng.ts";
import type { NodeConfig } from "../party/config.ts";
import type { Keys } from "../party/keys.ts";
import type { Attestation, SigningDomain } from "../protocol/attestations.ts";
import type { EvidenceSections } from "../protocol/evidence.ts";
import type { JobSpec } from "../protocol/jobSpec.ts";
import type { ProjectedScoring } from "../protocol/projectedScoring.ts";
import type { BoardClient } from "../transport/client.ts";
import type { Ledger } from "./ledger.ts";
import type { Network } from "./network.ts";
import type { Dealing } from "./oracle/dealings.ts";
import type { PeerCalls } from "./peerCalls.ts";
import type { Retry } from "./retry.ts";
import type { StepObserver } from "./steps.ts";
import type { Store } from "./store.ts";

/** What every step of a node works with; assembled in daemon.ts. */
export interface NodeContext {
  readonly config: NodeConfig;
  readonly keys: Keys;
  readonly me: { readonly account: Address; readonly operator: Address };
  readonly domain: SigningDomain;
  readonly network: Network;
  readonly store: Store;
  readonly retry: Retry;
  /** What is under way to other parties' boards; no step waits for it. */
  readonly calls: PeerCalls;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
  /** Specifications that were checked against their terms, by job. */
  readonly specs: Map<Hex, JobSpec>;
  /** Attestations that were opened and checked, by the SHA-256 of their envelope. */
  readonly attestations: Map<Hex, Attestation>;
  /** Dealings that were opened and checked, by the SHA-256 of their envelope; dropped when their job is closed. */
  readonly dealings: Map<Hex, Dealing>;
  /** What of a job is done for good and need not be looked up again, by job: rebuilt from the store after a restart. */
  readonly done: Set<string>;
  /** Dealings of certified rounds as this seat holds them, by job and round. */
  readonly certified: Map<string, readonly Dealing[]>;
  /** Scoring of finished jobs whose scores are projected. */
  readonly scorings: Map<Hex, ProjectedScoring>;
  /** Evidence of finished jobs. */
  readonly evidence: Map<Hex, EvidenceSections>;
  /** When this node first could make a call (ms), by job and step. */
  readonly turns: Map<string, number>;
  /** Client of a board by its URL; one connection each. */
  readonly board: (url: string) => BoardClient;
  /** Told of every recorded act, before and after it. */
  readonly observe: StepObserver;
  /** Runs a job's steps soon: something arrived for it. */
  readonly wake: (jobId: Hex) => void;
}
