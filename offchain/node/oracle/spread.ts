import type { AttestationKind } from "../../protocol/attestations.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { ownAttestation } from "./attest.ts";
import { allHave, bringToSeats } from "./toSeats.ts";

/** Brings this seat's own statement to the other seats' boards. */
export function spread(ctx: NodeContext, job: JobView, kind: AttestationKind, round: number): void {
  if (allHave(ctx, job.jobId, kind, round)) return;
  const bytes = ownAttestation(ctx, job.jobId, kind, round);
  if (bytes === undefined) return;
  bringToSeats(ctx, job, { about: kind, round, step: "oracle.sendStatement", bytesFor: () => bytes });
}

/** The same for the state after every certified round: a seat that was away serves the whole job once it has caught up. */
export function spreadStates(ctx: NodeContext, job: JobView): void {
  for (const { set } of job.sets) spread(ctx, job, "StateAttestation", set.round + 1);
}
